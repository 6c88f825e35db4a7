"""What all config readers share: their result, and how a tree gets its routes."""

from __future__ import annotations

from typing import NamedTuple

from xops_lint.config import Value
from xops_lint.diagnostic import Problem
from xops_lint.document import Comment
from xops_lint.text import LineIndex, Range, line_start

DEEPEST = 100
"""Collections nested deeper than this are read as unknown: no person wrote them."""

TAGS = {"true": "bool", "false": "bool", "null": "null"}


class Parsed(NamedTuple):
    """What a reader makes of a text; with ``gaps``, mappings may hold entries that nobody sees."""

    documents: list[Value]
    comments: tuple[Comment, ...] = ()
    problems: tuple[Problem, ...] = ()
    gaps: bool = False


def scalar(text: str, where: Range, key: Range | None = None) -> Value:
    """Return a string as a value."""
    return Value(text, "str", where, key)


def mapping(items: dict[str, Value], where: Range, key: Range | None = None) -> Value:
    """Return a mapping as a value."""
    return Value(items, "map", where, key)


def sequence(elements: list[Value], where: Range, key: Range | None = None) -> Value:
    """Return a list as a value."""
    return Value(elements, "list", where, key)


def name_routes(root: Value) -> Value:
    """Give every value of a tree its route from the root; return the root."""
    stack = [root]
    while stack:
        value = stack.pop()
        if isinstance(value.data, dict):
            prefix = f"{value.route}." if value.route else ""
            for key, entry in value.data.items():
                entry.route = prefix + (f"[{key}]" if "." in key else key)
                stack.append(entry)
        elif isinstance(value.data, list):
            for position, element in enumerate(value.data):
                element.route = f"{value.route}[{position}]"
                stack.append(element)
    return root


def problem_at(text: str, offset: int, message: str) -> Problem:
    """Return a problem that points at the line of an offset."""
    lines = LineIndex(text)
    row, _ = lines.position(min(max(offset, 0), len(text)))
    return Problem(message, lines.line_range(row))


def comment_at(text: str, start: int, end: int) -> Comment:
    """Return the comment of a range; it is alone if only blanks stand before it on its line."""
    line = line_start(text, start)
    return Comment(text[start:end], Range(start, end), not text[line:start].strip())
