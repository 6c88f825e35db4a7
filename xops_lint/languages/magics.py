"""IPython's own syntax in a cell, turned into Python of the same length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from xops_lint.languages.written import Writing, writing
from xops_lint.matching import regex
from xops_lint.shell import ShellCommand
from xops_lint.text import Range

_REST = r"(?:[^\r\n]*\\(?:\r\n|\r|\n))*[^\r\n]*"

_CELL_MAGIC = regex(
    r"(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n))*[ \t]*"
    r"(?P<line>%%[ \t]*(?P<name>[^\s]*)(?P<rest>[^\r\n]*))(?:\r\n|\r|\n|\Z)"
)
# Databricks gives a whole cell to another language by one percent sign. Elsewhere
# `%sql` takes a statement on its own line, and Python may follow.
_LANGUAGE_MAGIC = regex(
    r"\s*%(?P<name>md-sandbox|md|scala|sh|fs|r|sql(?=[ \t]*(?:[\r\n]|\Z)))(?P<rest>(?!\w)[^\r\n]*)(?:\r\n|\r|\n|\Z)"
)
_PROMPTED = regex(r"\s*>>>[ \t]")
_PROMPT = regex(r"^([ \t]*)(?:>>>|\.\.\.)(?=[ \r\n]|\Z)", re.MULTILINE)

# These run the cell as Python in the notebook's own namespace.
_PYTHON_CELLS = frozenset(
    ["capture", "debug", "heat", "local", "lprun", "memit", "mprun", "notify", "prun", "px", "pyspark", "scalene"]
).union(["skip", "snakeviz", "spark", "time", "timeit", "wandb"])
_SHELL_CELLS = frozenset(["bash", "sh", "shell", "zsh", "cmd", "system", "sx", "!", "script"])
_WRITING_CELLS = frozenset(["writefile", "file"])
_SHELL_WORD = regex(r"\b(?:bash|sh|zsh)\b")

# The options of magics that take a statement, by the letters that take a value.
_STATEMENT_MAGICS = {"time": "", "timeit": "nrp", "prun": "lsTD", "memit": "rti", "lprun": "fmTDsu", "mprun": "fT"}
_SHELL_MAGICS = frozenset(["pip", "pip3", "conda", "mamba", "micromamba", "uv"])
_SYSTEM_MAGICS = frozenset(["sh", "bash", "shell", "system", "sx"])
_FILE_COMMANDS = frozenset(["cat", "cd", "cp", "ll", "ls", "mkdir", "mv", "rm", "rmdir"])
_COMPOUND = regex(r"(?:async|class|def|for|if|try|while|with)\b|[!%@]")

_AUTOMAGIC = (
    r"(?:autoreload|cat|cd|conda|cp|env|ll|load_ext|ls|mamba|matplotlib|mkdir|mv|pip|pip3|pylab|reload_ext|rm|rmdir"
    r"|run|store|who|whos)"
    # Two operands in a row are no Python, unless the second is a keyword.
    r"(?=(?:[ \t]+-[\w-]+)*[ \t]+(?!(?:if|in|is|and|or|not|for|else|as)\b)(?:[\w~$\"']|\.\./))"
)
_HELP = r"%{0,2}[A-Za-z_*][\w.*\[\]-]*\?\??[ \t]*;?[ \t]*(?=[\r\n]|\Z)"
_LINE_MAGIC = regex(
    rf"[ \t]*(?P<magic>(?:[!%?]|[,;/](?=[A-Za-z_])|{_AUTOMAGIC}){_REST}|{_HELP})",
)
_SUSPECT = regex(rf"^[ \t]*(?:[!%?,;/]|{_AUTOMAGIC})|\?[ \t]*;?[ \t]*$|=[ \t]*[!%]", re.MULTILINE)
_VALUE_MAGIC = regex(rf"[!%]{_REST}")

# Every alternative of a string matches up to the end of the text at the latest,
# so that no input makes the repetitions backtrack.
_TOKEN = regex(
    r"""
    \"{3}(?:[^"\\]+|\\(?:.|\Z)|"(?!""))*(?:\"{3}|\Z) | '{3}(?:[^'\\]+|\\(?:.|\Z)|'(?!''))*(?:'{3}|\Z)
    | "(?:[^"\\\r\n]+|\\(?:\r\n|.))*"? | '(?:[^'\\\r\n]+|\\(?:\r\n|.))*'?
    | \#[^\r\n]*
    | \\[ \t]*(?:\r\n|\r|\n)
    | (?P<opened>[(\[{]) | (?P<closed>[)\]}])
    | (?P<newline>\r\n|\r|\n)
    | (?P<assigned>=[ \t]*(?=[!%]))
    """,
    re.DOTALL | re.VERBOSE,
)
_COMMENT = regex(r"(?:(?<=[ \t\r\n])|\A)#[^\r\n]*")
_HERE_DOCUMENT = regex(r"<<-?[ \t]*(['\"]?)(\w+)\1")
_FARTHEST_CONDITION = 60
"""An ``if`` that stands more lines above a magic is not looked for."""

_CONTINUED = regex(r"\\(?:\r\n|\r|\n)[ \t]*")
_LOGICAL_LINE = regex(_REST)


class CellCode(NamedTuple):
    """What a cell's source means to Python.

    ``code`` is as long as the source; ``python`` is False, and ``code`` blank, for
    a cell of another language. Ranges of commands, and of what is written to a
    file, count from the cell's start.
    """

    code: str
    python: bool
    commands: tuple[ShellCommand, ...] = ()
    writing: Writing | None = None


def neutralise(source: str) -> CellCode:
    """Return a cell's code with IPython's syntax made Python of the same length."""
    if _PROMPTED.match(source):
        source = _PROMPT.sub(r"\1   ", source)
    start = 0
    head = ""
    while match := _CELL_MAGIC.match(source, start):
        if match["name"] not in _PYTHON_CELLS:
            return _foreign(source, match)
        head += source[start : match.start("line")] + blank(match["line"]) + source[match.end("line") : match.end()]
        start = match.end()
    if not start and (match := _LANGUAGE_MAGIC.match(source)):
        return _foreign(source, match)
    if "\r" not in source and not _SUSPECT.search(source, start):
        return CellCode(head + source[start:], True)
    return _without_line_magics(source, start, head)


def blank(text: str) -> str:
    """Return a text of spaces in its place, with its line breaks and comments."""
    pieces = []
    end = 0
    for match in _COMMENT.finditer(text):
        pieces += [blank_all(text[end : match.start()]), match.group()]
        end = match.end()
    return "".join((*pieces, blank_all(text[end:])))


def blank_all(text: str) -> str:
    """Return a text of spaces in its place, with its line breaks alone."""
    return re.sub(r"[^\r\n]", " ", text)


def _foreign(source: str, match: re.Match[str]) -> CellCode:
    code = blank(source)
    if match["name"] in _WRITING_CELLS:
        # Its comments are those of the file it writes.
        return CellCode(blank_all(source), False, (), writing(match["rest"], Range(match.end(), len(source))))
    if not (match["name"] in _SHELL_CELLS or match["name"] == "sh"):
        return CellCode(code, False)
    if match["name"] == "script" and not _SHELL_WORD.search(match["rest"]):
        return CellCode(code, False)
    start = match.end()
    # `%sh command` holds its command on the magic's own line.
    if not source.lstrip().startswith("%%"):
        start = match.start("rest")
    return CellCode(code, False, tuple(_commands(source, start)))


def _commands(source: str, start: int) -> Iterator[ShellCommand]:
    """Yield the logical lines of a shell script, without comments and here-documents."""
    awaited = ""
    while start < len(source):
        match = _LOGICAL_LINE.match(source, start)
        line = match.group() if match else ""
        command = line.strip()
        if awaited:
            awaited = "" if command == awaited else awaited
        elif command and not command.startswith("#"):
            begin = start + len(line) - len(line.lstrip())
            yield ShellCommand(_joined(command), "cell", Range(begin, begin + len(command)))
            document = _HERE_DOCUMENT.search(command)
            awaited = document[2] if document else ""
        start += len(line) + 1


def _without_line_magics(source: str, start: int, head: str) -> CellCode:
    pieces = [head]
    commands: list[ShellCommand] = []
    end = start
    for magic in _line_magics(source, start):
        commands += magic.commands
        pieces += [source[end : magic.range.start], magic.code]
        end = magic.range.end
    return CellCode("".join((*pieces, source[end:])), True, tuple(commands))


class _Magic(NamedTuple):
    range: Range
    code: str
    commands: tuple[ShellCommand, ...] = ()


def _line_magics(source: str, position: int) -> Iterator[_Magic]:
    """Yield the magics of a cell, outside of strings, brackets and continuations."""
    depth = 0
    fresh = True
    while position < len(source):
        found = _LINE_MAGIC.match(source, position) if fresh and not depth else None
        if found:
            start = found.start("magic")
            magic = _statement(source, found) or _opaque(found["magic"], start, _is_conditional(source, start))
            yield magic
            position, fresh = magic.range.end, False
        token = _TOKEN.search(source, position)
        if token is None:
            return
        position, fresh = token.end(), token["newline"] is not None
        depth = max(0, depth + (token["opened"] is not None) - (token["closed"] is not None))
        value = _VALUE_MAGIC.match(source, position) if token["assigned"] and not depth else None
        if value:
            magic = _timed_value(value) or _opaque(value.group(), position)
            yield magic
            position = magic.range.end


def _statement(source: str, found: re.Match[str]) -> _Magic | None:
    """Return the magic before a statement, which stays: ``%time y = f()``."""
    text = found["magic"]
    name = re.match(r"%([a-z]+)(?=[ \t])", text)
    if not name or name[1] not in _STATEMENT_MAGICS:
        return None
    valued = _STATEMENT_MAGICS[name[1]]
    option = rf"-[{valued}](?:[ \t]*[^\s-]\S*)|--?\w[\w-]*" if valued else r"--?\w[\w-]*"
    options = re.compile(rf"(?:[ \t]+(?:{option})(?=\s))*[ \t]+").match(text, name.end())
    if not options or options.end() == len(text) or _COMPOUND.match(text, options.end()):
        return None
    start = found.start("magic")
    return _Magic(Range(start, start + options.end()), "0;".ljust(options.end()))


def _timed_value(value: re.Match[str]) -> _Magic | None:
    """Return the magic of ``x = %time f()``, which hands on the value."""
    match = re.match(r"%time[ \t]+(?=[^\s!%])", value.group())
    return _Magic(Range(value.start(), value.start() + match.end()), " " * match.end()) if match else None


def _is_conditional(source: str, start: int) -> bool:
    """Say whether a magic stands below an ``if``: the nearest line above that is indented less."""
    *above, line = source[:start].splitlines()[-_FARTHEST_CONDITION:] or [""]
    if not line or line.strip():
        return False
    opening = next((each for each in reversed(above) if each.strip() and _indent(each) < len(line)), "")
    return opening.lstrip().startswith(("if ", "elif ", "else:"))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _opaque(text: str, start: int, conditional: bool = False) -> _Magic:
    """Return a magic that means nothing to Python: a zero and blanks."""
    text = text.rstrip()
    command = _shell_command(text)
    where = Range(start, start + len(text))
    commands = (ShellCommand(_joined(command), "magic", where, conditional=conditional),) if command else ()
    return _Magic(where, "0" + blank(text)[1:], commands)


def _shell_command(magic: str) -> str:
    """Return the command line of a shell magic, or nothing for other magics."""
    if magic.startswith("!"):
        return magic.lstrip("!").strip()
    name, _, rest = magic.lstrip("%").partition(" ")
    if name in _SHELL_MAGICS or name in _FILE_COMMANDS:
        return magic.lstrip("%").strip()
    return rest.strip() if name in _SYSTEM_MAGICS else ""


def _joined(command: str) -> str:
    return _CONTINUED.sub(" ", command)
