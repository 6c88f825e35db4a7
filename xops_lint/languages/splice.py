"""Edits of a file's bytes: what no edit touches stays as it is, byte for byte."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from xops_lint.diagnostic import PlacedEdit
from xops_lint.languages.located_json import Raw, read_outputs, read_places, read_sources
from xops_lint.matching import regex
from xops_lint.text import LineIndex, Place, Range

_CHARACTER = regex(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]")
"""One code point of a JSON string, escaped or not."""

_COMMA_AFTER = regex(r"\s*,\s*")


class _Change(NamedTuple):
    """One replacement in a text, by offsets."""

    range: Range
    text: str


def splice(language: str, data: bytes, edits: Sequence[PlacedEdit]) -> bytes | None:
    """Return a file's bytes after edits that do not overlap; None where that cannot be done exactly."""
    encoding, mark = _encoding(language, data)
    try:
        text = data[len(mark) :].decode(encoding)
        if mark + text.encode(encoding) != data:
            return None
        changed = _notebook(text, edits) if language == "notebook" else _text(text, edits)
        return mark + changed.encode(encoding)
    except (LookupError, UnicodeError):
        return None


def lines_of(language: str, data: bytes) -> dict[int, LineIndex]:
    """Return the lines that places of a file count: of a notebook by cell, of others under 0; none if unreadable."""
    encoding, mark = _encoding(language, data)
    try:
        text = data[len(mark) :].decode(encoding)
        if language != "notebook":
            return {0: LineIndex(text)}
        sources = enumerate(read_sources(text), start=1)
        return {number: LineIndex(_Source(text, raw).value) for number, raw in sources}
    except (LookupError, ValueError):
        return {}


def _encoding(language: str, data: bytes) -> tuple[str, bytes]:
    """Return how a file's text is encoded, and the byte order mark before it."""
    if language == "notebook":
        detected = json.detect_encoding(data)
        return ("utf-8", BOM_UTF8) if detected == "utf-8-sig" else (detected, b"")
    if language == "python":
        from xops_lint.languages.source import declared_encoding

        encoding = declared_encoding(data) or "utf-8"
        return ("utf-8", BOM_UTF8) if encoding == "utf-8-sig" and data.startswith(BOM_UTF8) else (encoding, b"")
    from xops_lint.languages.config import marked_encoding

    return marked_encoding(data)


def _text(text: str, edits: Sequence[PlacedEdit]) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = LineIndex(text)
    for change in _from_last(lines, edits):
        replacement = change.text.replace("\n", newline)
        text = text[: change.range.start] + replacement + text[change.range.end :]
    return text


def _from_last(lines: LineIndex, edits: Sequence[PlacedEdit]) -> Iterator[_Change]:
    """Yield edits by offsets, the last first, so that those before keep theirs."""
    changes = [_Change(_range(lines, edit.place), edit.text) for edit in edits]
    yield from sorted(changes, key=lambda change: change.range, reverse=True)


def _range(lines: LineIndex, place: Place) -> Range:
    return Range(lines.offset(place.row, place.column), lines.offset(place.end_row, place.end_column))


def _notebook(text: str, edits: Sequence[PlacedEdit]) -> str:
    """Edit the sources and outputs of cells where they stand in a notebook's JSON."""
    text = _cleared(text, {edit.place.cell or 0 for edit in edits if edit.outputs})
    textual = [edit for edit in edits if edit.textual]
    cells = read_sources(text)
    for number in sorted({edit.place.cell or 0 for edit in textual}, reverse=True):
        own = [edit for edit in textual if edit.place.cell == number]
        source = _Source(text, cells[number - 1])
        for change in _from_last(LineIndex(source.value), own):
            source = source.changed(change)
        text = source.text
    return _without(text, {edit.place.cell or 0 for edit in edits if edit.deletes})


def _without(text: str, numbers: Collection[int]) -> str:
    """Take cells out of a notebook's JSON, each with one comma beside it and the blanks up to its neighbour."""
    places = read_places(text) if numbers else []
    for number in sorted(numbers, reverse=True):
        start, end = places[number - 1]
        if (match := _COMMA_AFTER.match(text, end)) is not None:
            end = match.end()
        else:
            start = len(text[:start].rstrip().removesuffix(","))
        text = text[:start] + text[end:]
    return text


def _cleared(text: str, numbers: Collection[int]) -> str:
    """Take the outputs of cells out of a notebook's JSON; the numbers under which they ran stay."""
    outputs = read_outputs(text) if numbers else []
    chosen = sorted(where for number in numbers if (where := outputs[number - 1]) is not None)
    for where in reversed(chosen):
        text = f"{text[: where.start]}[]{text[where.end :]}"
    return text


class _Source:
    """The source of one cell, with the string or strings of JSON that hold it."""

    def __init__(self, text: str, raw: Raw) -> None:
        self.text = text
        self.raw = raw
        self.values: list[str] = [json.loads(text[span.start : span.end]) for span in raw.strings]
        self.value = "".join(self.values)

    def changed(self, change: _Change) -> _Source:
        """Return the source after one change."""
        if not self.raw.strings:
            return self
        first, before = self._string_at(change.range.start)
        last, until = self._string_at(change.range.end)
        if first == last and (not self.raw.listed or "\n" not in change.text):
            return self._within(first, Range(before, until), change.text)
        whole = self.values[first][:before] + change.text + self.values[last][until:]
        return self._lines(first, last, whole.splitlines(keepends=True))

    def _string_at(self, offset: int) -> tuple[int, int]:
        """Return the string that holds an offset of the source, and the offset in it; at an edge the one before."""
        for index, value in enumerate(self.values):
            if offset <= len(value) and (offset < len(value) or index == len(self.values) - 1):
                return index, offset
            offset -= len(value)
        return len(self.values) - 1, len(self.values[-1])

    def _within(self, index: int, where: Range, replacement: str) -> _Source:
        """Replace characters of one string, and leave the escapes of the others as they are."""
        span = self.raw.strings[index]
        starts = [match.start() for match in _CHARACTER.finditer(self.text, span.start + 1, span.end - 1)]
        starts.append(span.end - 1)
        start, end = starts[where.start], starts[where.end]
        return self._replaced(Range(start, end), self._quoted(replacement)[1:-1])

    def _lines(self, first: int, last: int, lines: Sequence[str]) -> _Source:
        """Replace whole strings of a list by those of other lines."""
        strings = self.raw.strings
        start, end = strings[first].start, strings[last].end
        if not lines and last + 1 < len(strings):
            end = strings[last + 1].start
        elif not lines and first > 0:
            start = strings[first - 1].end
        return self._replaced(Range(start, end), self._separator().join(map(self._quoted, lines)))

    def _separator(self) -> str:
        """Return what stands between two strings of the list: what does already, or would in its style."""
        strings = self.raw.strings
        if len(strings) > 1:
            return self.text[strings[0].end : strings[1].start]
        opening = self.text[self.raw.range.start + 1 : strings[0].start]
        return f",{opening}" if opening else ", "

    def _quoted(self, text: str) -> str:
        return json.dumps(text, ensure_ascii=self.text.isascii())

    def _replaced(self, where: Range, replacement: str) -> _Source:
        text = self.text[: where.start] + replacement + self.text[where.end :]
        grown = len(text) - len(self.text)
        whole = Range(self.raw.range.start, self.raw.range.end + grown)
        return _Source(text, read_sources(text, whole)[0])
