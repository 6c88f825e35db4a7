"""TOML as one tree: tomli says what it means, one scan of the text where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from xops_lint.config import Value
from xops_lint.diagnostic import Problem
from xops_lint.document import Comment
from xops_lint.languages.tree import DEEPEST, Parsed, comment_at, name_routes, problem_at
from xops_lint.matching import regex
from xops_lint.text import Range

Path = tuple[str | int, ...]

_STRING = r"\"\"\"(?:[^\\]|\\.)*?\"{3,5}|'''.*?'{3,5}|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'"
_BLANK = regex(r"(?:[ \t\r\n]+|#[^\r\n]*)*")
_SPACE = regex(r"[ \t]*")
_COMMENT = regex(rf"(?:{_STRING})|(?P<comment>#[^\r\n]*)", re.DOTALL)
_KEY_PART = regex(r"[A-Za-z0-9_-]+|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'")
_SCALAR = regex(rf"(?:{_STRING})|\d{{4}}-\d\d-\d\d[Tt ]\d\d:[^\s,\]}}#]*|[^\s,\]}}#]+", re.DOTALL)
_HEADER = regex(r"^[ \t]*\[", re.MULTILINE)
_TEMPLATE = regex(r"\{\{|\{%")
_AT_LINE = regex(r"\(at line (\d+), column (\d+)\)")


class Place(NamedTuple):
    """Where a value and its key are written."""

    value: Range
    key: Range | None


def read(text: str) -> Parsed:
    """Return the tree of a TOML text; a text that is no TOML has a problem."""
    import tomli

    comments = tuple(_comments(text))
    try:
        data = tomli.loads(text)
    except (tomli.TOMLDecodeError, RecursionError) as error:
        return Parsed([], comments, (_problem(text, str(error)),))
    scan = _Scan(text)
    scan.run()
    root = _value(data, (), scan.places, Place(Range(0, len(text)), None))
    return Parsed([name_routes(root)], comments)


@dataclass(slots=True)
class _Scan:
    """Walks over a valid TOML text and notes the place of every key and value."""

    text: str
    places: dict[Path, Place] = field(default_factory=dict)
    counts: dict[Path, int] = field(default_factory=dict)
    position: int = 0

    def run(self) -> None:
        """Note the places of the whole text."""
        table: Path = ()
        self._skip(_BLANK)
        while self.position < len(self.text):
            start = self.position
            if self.text.startswith("[", start):
                table = self._header()
            else:
                self._entry(table)
            self._skip(_BLANK)
            if self.position == start:
                return

    def _header(self) -> Path:
        start = self.position
        brackets = 2 if self.text.startswith("[[", start) else 1
        self.position += brackets
        path, keys = self._keys(())
        self._skip(_SPACE)
        self.position += brackets
        if brackets == 2:
            index = self.counts[path] = self.counts.get(path, -1) + 1
            self.places.setdefault(path, Place(Range(start, self.position), keys))
            path = (*path, index)
        end = self._table_end()
        self.places[path] = Place(Range(start, end), keys)
        return path

    def _table_end(self) -> int:
        """Return where the table of the header just read ends: before the next header."""
        following = _HEADER.search(self.text, self.position)
        end = following.start() if following else len(self.text)
        return max(self.position, self.position + len(self.text[self.position : end].rstrip()))

    def _keys(self, base: Path) -> tuple[Path, Range]:
        """Read a dotted key below a table; return its path and the place of its last part."""
        path = base
        where = Range(self.position, self.position)
        while True:
            self._skip(_SPACE)
            match = _KEY_PART.match(self.text, self.position)
            if match is None:
                return path, where
            path = self._latest((*path, _unquote(match.group())))
            where = Range(*match.span())
            self.position = match.end()
            self._skip(_SPACE)
            if not self.text.startswith(".", self.position):
                return self._unlatest(path), where
            self.places.setdefault(path, Place(where, where))
            self.position += 1

    def _latest(self, path: Path) -> Path:
        """Return a path with the newest element of an array of tables for its name."""
        return (*path, self.counts[path]) if path in self.counts else path

    def _unlatest(self, path: Path) -> Path:
        return path[:-1] if path and isinstance(path[-1], int) else path

    def _entry(self, table: Path) -> None:
        path, key = self._keys(table)
        self._skip(_SPACE)
        self.position += 1  # the equals sign
        self._skip(_SPACE)
        start = self.position
        self._value_at(path)
        self.places[path] = Place(Range(start, self.position), key)

    def _value_at(self, path: Path) -> None:
        if self.text.startswith("[", self.position):
            self._array(path)
        elif self.text.startswith("{", self.position):
            self._inline_table(path)
        else:
            self._skip(_SCALAR)

    def _array(self, path: Path) -> None:
        self.position += 1
        index = 0
        self._skip(_BLANK)
        while not self.text.startswith("]", self.position) and self.position < len(self.text):
            start = self.position
            element = (*path, index)
            self._value_at(element)
            self.places[element] = Place(Range(start, self.position), None)
            self._skip(_BLANK)
            self.position += self.text.startswith(",", self.position)
            self._skip(_BLANK)
            index += 1
            if self.position == start:
                return
        self.position += 1

    def _inline_table(self, path: Path) -> None:
        self.position += 1
        self._skip(_BLANK)
        while not self.text.startswith("}", self.position) and self.position < len(self.text):
            start = self.position
            self._entry(path)
            self._skip(_BLANK)
            self.position += self.text.startswith(",", self.position)
            self._skip(_BLANK)
            if self.position == start:
                return
        self.position += 1

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.position)
        if match is not None:
            self.position = match.end()


def _value(data: Any, path: Path, places: Mapping[Path, Place], around: Place) -> Value:
    """Return a value with its place, or that of what holds it if the scan has none."""
    place = places.get(path, Place(around.key or around.value, around.key))
    where, key = place
    if len(path) > DEEPEST:
        return Value(None, "unknown", where, key)
    if isinstance(data, dict):
        return Value(
            {name: _value(entry, (*path, name), places, place) for name, entry in data.items()}, "map", where, key
        )
    if isinstance(data, list):
        elements = [_value(element, (*path, index), places, place) for index, element in enumerate(data)]
        return Value(elements, "list", where, key)
    if isinstance(data, bool):
        return Value("true" if data else "false", "bool", where, key)
    tag = "int" if isinstance(data, int) else "float" if isinstance(data, float) else "str"
    return Value(data if isinstance(data, str) else str(data), tag, where, key)


def _unquote(part: str) -> str:
    if part[0] == "'":
        return part[1:-1]
    if part[0] != '"':
        return part
    import tomli

    value = tomli.loads(f"key = {part}")["key"]
    return value if isinstance(value, str) else part


def _comments(text: str) -> list[Comment]:
    found = _COMMENT.finditer(text)
    return [comment_at(text, *match.span("comment")) for match in found if match["comment"] is not None]


def _problem(text: str, message: str) -> Problem:
    if _TEMPLATE.search(text):
        return Problem("is a template, not plain TOML, so it is not read", skipped=True)
    match = _AT_LINE.search(message)
    offset = len(text)
    if match is not None:
        lines = text.split("\n")[: int(match[1]) - 1]
        offset = sum(len(line) + 1 for line in lines)
    reason = _AT_LINE.sub("", message).strip() or "nests too deep"
    return problem_at(text, offset, f"does not parse as TOML: {reason[:1].lower()}{reason[1:]}")
