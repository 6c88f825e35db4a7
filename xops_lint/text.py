"""Ranges of a text and the lines and columns a person reads."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from xops_lint.matching import regex

_NEWLINE = regex(r"\r\n|\r|\n")


class Range(NamedTuple):
    """A half-open stretch of a document's text, counted in code points."""

    start: int
    end: int

    def covers(self, other: Range) -> bool:
        """Say whether ``other`` lies within this range."""
        return self.start <= other.start and other.end <= self.end


class Place(NamedTuple):
    """Where a person finds a range: rows and columns from 1, ends exclusive.

    In a notebook ``row`` and ``column`` count inside the cell, ``cell`` counts
    all cells from 1, and the ``raw_*`` fields point into the .ipynb file.
    """

    path: str
    row: int
    column: int
    end_row: int
    end_column: int
    cell: int | None = None
    cell_id: str | None = None
    raw_row: int | None = None
    raw_column: int | None = None


def line_start(text: str, offset: int) -> int:
    """Return where the line of an offset begins."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


class LineIndex:
    """The line starts of one text; turns offsets into rows and columns and back."""

    __slots__ = ("starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in _NEWLINE.finditer(text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Return the row and column, both from 1, of a character offset."""
        row = bisect_right(self.starts, offset)
        return row, offset - self.starts[row - 1] + 1

    def offset(self, row: int, column: int) -> int:
        """Return the character offset of a row and column, both from 1."""
        return self.starts[row - 1] + column - 1

    def line(self, row: int) -> str:
        """Return one line, counted from 1, without its line ending."""
        end = self.starts[row] if row < len(self.starts) else len(self.text)
        return self.text[self.starts[row - 1] : end].rstrip("\r\n")

    def line_range(self, row: int) -> Range:
        """Return the range of one line, counted from 1, without its ending."""
        start = self.starts[row - 1]
        return Range(start, start + len(self.line(row)))
