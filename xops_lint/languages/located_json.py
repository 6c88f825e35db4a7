"""A notebook's JSON, read together with the places of its sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from json import JSONDecodeError, JSONDecoder
from typing import Any, NamedTuple

from xops_lint.matching import regex
from xops_lint.text import Range

_BLANK = regex(r"[ \t\n\r]*")
_ESCAPE = regex(r"\\[rR]\\n|\\(?:u[0-9a-fA-F]{4}|.)")
_NEWLINE_ESCAPES = frozenset(("\\r\\n", "\\r", "\\n", "\\u000a", "\\u000d"))
_DECODE = JSONDecoder().raw_decode

Reader = Callable[[str, int], tuple[Any, int]]


class Located(NamedTuple):
    """A multi-line string, and where each of its lines begins in the JSON."""

    text: str
    starts: tuple[int, ...]


class Measured(NamedTuple):
    """A value and the number of characters its JSON takes."""

    value: Any
    size: int


class Raw(NamedTuple):
    """Where a source stands in the JSON: as a whole, and the strings it consists of, with their quotes."""

    range: Range
    strings: tuple[Range, ...]
    listed: bool


def read_sources(text: str, only: Range | None = None) -> list[Raw]:
    """Return where the source of every cell stands, or of ``only`` the one there."""
    if only is not None:
        return [_raw(text, only.start)[0]]
    found: list[Raw] = []

    def kept(text: str, index: int) -> tuple[Any, int]:
        raw, end = _raw(text, index)
        found.append(raw)
        return raw, end

    def cell(text: str, index: int) -> tuple[Any, int]:
        before = len(found)
        value, end = _object(text, index, {"source": kept, "input": kept})
        if len(found) == before:
            found.append(Raw(Range(end, end), (), False))
        return value, end

    _each_cell(text, cell)
    return found


def read_outputs(text: str) -> list[Range | None]:
    """Return where the outputs of every cell stand in the JSON; None for one that has none."""
    found: list[Range | None] = []

    def outputs(text: str, index: int) -> tuple[Any, int]:
        value, end = _DECODE(text, index)
        found[-1] = Range(index, end)
        return value, end

    def cell(text: str, index: int) -> tuple[Any, int]:
        found.append(None)
        return _object(text, index, {"outputs": outputs})

    _each_cell(text, cell)
    return found


def read_places(text: str) -> list[Range]:
    """Return where every cell stands in the JSON."""
    found: list[Range] = []

    def cell(text: str, index: int) -> tuple[Any, int]:
        value, end = _DECODE(text, index)
        found.append(Range(index, end))
        return value, end

    _each_cell(text, cell)
    return found


def _each_cell(text: str, reader: Reader) -> None:
    """Read the cells of any format by ``reader``."""

    def cells(text: str, index: int) -> tuple[Any, int]:
        return _array(text, index, reader)

    def sheets(text: str, index: int) -> tuple[Any, int]:
        return _array(text, index, lambda text, index: _object(text, index, {"cells": cells}))

    _object(text, _skip(text, 0), {"cells": cells, "worksheets": sheets})


def _raw(text: str, start: int) -> tuple[Raw, int]:
    strings: list[Range] = []

    def string(text: str, index: int) -> tuple[Any, int]:
        value, end = _DECODE(text, index)
        strings.append(Range(index, end))
        return value, end

    listed = text.startswith("[", start)
    _, end = _array(text, start, string) if listed else string(text, start)
    return Raw(Range(start, end), tuple(strings), listed), end


def read_notebook(text: str) -> Any:
    """Read a notebook's JSON; sources become Located, outputs Measured.

    Raises JSONDecodeError, ValueError or RecursionError as ``json.loads`` does.
    """
    value, end = _object(text, _skip(text, 0), {"cells": _cells, "worksheets": _worksheets})
    end = _skip(text, end)
    if end != len(text):
        raise JSONDecodeError("Extra data", text, end)
    return value


def _worksheets(text: str, index: int) -> tuple[Any, int]:
    return _array(text, index, lambda text, index: _object(text, index, {"cells": _cells}))


def _cells(text: str, index: int) -> tuple[Any, int]:
    return _array(text, index, _cell)


def _cell(text: str, index: int) -> tuple[Any, int]:
    return _object(text, index, {"source": _located, "input": _located, "outputs": _outputs})


def _outputs(text: str, index: int) -> tuple[Any, int]:
    return _array(text, index, _measured)


def _measured(text: str, index: int) -> tuple[Measured, int]:
    value, end = _DECODE(text, index)
    return Measured(value, end - index), end


def _located(text: str, index: int) -> tuple[Located, int]:
    pieces: list[tuple[str, int, int]] = []

    def piece(text: str, index: int) -> tuple[Any, int]:
        value, end = _DECODE(text, index)
        if isinstance(value, str):
            pieces.append((value, index + 1, end - 1))
        return value, end

    _, end = _array(text, index, piece) if text.startswith("[", index) else piece(text, index)
    return Located("".join(value for value, _, _ in pieces), _line_starts(text, pieces)), end


def _line_starts(text: str, pieces: list[tuple[str, int, int]]) -> tuple[int, ...]:
    """Return where the lines of joined strings begin, given their raw spans."""
    starts: list[int] = []
    fresh = True
    for value, start, end in pieces:
        if not value:
            continue
        if fresh:
            starts.append(start)
        fresh = value[-1] in "\r\n"
        # The usual string is one line, so that its escapes need no walk.
        if "\n" in value[:-1] or "\r" in value[:-1]:
            escapes = _ESCAPE.finditer(text, start, end)
            starts += [it.end() for it in escapes if it.group().lower() in _NEWLINE_ESCAPES and it.end() < end]
    if fresh and pieces:
        starts.append(pieces[-1][2])
    return tuple(starts)


def _array(text: str, index: int, reader: Reader) -> tuple[Any, int]:
    """Read an array's elements by ``reader``; anything else as plain JSON."""
    if not text.startswith("[", index):
        return _DECODE(text, index)
    elements: list[Any] = []
    index = _skip(text, index + 1)
    if text.startswith("]", index):
        return elements, index + 1
    while True:
        element, index = reader(text, index)
        elements.append(element)
        index, closed = _separator(text, index, "]")
        if closed:
            return elements, index


def _object(text: str, index: int, readers: Mapping[str, Reader]) -> tuple[Any, int]:
    """Read an object, the members that have a reader by it, the others as JSON."""
    if not text.startswith("{", index):
        return _DECODE(text, index)
    members: dict[str, Any] = {}
    index = _skip(text, index + 1)
    if text.startswith("}", index):
        return members, index + 1
    while True:
        if not text.startswith('"', index):
            raise JSONDecodeError("Expecting property name enclosed in double quotes", text, index)
        name, index = _DECODE(text, index)
        index = _skip(text, index)
        if not text.startswith(":", index):
            raise JSONDecodeError("Expecting ':' delimiter", text, index)
        members[name], index = readers.get(name, _DECODE)(text, _skip(text, index + 1))
        index, closed = _separator(text, index, "}")
        if closed:
            return members, index


def _separator(text: str, index: int, closing: str) -> tuple[int, bool]:
    """Step over a comma and the blanks after it, or over the closing bracket."""
    index = _skip(text, index)
    if text.startswith(closing, index):
        return index + 1, True
    if not text.startswith(",", index):
        raise JSONDecodeError("Expecting ',' delimiter", text, index)
    return _skip(text, index + 1), False


def _skip(text: str, index: int) -> int:
    match = _BLANK.match(text, index)
    return match.end() if match else index
