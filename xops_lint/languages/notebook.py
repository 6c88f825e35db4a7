"""Notebooks: their cells, and their Python as one text with positions kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from json import JSONDecodeError, detect_encoding
from typing import Any

from xops_lint.diagnostic import Problem
from xops_lint.document import Cell, Output
from xops_lint.languages.located_json import Located, read_notebook
from xops_lint.languages.magics import CellCode, blank_all, neutralise
from xops_lint.languages.source import nesting_problem, parseable, replace_surrogates, syntax_error_row
from xops_lint.languages.written import Writing
from xops_lint.matching import regex
from xops_lint.shell import ShellCommand
from xops_lint.text import LineIndex, Range

_PYTHON = regex(r"i?python|pyspark|sage", re.IGNORECASE)
# Kernels are named freely, often after a Python environment: only these are foreign.
_FOREIGN_KERNEL = regex(
    r"(?:ir|julia|scala|almond|spylon|spark(?:r)?kernel|bash|calysto_bash|zsh|powershell|\.net|csharp|fsharp|javascript"
    r"|typescript|ijavascript|jslab|tslab|deno|java|ijava|kotlin|rust|evcxr|go|gophernotes|gonb|ruby|iruby|octave"
    r"|matlab|stata|sas|haskell|ihaskell|ocaml|perl|iperl|php|lua|sql|xsql|xcpp|xc|root|clojure|elixir|swift"
    r"|wolfram|mathematica|maxima|gap|singular|sos|raku|prolog|racket|scheme)(?![a-z])",
    re.IGNORECASE,
)
_OLD_KINDS = {"pyout": "execute_result", "pyerr": "error"}
_DATABRICKS = "application/vnd.databricks.v1+notebook"
_CONFLICT = regex(r"^<{7} .*\n(?:.*\n)*?^={7}$", re.MULTILINE)
# IPython takes a common indentation away; Python wants a block around it.
_INDENTED = regex(r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*[ \t]+[^ \t\r\n#]")
_BLOCK = "if 1:\n"
_POINTER = "version https://git-lfs.github.com/spec/"


@dataclass(frozen=True, slots=True)
class NotebookSource:
    """A notebook as read: its cells, and its Python as one text.

    ``text`` holds the Python and shell cells as written, each from a line of its
    own, and those that write a file; ``code`` is as long, line by line, with
    IPython's own syntax neutralised and other cells blanked. ``python`` is False if the kernel speaks another language.
    """

    text: str = ""
    code: str = ""
    cells: tuple[Cell, ...] = ()
    shell: tuple[ShellCommand, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    python: bool = False
    writings: tuple[Writing, ...] = ()


def read_cells(data: bytes) -> NotebookSource:
    """Read a notebook of any format; what cannot be read becomes a problem."""
    text, problem = _json_text(data)
    if problem:
        return NotebookSource(problems=[problem])
    try:
        notebook = read_notebook(text)
    except JSONDecodeError as error:
        return _refused(f"is not valid JSON: {error.msg} (line {error.lineno}, column {error.colno})")
    except (RecursionError, ValueError) as error:
        return _refused(f"is JSON beyond what can be read: {error}")
    raw_cells = _raw_cells(notebook)
    if raw_cells is None:
        return _refused("is JSON but no notebook: it has no `cells`")
    lines = LineIndex(text)
    cells = [_cell(number, raw, lines) for number, raw in enumerate(raw_cells, start=1)]
    foreign = _foreign_kernel(_mapping(notebook.get("metadata")))
    if foreign:
        problem = Problem(f"kernel {foreign} is not Python", skipped=True)
        return NotebookSource(cells=tuple(cell._replace(python=False) for cell in cells), problems=[problem])
    return _joined(cells)


def neutralise_broken(source: NotebookSource) -> NotebookSource:
    """Return the notebook with those cells blanked whose Python does not parse.

    Each becomes a problem at its line, so that it does not hide the others.
    """
    code = source.code
    lines = LineIndex(source.text)
    problems = list(source.problems)
    for cell in source.cells:
        start, end = cell.range
        if source.code[:start].endswith(_BLOCK) and not source.text[:start].endswith(_BLOCK):
            start -= len(_BLOCK)
        broken = _broken_row(code[start:end]) if cell.python else None
        if broken is None:
            continue
        code = code[:start] + blank_all(code[start:end]) + code[end:]
        first, _ = lines.position(cell.range.start)
        broken += lines.position(start)[0] - first
        where = lines.line_range(first + max(broken, 1) - 1)
        message = f"cell {cell.number} does not parse as Python (line {max(broken, 1)} of the cell)"
        problems.append(Problem(message, Range(where.start, min(where.end, end))))
    return replace(source, code=code, problems=problems)


def _broken_row(code: str) -> int | None:
    """Return the row, from 1, where a cell's code fails to parse, or None."""
    from xops_lint.languages.python.nodes import libcst

    deep = nesting_problem(code)
    if deep:
        return LineIndex(code).position(deep.range.start)[0]
    try:
        libcst.parse_module(code)
    except libcst.ParserSyntaxError as error:
        return syntax_error_row(code) or max(1, min(error.raw_line, len(LineIndex(code).starts)))
    return None


