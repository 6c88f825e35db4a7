"""Where the characters of a text stand in another text that holds it: indented, quoted, folded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xops_lint.text import Range

_MEANT_OTHERWISE = frozenset("\\\"'\n#:{}[]&*!|>%@`")
"""Characters that quotes, escapes or folding may make something else of."""


@dataclass(frozen=True, slots=True)
class Stretches:
    """The place of every character of a held text in the text around it.

    ``starts`` and ``ends`` are the offsets there, by character. ``indent`` is what stands
    before every line if the lines are held as they are, and None if they are quoted or folded.
    """

    starts: Sequence[int]
    ends: Sequence[int]
    indent: str | None = None

    def outer(self, where: Range) -> Range:
        """Return the range in the text around of a range in the held text."""
        if not self.starts:
            return Range(0, 0)
        last = len(self.starts) - 1
        if where.end <= where.start:
            offset = self.starts[where.start] if where.start <= last else self.ends[last]
            return Range(offset, offset)
        return Range(self.starts[min(where.start, last)], self.ends[min(where.end - 1, last)])

    def replacement(self, where: Range, text: str) -> str | None:
        """Return what to write in the place of a range around; None where that cannot be told."""
        outer = self.outer(where)
        if outer.end - outer.start != where.end - where.start:
            return None
        if self.indent is not None:
            return text.replace("\n", "\n" + self.indent)
        return text if _MEANT_OTHERWISE.isdisjoint(text) else None
