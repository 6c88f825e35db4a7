"""Elements of calls, lists and mappings that a fix puts in or takes out, in the style of those beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from xops_lint.diagnostic import Edit
from xops_lint.matching import regex
from xops_lint.text import Range, line_start

_CLOSING = regex(r"(?P<brackets>(?:\s*\))*)(?P<rest>\s*,?\s*)")
_DASH = regex(r"[ \t]*-[ \t]+")
_REST_OF_LINE = regex(r"[^\r\n]*")
_NO_MORE = regex(r"[ \t]*(?:#[^\r\n]*)?(?=\r|\n|\Z)")
_LAST_OF_LINE = regex(r"[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)")
_COMMA_BEFORE = regex(r",\s*\Z")
_COMMA_AFTER = regex(r"\s*,[ \t]*")
_CLOSED = regex(r"\s*,?\s*\]")


@dataclass(frozen=True, slots=True)
class NewArgument:
    """One more argument of a call; ``after`` is where its last one ends, None without one.

    Rules on facts have no text: where the argument goes is seen when the fix is placed.
    """

    call: Range
    after: int | None
    text: str

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text; None where more than brackets and a comma follow the last argument."""
        end = self.call.end - 1
        if self.after is None:
            return None if source[self.call.end - 2 : self.call.end] != "()" else Edit(Range(end, end), self.text)
        closing = _CLOSING.fullmatch(source, self.after, end)
        if closing is None:
            return None
        at, separator = closing.end("brackets"), ", "
        if "\n" in closing["rest"]:
            # The last argument ends its line: the new one gets a line of its own, indented like it.
            line = source[source.rfind("\n", 0, self.after) + 1 : self.after]
            separator = ",\n" + line[: len(line) - len(line.lstrip())]
        return Edit(Range(at, at), separator + self.text)


@dataclass(frozen=True, slots=True)
class NewElements:
    """More elements of a config's list, in its style; ``last`` is the element after which they go."""

    last: Range
    texts: tuple[str, ...]

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text; None where the list is written in neither of the two styles."""
        start = line_start(source, self.last.start)
        dash = source[start : self.last.start]
        if _DASH.fullmatch(dash):
            rest = _REST_OF_LINE.match(source, self.last.end)
            end = rest.end() if rest else self.last.end
            return Edit(Range(end, end), "".join(f"\n{dash}{text}" for text in self.texts))
        if _CLOSED.match(source, self.last.end):
            return Edit(Range(self.last.end, self.last.end), "".join(f", {text}" for text in self.texts))
        return None


@dataclass(frozen=True, slots=True)
class NewList:
    """One more entry of a config's mapping, a list; ``beside`` is the key of the one before, ``end`` its end."""

    beside: Range
    end: int
    key: str
    texts: tuple[str, ...]

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text; None where the entry beside shares its lines with others."""
        # Some people indent the elements of a list, some do not; the one beside shows it.
        flush = re.match(r"[^\n]*\n(?P<indent> *)- ", source[self.beside.start : self.end])
        indent = source[line_start(source, self.beside.start) : self.beside.start]
        inner = "" if flush is not None and flush["indent"] == indent else "  "
        lines = (f"{self.key}:", *(f"{inner}- {text}" for text in self.texts))
        return _below(source, self.beside, self.end, lines)


@dataclass(frozen=True, slots=True)
class NewEntry:
    """One more entry of a config's mapping; ``beside`` is the key of the one before, ``end`` its end."""

    beside: Range
    end: int
    text: str

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text; None where the entry beside shares its lines with others."""
        end = self.beside.start + len(source[self.beside.start : self.end].rstrip())
        return _below(source, self.beside, end, (self.text,))


def _below(source: str, beside: Range, end: int, lines: Sequence[str]) -> Edit | None:
    """Return the edit that writes lines below an entry which ends there, indented as it is."""
    indent = source[line_start(source, beside.start) : beside.start]
    rest = _NO_MORE.match(source, end)
    if indent.strip(" ") or rest is None:
        return None
    return Edit(Range(rest.end(), rest.end()), "".join(f"\n{indent}{line}" for line in lines))


@dataclass(frozen=True, slots=True)
class DroppedElement:
    """One element of a config's list taken out, with its line or its comma."""

    element: Range

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text; None where the list is written in neither of the two styles."""
        start = line_start(source, self.element.start)
        if _DASH.fullmatch(source, start, self.element.start):
            rest = _LAST_OF_LINE.match(source, self.element.end)
            return Edit(Range(start, rest.end()), "") if rest is not None else None
        before, after = (
            _COMMA_BEFORE.search(source, start, self.element.start),
            _COMMA_AFTER.match(source, self.element.end),
        )
        if before is not None:
            return Edit(Range(before.start(), self.element.end), "")
        return Edit(Range(self.element.start, after.end()), "") if after is not None else None
