"""Which rows a comment alone on its line stands above: a statement, a node, an instruction."""

from __future__ import annotations

import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from xops_lint.code import PythonFile
from xops_lint.config import ConfigFile, Value
from xops_lint.document import Comment, Document
from xops_lint.text import Range

_LAYOUT = frozenset({tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING})
_TREES = frozenset({"yaml", "toml", "hcl", "pbtxt"})


class Rows(NamedTuple):
    """The first and the last row of something; in a notebook, of its cell."""

    first: int
    last: int


def rows_below(document: Document, comment: Comment) -> Rows | None:
    """Return the rows of what follows a comment, or None at the end of the file or cell."""
    row, _ = document.lines.position(comment.range.start)
    lines = _Lines(document, row, _end_row(document, comment))
    if isinstance(document, PythonFile):
        found = _statement(lines) or _line(lines)
    elif isinstance(document, ConfigFile) and document.language in _TREES:
        found = _node(document, _line(lines))
    else:
        found = _line(lines)
    if found is None:
        return None
    # Rows of the text become rows of the cell, or of the config that holds the text.
    first, last = (document.lines.starts[row - 1] for row in (found.first, found.last))
    return Rows(document.place(Range(first, first)).row, document.place(Range(last, last)).row)


@dataclass(frozen=True, slots=True)
class _Lines:
    """The rows of a document after ``above``, up to ``end``, which counts."""

    document: Document
    above: int
    end: int

    def __iter__(self) -> Iterator[str]:
        for row in range(self.above + 1, self.end + 1):
            yield self.document.lines.line(row)


def _end_row(document: Document, comment: Comment) -> int:
    if isinstance(document, PythonFile):
        for cell in document.cells:
            if cell.range.covers(comment.range):
                return document.lines.position(cell.range.end)[0]
    return len(document.lines.starts)


def _statement(lines: _Lines) -> Rows | None:
    """Return the next logical line, a decorated definition with its decorators."""
    source = (f"{line}\n" for line in lines)
    first, decorator = 0, False
    try:
        for token in tokenize.generate_tokens(lambda: next(source, "")):
            if token.type == tokenize.NEWLINE:
                if not decorator:
                    return Rows(lines.above + first, lines.above + token.start[0])
                decorator = False
            elif token.type == tokenize.ENDMARKER:
                return None
            elif token.type not in _LAYOUT:
                decorator = decorator or (token.string == "@" and token.line[: token.start[1]].strip() == "")
                first = first or token.start[0]
    except (tokenize.TokenError, SyntaxError):
        # Half-written code and magics; the next line will do.
        return None
    return None


def _line(lines: _Lines) -> Rows | None:
    """Return the next line that is neither blank nor comment, with its continuations."""
    first = 0
    for row, line in enumerate(lines, start=lines.above + 1):
        stripped = line.strip()
        if not first and (not stripped or stripped.startswith("#")):
            continue
        first = first or row
        if not stripped.endswith("\\"):
            return Rows(first, row)
    return Rows(first, lines.end) if first else None


def _node(document: ConfigFile, line: Rows | None) -> Rows | None:
    """Return the entries and elements that begin in a line; the line itself if none does."""
    if line is None:
        return None
    last = line.last
    for value in (value for root in document.documents for value in _entries(root)):
        start = value.range.start if value.key is None else value.key.start
        if document.lines.position(start)[0] == line.first:
            end = value.range.start + len(document.source(value.range).rstrip())
            last = max(last, document.lines.position(end)[0])
    return Rows(line.first, last)


def _entries(root: Value) -> Iterator[Value]:
    """Yield what a mapping's key or a list's dash begins: a root and a list begin nothing."""
    for value in root.walk():
        yield from (entry for entry in value.items.values() if entry.key is not None)
        yield from value.list
