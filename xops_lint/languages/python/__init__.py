"""Python modules and notebooks: bytes to the model that rules ask."""

from __future__ import annotations

import posixpath
import re
import shlex
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xops_lint.code import Import, PythonFile
from xops_lint.diagnostic import Problem
from xops_lint.document import Comment
from xops_lint.expression import Expression
from xops_lint.helpers import Known
from xops_lint.matching import regex
from xops_lint.notebooks import taken
from xops_lint.packages import lacking
from xops_lint.shell import ShellCommand
from xops_lint.text import LineIndex, Range

if TYPE_CHECKING:
    import libcst

    from xops_lint.catalog import Catalog
    from xops_lint.languages.python.survey import Survey

_RUN = regex(
    r"""^[ \t]*%run[ \t]+(?:-[ient]+[ \t]+)*(?P<quote>["']?)(?P<path>[\w./-]+\.(?:py|ipynb))(?P=quote)""", re.MULTILINE
)
"""The magic that runs a file as if its lines stood in the notebook."""

_TEMPLATE = regex(r"\{\{[^{}\n]*\}\}|\{%[^{}\n]*%\}")
"""Placeholders of Jinja and cookiecutter, looked for in what is no valid Python."""


def read_module(path: str, text: str, catalog: Catalog, **fields: Any) -> PythonFile:
    """Return the model of a module's text; never raises."""
    file = PythonFile(path, "python", text, **fields)
    _fill(file, text, catalog)
    file.shell = _with_commands(file)
    return file


def read_notebook(path: str, data: bytes, catalog: Catalog, **fields: Any) -> PythonFile:
    """Return the model of a notebook's code, as one module; never raises."""
    from xops_lint.languages.notebook import neutralise_broken, read_cells
    from xops_lint.languages.source import chain_problem
    from xops_lint.languages.written import written_files

    source = read_cells(data)
    file = PythonFile(path, "notebook", source.text, cells=source.cells, shell=source.shell, **fields)
    file.problems.extend(source.problems)
    if not source.python:
        file.shell = _with_commands(file)
        return file
    file.written = tuple(written_files(path, source.text, source.writings))
    if not _fill(file, source.code, catalog) and chain_problem(source.code) is None:
        # One broken cell must not hide the others.
        source = neutralise_broken(source)
        file.problems = list(source.problems)
        _fill(file, source.code, catalog)
    file.shell = _with_commands(file)
    return file


def module_name(path: str) -> tuple[str, str]:
    """Return a file's dotted name within the project, and its package's."""
    parts = path.rsplit(".", 1)[0].split("/")
    package = ".".join(parts[:-1])
    if parts[-1] == "__init__":
        return package, package
    return ".".join(parts), package


def _fill(file: PythonFile, code: str, catalog: Catalog) -> bool:
    """Read code into the model; say whether that could be done, else a problem tells why not."""
    from xops_lint.languages.python.nodes import libcst
    from xops_lint.languages.python.outer import outer_names
    from xops_lint.languages.python.parse import parse
    from xops_lint.languages.python.survey import Survey
    from xops_lint.languages.source import chain_problem, nesting_problem, parseable

    file.module, package = module_name(file.path)
    # libcst overflows the C stack on what nests too deep, which nothing can catch.
    too_deep = nesting_problem(code) or chain_problem(code)
    if too_deep is not None:
        file.problems.append(too_deep)
        return False
    file.comments = _comments(code)
    code = parseable(code)
    try:
        tree = parse(code)
    except libcst.ParserSyntaxError as error:
        template = _TEMPLATE.search(code) is not None
        problem = Problem("is a template", skipped=True) if template else _syntax_problem(file.lines, code, error)
        file.problems.append(problem)
        return False
    survey = Survey(catalog, file.module, package, file.known or Known())
    survey.stars(_run_files(file))
    marked = taken(file)
    if marked is not None and marked.parameters:
        survey.leave_open(marked.parameters - marked.others)
    try:
        survey.run(tree, code)
        file.outer = tuple(outer_names(survey))
        if survey.record.needed or file.notebook:
            _locate(tree, survey)
    except RecursionError:
        file.problems.append(Problem("is nested too deeply to be read", skipped=True))
        return False
    _transfer(file, survey)
    survey.forget()
    return True


def _locate(tree: libcst.Module, survey: Survey) -> None:
    from xops_lint.languages.python.locate import locate

    wanted = survey.record.wanted
    if not wanted:
        return
    ranges = locate(tree, {id(node): node for node, _, _ in wanted})
    for node, target, attribute in wanted:
        found = ranges.get(id(node))
        if found is not None:
            setattr(target, attribute, found)


