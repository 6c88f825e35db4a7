"""What stands around a place: the functions and classes of code, the keys of a config."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from xops_lint.document import Document
from xops_lint.matching import regex
from xops_lint.text import Range

_PYTHON_PIECE = regex(
    r'"""(?:\\.|[^\\])*?"""'
    r"|'''(?:\\.|[^\\])*?'''"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'(?:\\.|[^'\\\n])*'"
    r"|\\(?:\r\n|\r|\n)"
    r"|#[^\r\n]*"
    r"|(?P<open>[(\[{])"
    r"|(?P<close>[)\]}])"
    r"|(?P<newline>\r\n|\r|\n)",
    re.DOTALL,
)
_INDENTED = regex(r"([ \t\f]*)(?=[^\s#])(?:(?:async\s+)?(?:def|class)\s+(\w+))?")
_STARTS_ANEW = regex(r"(?:async\s+def|def|class|import|from)\s|@\w")
_STAGE = regex(r"\s*FROM\s+.*?\sAS\s+(\S+)|\s*(FROM)\s", re.IGNORECASE)
_TABLE = regex(r"\s*\[\[?([^\[\],]+)\]\]?\s*(?:#.*)?$")
_KEY = regex(r"""([\w./@-]+)(?:["']\s*[:=]|\s*[:=](?=\s|$)|\s*=)""")
_BLOCK = regex(r"\s*([A-Za-z][\w-]*(?:\s+\"[^\"]*\")*)\s*[{\[]\s*(?:#.*)?$")
_NAMED = regex(r"""\s*-\s+["']?(name|id|key|job_name|task|alert|title)["']?\s*:\s*(\S.*?)\s*(?:#.*)?$""")
_TREES = frozenset({"yaml", "json", "toml", "hcl", "pbtxt"})
_MOST_LINES_ABOVE = 5000
_LONGEST_SCOPE = 200


def scope_of(document: Document, offset: int) -> str:
    """Return the path of names around an offset, outermost first, empty at the top of a file.

    No number is part of it, so that it stays when lines, items or cells come or go.
    """
    if document.language in ("python", "notebook"):
        return ".".join(reversed(list(_definitions(document.text, offset))))[:_LONGEST_SCOPE]
    if document.language == "dockerfile":
        return _stage(document, offset)
    if document.language in _TREES:
        return "/".join(reversed(list(_keys(document, offset))))[:_LONGEST_SCOPE]
    return ""


def subject_of(document: Document, where: Range) -> str:
    """Return what a range is about: its text, of several statements the first, of an entry of many lines its key.

    What is written further down in a function, a cell or an object is often not about the finding.
    """
    source = document.source(where)
    if document.language in ("python", "notebook"):
        return document.text[where.start : min(_end(document.text, where.start), where.end)]
    if document.language in _TREES and "\n" in source.strip():
        row, _ = document.lines.position(where.start)
        return next(_key(document.lines.line(row)), source)
    return source


class _Statement(NamedTuple):
    """The beginning of a statement; ``name`` is what it defines, empty for others."""

    start: int
    indentation: int
    name: str


def _definitions(text: str, offset: int) -> Iterator[str]:
    """Yield the functions and classes around an offset, innermost first."""
    statements = _statements(text)
    index = bisect_right(statements, offset, key=lambda statement: statement.start) - 1
    if index < 0:
        return
    indentation = statements[index].indentation
    while indentation and index:
        index -= 1
        if statements[index].indentation < indentation:
            indentation = statements[index].indentation
            if statements[index].name:
                yield statements[index].name


def _end(text: str, offset: int) -> int:
    """Return where the statement at an offset ends, of comments and decorators the one below them."""
    statements = _statements(text)
    index = bisect_right(statements, offset, key=lambda statement: statement.start)
    begun = text[offset : offset + 200].lstrip()
    while index < len(statements) and begun.startswith(("#", "@")):
        start = statements[index].start
        begun = text[start : start + 200].lstrip()
        index += 1
    return statements[index].start if index < len(statements) else len(text)


@lru_cache(maxsize=4)
def _statements(text: str) -> tuple[_Statement, ...]:
    """Return where statements begin; a line within brackets or a string begins none.

    Half-written code and magics are no hindrance: a definition at the margin ends all brackets.
    """
    starts, depth = [0], 0
    for piece in _PYTHON_PIECE.finditer(text):
        if piece["open"]:
            depth += 1
        elif piece["close"]:
            depth = max(depth - 1, 0)
        elif piece["newline"]:
            if depth and _STARTS_ANEW.match(text, piece.end()):
                depth = 0
            if not depth:
                starts.append(piece.end())
    matches = ((start, _INDENTED.match(text, start)) for start in starts)
    return tuple(
        _Statement(start, len(match[1].expandtabs()), match[2] or "") for start, match in matches if match is not None
    )


def _stage(document: Document, offset: int) -> str:
    row, _ = document.lines.position(offset)
    for above in range(row - 1, 0, -1):
        if found := _STAGE.match(document.lines.line(above)):
            return found[1] or ""
    return ""


def _keys(document: Document, offset: int) -> Iterator[str]:
    """Yield the keys around an offset, innermost first, by indentation; of a table its header."""
    row, column = document.lines.position(offset)
    line = document.lines.line(row)
    if before := _KEY.findall(line[: column - 1]):
        yield before[-1]
    toml = document.language == "toml"
    indentation, item = _indentation(line), _is_item(line)
    for above in range(row - 1, max(row - _MOST_LINES_ABOVE, 0), -1):
        if not indentation and not item and not toml:
            return
        line = document.lines.line(above)
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if toml and (table := _TABLE.match(line)):
            yield table[1].strip()
            return
        outer = _indentation(line)
        # The elements of a list may stand below their key as well as to the right of it.
        if outer < indentation or (outer == indentation and item and not _is_item(line)):
            indentation, item = outer, _is_item(line)
            yield from _key(line)


def _key(line: str) -> Iterator[str]:
    """Yield what a line that others belong to is called: its key, of an element with a name the name."""
    if named := _NAMED.match(line):
        yield f"{named[1]}={named[2].strip(',')[:80]}".replace('"', "").replace("'", "")
    elif found := _KEY.search(line):
        yield found[1]
    elif block := _BLOCK.match(line):
        yield block[1].replace('"', "")


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_item(line: str) -> bool:
    return line.lstrip().startswith(("- ", "-\t")) or line.strip() == "-"
