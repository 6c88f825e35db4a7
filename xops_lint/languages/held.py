"""Scalars that hold a text of their own: what is written, against what it means, character by character."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field

from xops_lint.matching import regex
from xops_lint.stretches import Stretches
from xops_lint.text import Range

_ESCAPE = regex(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r\n|.)", re.DOTALL)
_PAIR = regex(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_BROKEN_LINE = regex(r"\\\r?\n[ \t]*")
_LINE = regex(r"[^\r\n]*(?:\r\n|\r|\n)?")


def stretches_of(meant: str, source: str, where: Range) -> Stretches | None:
    """Return where the characters of a scalar's text stand; None if that cannot be told.

    ``meant`` is the text that a scalar stands for, ``where`` its range in ``source``, with its
    quotes, the header of its block or the beginning of its heredoc.
    """
    first = source[where.start : where.start + 1]
    if first == "|" or source.startswith("<<", where.start):
        return _literal(meant, source, where)
    reader = _Reader(meant, source, where.end, first if first in ("'", '"') else "")
    start = _next_line(source, where) if first == ">" else where.start + (1 if reader.quote else 0)
    return reader.read(start)


def _literal(meant: str, source: str, where: Range) -> Stretches | None:
    """Return the places of a literal block: every line as it is, behind one indentation."""
    reader = _Reader(meant, source, where.end, "")
    position, indent = _next_line(source, where), ""
    for line in meant.splitlines(keepends=True):
        written = _LINE.match(source, position)
        body = line.rstrip("\n")
        if written is None or len(written.group().rstrip("\r\n")) < len(body):
            return None
        raw = written.group().rstrip("\r\n")
        if body.strip():
            indent = raw[: len(raw) - len(body)]
        if body and (not raw.endswith(body) or indent.strip()):
            return None
        reader.take(body, position + len(raw) - len(body))
        if line.endswith("\n"):
            reader.add(position + len(raw), written.end())
        position = written.end()
    return Stretches(reader.starts, reader.ends, indent)


@dataclass(slots=True)
class _Reader:
    """Steps through what is written and what is meant, side by side."""

    meant: str
    source: str
    end: int
    quote: str
    starts: array[int] = field(default_factory=lambda: array("l"))
    ends: array[int] = field(default_factory=lambda: array("l"))

    def add(self, start: int, end: int) -> None:
        """Note the place of the next character that is meant."""
        self.starts.append(start)
        self.ends.append(end)

    def take(self, text: str, start: int) -> None:
        """Note the places of characters that are written as they are meant."""
        self.starts.extend(range(start, start + len(text)))
        self.ends.extend(range(start + 1, start + len(text) + 1))

    def read(self, position: int) -> Stretches | None:
        """Return the places of a text that may be quoted and folded."""
        while len(self.starts) < len(self.meant):
            wanted = self.meant[len(self.starts)]
            written = self.source[position : position + 1] if position < self.end else ""
            if written == "\\" and self.quote == '"':
                position = self._escaped(position)
            elif written == wanted == "'" and self.quote == "'":
                self.add(position, position + 2)
                position += 2
            elif written == wanted:
                self.add(position, position + 1)
                position += 1
            elif written and written.isspace():
                position += 1
            elif wanted in " \n":
                # A line break that stands for a blank, or the break at a block's end.
                self.add(position, position)
            else:
                return None
        return Stretches(self.starts, self.ends)

    def _escaped(self, position: int) -> int:
        """Step over one escape of a quoted text: a character, or a line break that means nothing."""
        broken = _BROKEN_LINE.match(self.source, position)
        found = broken or _PAIR.match(self.source, position) or _ESCAPE.match(self.source, position)
        end = found.end() if found is not None else position + 1
        if broken is None:
            self.add(position, end)
        return end


def _next_line(source: str, where: Range) -> int:
    end = source.find("\n", where.start, where.end)
    return where.end if end < 0 else end + 1