def _json_text(data: bytes) -> tuple[str, Problem | None]:
    if not data.strip():
        return "", Problem("is empty: no notebook", skipped=True)
    try:
        text = data.decode(detect_encoding(data))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", Problem(f"is not {error.encoding} at line {line}, so it is no JSON")
    if text.startswith(_POINTER):
        return "", Problem("is a Git LFS pointer: fetch it with `git lfs pull`", skipped=True)
    if _CONFLICT.search(text):
        return "", Problem("holds merge conflict markers")
    return text, None


def _refused(message: str) -> NotebookSource:
    return NotebookSource(problems=[Problem(message)])


def _raw_cells(notebook: Any) -> list[Any] | None:
    """Return the cells of format 4, or of the worksheets before it."""
    if not isinstance(notebook, dict):
        return None
    if isinstance(notebook.get("cells"), list):
        return list(notebook["cells"])
    if not isinstance(notebook.get("worksheets"), list):
        return None
    sheets = [_mapping(sheet).get("cells") for sheet in notebook["worksheets"]]
    return [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]


def _foreign_kernel(metadata: Mapping[str, Any]) -> str | None:
    """Return the name of the kernel, or of its language, if it is not Python."""
    kernel = _mapping(metadata.get("kernelspec"))
    name = kernel.get("name")
    language = kernel.get("language") or _mapping(metadata.get("language_info")).get("name")
    language = language or _mapping(metadata.get(_DATABRICKS)).get("language")
    if isinstance(language, str):
        return None if _PYTHON.match(language) else str(name or language)
    return name if isinstance(name, str) and _FOREIGN_KERNEL.match(name) else None


def _cell(number: int, raw: Any, lines: LineIndex) -> Cell:
    """Return one cell as saved, its range not yet known."""
    fields = _mapping(raw)
    located = fields.get("source", fields.get("input"))
    source, starts = located if isinstance(located, Located) else ("", ())
    metadata = _mapping(fields.get("metadata"))
    count = fields.get("execution_count", fields.get("prompt_number"))
    tags = metadata.get("tags")
    kind = fields.get("cell_type")
    identifier = fields.get("id")
    return Cell(
        number=number,
        id=identifier if isinstance(identifier, str) else None,
        kind=kind if isinstance(kind, str) else "",
        source=replace_surrogates(source),
        range=Range(0, 0),
        python=kind == "code" and _speaks_python(fields, metadata),
        execution_count=count if isinstance(count, int) and not isinstance(count, bool) else None,
        outputs=tuple(_outputs(fields.get("outputs"))),
        tags=frozenset(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else frozenset(),
        raw_rows=tuple(lines.position(start) for start in starts),
    )


def _speaks_python(fields: Mapping[str, Any], metadata: Mapping[str, Any]) -> bool:
    """Say whether a code cell has no other language of its own."""
    language = fields.get("language") or _mapping(metadata.get("vscode")).get("languageId")
    return not isinstance(language, str) or _PYTHON.match(language) is not None


def _outputs(saved: Any) -> Iterator[Output]:
    for value, size in saved if isinstance(saved, list) else ():
        output = _mapping(value)
        kind = str(output.get("output_type", ""))
        yield Output(_OLD_KINDS.get(kind, kind), replace_surrogates(_output_text(output)), size)


def _output_text(output: Mapping[str, Any]) -> str:
    if "ename" in output or "evalue" in output:
        return ": ".join(_string(output.get(name)) for name in ("ename", "evalue"))
    # Formats before 4 keep the text of all kinds under one name.
    return _string(output.get("text")) or _string(_mapping(output.get("data")).get("text/plain"))


def _joined(cells: Sequence[Cell]) -> NotebookSource:
    """Join the cells' texts, each on a line of its own, and place the cells in it."""
    texts: list[str] = []
    codes: list[str] = []
    placed: list[Cell] = []
    commands: list[ShellCommand] = []
    writings: list[Writing] = []
    position = 0
    for cell in cells:
        found = neutralise(cell.source) if cell.python else CellCode("", False)
        kept = found.python or bool(found.commands) or found.writing is not None
        if found.python and _INDENTED.match(found.code):
            texts.append(blank_all(_BLOCK))
            codes.append(_BLOCK)
            position += len(_BLOCK)
        end = position + len(cell.source) if kept else position
        placed.append(cell._replace(range=Range(position, end), python=found.python))
        if not kept:
            continue
        texts += [cell.source, "\n"]
        codes += [found.code, "\n"]
        commands += [replace(command, range=_moved(command.range, position)) for command in found.commands]
        if found.writing is not None:
            writings.append(found.writing._replace(range=_moved(found.writing.range, position)))
        position = end + 1
    code = parseable("".join(codes))
    return NotebookSource("".join(texts), code, tuple(placed), tuple(commands), [], True, tuple(writings))


def _moved(where: Range, distance: int) -> Range:
    return Range(where.start + distance, where.end + distance)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _string(value: Any) -> str:
    """Return a multi-line string of the notebook format as one."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""
