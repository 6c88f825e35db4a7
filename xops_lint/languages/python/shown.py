"""What an expression shows as it is: the names, attributes and keys it puts into a text or a container."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import libcst as cst

_UNCHANGING: Final = frozenset(
    {"str", "repr", "format", "join", "head", "tail", "tolist", "to_list", "to_string", "to_dict", "strip", "lower"}
)
"""Functions and methods behind which values stay what they are."""


def shown_by(node: Any) -> frozenset[str]:
    """Return the last words of what an expression shows; other functions may change or count what they are given."""
    return frozenset(_words(node))


def _words(node: Any) -> Iterator[str]:
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, cst.Name):
            yield current.value
        elif isinstance(current, cst.Attribute):
            yield current.attr.value
        elif isinstance(current, cst.Subscript):
            yield from _keys(current)
        else:
            waiting.extend(_parts(current))


def _parts(node: Any) -> Iterator[Any]:
    """Yield the parts of an expression that show up in its value."""
    if isinstance(node, cst.FormattedString):
        yield from (part.expression for part in node.parts if isinstance(part, cst.FormattedStringExpression))
    elif isinstance(node, (cst.ConcatenatedString, cst.BinaryOperation, cst.BooleanOperation)):
        yield from (node.left, node.right)
    elif isinstance(node, (cst.Tuple, cst.List, cst.Dict)):
        yield from (element.value for element in node.elements)
    elif isinstance(node, cst.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, (cst.Await, cst.StarredElement)):
        yield node.expression if isinstance(node, cst.Await) else node.value
    elif isinstance(node, cst.Call):
        yield from _handed_through(node)


def _handed_through(node: cst.Call) -> Iterator[Any]:
    function = node.func
    name = function.attr.value if isinstance(function, cst.Attribute) else getattr(function, "value", "")
    if name in _UNCHANGING:
        yield from (argument.value for argument in node.args)
        if isinstance(function, cst.Attribute):
            yield function.value


def _keys(node: cst.Subscript) -> Iterator[str]:
    """Yield the keys that a subscript asks for by name; a slice of a text is not the text."""
    indices = [element.slice.value for element in node.slice if isinstance(element.slice, cst.Index)]
    while indices:
        index = indices.pop()
        if isinstance(index, cst.List):
            indices.extend(element.value for element in index.elements)
        elif isinstance(index, cst.SimpleString) and isinstance(index.evaluated_value, str):
            yield index.evaluated_value