def _transfer(file: PythonFile, survey: Survey) -> None:
    """Move what the walk wrote down into the file's model."""
    from xops_lint.languages.python import exports, lending
    from xops_lint.languages.python.callers import Callers
    from xops_lint.languages.python.cuts import used_cuts
    from xops_lint.languages.python.readings import hidden_readings

    record = survey.record
    file.helpers = lending.helpers(survey, file)
    callers = Callers(survey.functions, record.calls)
    callers.settle(record)
    file.imports = tuple(record.imports)
    for imported in file.imports:
        if file.dependencies is not None and not imported.guarded and not imported.scope:
            imported.lacking = lacking(file.dependencies, imported.target)
    file.every_call = file.all_calls = tuple(record.calls)
    if any(call.home for call in file.every_call):
        file.all_calls = tuple(call for call in file.every_call if call.home is None)
    file.definitions = tuple(record.definitions)
    file.comparisons = tuple(record.comparisons)
    file.firsts = tuple(record.firsts)
    file.equalities = tuple(record.equalities)
    file.stores = tuple(record.stores)
    file.gone = tuple(gone for gone in record.gone.values() if gone.name not in record.patched)
    file.assertions = tuple(record.assertions)
    file.shelves = tuple(record.shelves)
    file.row_loops = tuple(record.row_loops)
    # What is differentiated itself needs the graphs of all its terms.
    kept = (each for each in record.accumulations if (each.scope, each.target) not in record.differentiated)
    file.accumulations = tuple(kept)
    file.strings = tuple(record.strings)
    file.names = {**survey.functions.attributes(file.module), **survey.scope.names}
    file.references = {scope: frozenset(names) for scope, names in survey.definitions.references.items()}
    file.returned = exports.returned(survey)
    file.asked = frozenset(record.asked)
    file.results = exports.results(survey)
    file.types = exports.types(survey, file.results)
    file.cuts = used_cuts(record)
    file.gathered = record.gathered
    file.labels = survey.functions.parameters(file.module)
    file.handed = callers.handed
    file.made = exports.made(survey)
    file.main = record.main
    file.shell = (*file.shell, *_shell_calls(file), *_shell_functions(file, exports.commands(survey)))
    if file.notebook:
        _assign_cells(file)
        file.unbound = tuple(hidden_readings(file, record.unbound))


def _run_files(file: PythonFile) -> Iterator[Import]:
    """Yield the files a notebook runs in its own namespace, as the star imports they amount to."""
    folder = posixpath.dirname(file.path)
    for match in _RUN.finditer(file.text if file.notebook else ""):
        path = posixpath.normpath(posixpath.join(folder, match["path"]))
        if not path.startswith("../"):
            yield Import(module_name(path)[0], "*", "", Range(*match.span()), star=True)


def _shell_calls(file: PythonFile) -> Iterator[ShellCommand]:
    for call in file.calls("shell"):
        command = call.argument("command") or call.positional(0)
        if command is None:
            continue
        text = command.value.string
        if text is None and command.value.elements is not None:
            text = " ".join(map(_word, command.value.elements))
        if text:
            yield ShellCommand(text, call.name, call.range)


def _shell_functions(file: PythonFile, texts: Mapping[str, str]) -> Iterator[ShellCommand]:
    """Yield the shell texts that functions return to be run: where they are written, or else at their names."""
    for definition in file.definitions:
        text = texts.get(definition.name)
        if text is not None:
            via = next(entry.name for entry in definition.entries if "shell" in entry.roles)
            written = (each.range for each in file.strings if each.value == text and each.range.end)
            yield ShellCommand(text, via, next(written, definition.range), function=definition.name)


def _word(element: Expression) -> str:
    """Return a word of a command written as a list; what is not known is left open."""
    if element.string is not None:
        return shlex.quote(element.string)
    return "python" if element.name == "sys.executable" else "$UNKNOWN"


def _with_commands(file: PythonFile) -> tuple[ShellCommand, ...]:
    if not file.shell:
        return ()
    from xops_lint.languages.shell import commands

    return tuple(
        replace(shell, commands=tuple(commands(shell.command, file.text, shell.range))) for shell in file.shell
    )


def _assign_cells(file: PythonFile) -> None:
    cells = [cell for cell in file.cells if cell.python]
    starts = [cell.range.start for cell in cells]
    for call in file.every_call:
        if call.range.end:
            call.cell = cells[bisect_right(starts, call.range.start) - 1].number


def _comments(text: str) -> Sequence[Comment]:
    """Return the comments that carry a directive, without tokenising other files."""
    if "xops:" not in text:
        return ()
    import io
    import tokenize

    lines = LineIndex(text)
    comments = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
            if token.type == tokenize.COMMENT:
                start = lines.offset(token.start[0], token.start[1] + 1)
                alone = not token.line[: token.start[1]].strip()
                comments.append(Comment(token.string, Range(start, start + len(token.string)), alone))
    except (tokenize.TokenError, SyntaxError, IndexError):
        pass  # A file that breaks off keeps the comments read so far.
    return tuple(comments)


def _syntax_problem(lines: LineIndex, code: str, error: libcst.ParserSyntaxError) -> Problem:
    """Say what is wrong in CPython's words, which people know, if it agrees that something is."""
    import ast
    import warnings

    from xops_lint.languages.source import syntax_error_row

    reason = "it uses syntax that is not known here"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as refused:
        reason = getattr(refused, "msg", None) or str(refused) or reason
    row = min(max(syntax_error_row(code) or error.raw_line, 1), len(lines.starts))
    return Problem(f"is not valid Python: {reason}", lines.line_range(row))
