"""Source text as a terminal shows it: widths, tabs, cuts, and nothing that moves the cursor."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

WIDEST: Final = 120
"""Longer lines are cut to this many columns."""

_TAB = 4
_CUT = "…"
_JOINERS = frozenset("\u200c\u200d")


class Shown(NamedTuple):
    """A line as it is shown, and the marks to print below it."""

    text: str
    marks: str


def clean(text: str) -> str:
    """Return a text as one line without control characters."""
    return "".join(character if _harmless(character) else "\ufffd" for character in " ".join(text.split()))


def underlined(line: str, start: int, end: int) -> Shown:
    """Return a line with marks below its characters from ``start`` up to ``end``.

    Columns of the terminal are counted, in which wide characters take two. A long
    line is cut around the marks.
    """
    start = min(start, len(line))
    end = min(max(end, start + 1), max(len(line), start + 1))
    first, last = _window(line, start)
    text, before, marked = "", 0, 0
    for index, (shown, width) in enumerate(_characters(line)):
        if not first <= index < last:
            continue
        text += shown
        before += width if index < start else 0
        marked += width if start <= index < end else 0
    head, tail = _CUT if first else "", _CUT if last < len(line) else ""
    return Shown(f"{head}{text}{tail}", " " * (before + len(head)) + "^" * max(marked, 1))


def _window(line: str, start: int) -> tuple[int, int]:
    """Return the first and the end index of the characters that are shown."""
    widths = [width for _, width in _characters(line)]
    if sum(widths) <= WIDEST:
        return 0, len(line)
    first = 0
    if sum(widths[:start]) > WIDEST * 2 // 3:
        first = start
        room = WIDEST // 4
        while first > 0 and room > 0:
            first -= 1
            room -= widths[first]
    last, room = first, WIDEST - 2
    while last < len(line) and room >= widths[last]:
        room -= widths[last]
        last += 1
    return first, last


def _characters(line: str) -> Iterator[tuple[str, int]]:
    """Yield every character as it is shown, and the columns it takes."""
    column = 0
    for character in line:
        if character == "\t":
            width = _TAB - column % _TAB
            shown = " " * width
        else:
            shown = character if _harmless(character) else "\ufffd"
            width = _width(shown)
        column += width
        yield shown, width


def _harmless(character: str) -> bool:
    """Say whether a character neither moves the cursor nor turns the text around."""
    return unicodedata.category(character) not in ("Cc", "Cf", "Zl", "Zp") or character in _JOINERS


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
