"""Rows that loops put into containers, where the loops tell how the rows hang together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import libcst as cst

from xops_lint.languages.python.syntax import target_name
from xops_lint.operations import Gathering

if TYPE_CHECKING:
    from xops_lint.languages.python.expressions import Evaluator

_KEEPING = frozenset({"values", "to_numpy", "copy", "tolist", "flatten", "reshape"})
"""Attributes and methods of a piece that still hold the piece."""

_SINGLE = frozenset({("", "Add1"), ("Subtract1", "")})
"""Bounds between which lies one row, which no two turns share."""


class Gatherings:
    """Knows, by name within a function, in how many loops a container was made."""

    def __init__(self) -> None:
        self._depths: dict[tuple[str, str], int] = {}

    def assigned(self, evaluator: Evaluator, target: Any) -> None:
        """Note that a name holds something new."""
        for each in target.elements if isinstance(target, (cst.Tuple, cst.List)) else (target,):
            name = target_name(getattr(each, "value", each) if isinstance(each, cst.Element) else each)
            self._depths[evaluator.scope.function.name, name] = len(evaluator.turns)

    def found(self, evaluator: Evaluator, node: cst.Call) -> Gathering | None:
        """Return what the loops around a call tell of the rows that it gathers, if they tell anything."""
        if not evaluator.turns or not node.args or not isinstance(node.func, cst.Attribute):
            return None
        depth = self._depths.get((evaluator.scope.function.name, target_name(node.func.value)))
        turns = evaluator.turns[depth:] if depth is not None else []
        if not turns:
            return None
        window = _steps_by_one(turns[-1].iter) and _overlaps(node.args[0].value, turns[-1])
        owners = tuple(name for turn in turns[:-1] for name in _names(turn.target))
        if not (window or owners) or _breaks(turns[-1].body):
            return None
        return Gathering(window, owners)


def _names(target: Any) -> Iterator[str]:
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from _names(element.value)


def _breaks(node: Any) -> bool:
    """Say whether a loop may end early: it may then give no more than one row."""
    return isinstance(node, cst.Break) or any(map(_breaks, node.children))


def _steps_by_one(iterated: Any) -> bool:
    """Say whether a loop counts without leaving any number out."""
    return (
        isinstance(iterated, cst.Call)
        and isinstance(iterated.func, cst.Name)
        and iterated.func.value == "range"
        and len(iterated.args) in (1, 2)
        and not any(argument.star for argument in iterated.args)
    )


def _overlaps(piece: Any, turn: cst.For) -> bool:
    """Say whether a piece of a sequence shares rows with that of the next turn of its loop."""
    while isinstance(piece, (cst.Attribute, cst.Call)):
        attribute = piece.func if isinstance(piece, cst.Call) else piece
        if not isinstance(attribute, cst.Attribute) or attribute.attr.value not in _KEEPING:
            return False
        piece = attribute.value
    index = piece.slice[0].slice if isinstance(piece, cst.Subscript) else None
    if not isinstance(index, cst.Slice) or index.step is not None or not isinstance(turn.target, cst.Name):
        return False
    lower, upper = _offset(index.lower, turn.target.value), _offset(index.upper, turn.target.value)
    return lower is not None and upper is not None and (lower, upper) not in _SINGLE


def _offset(bound: Any, counter: str) -> str | None:
    """Return how far a bound is from a loop's counter, in some spelling; None if it does not go with it."""
    if isinstance(bound, cst.Name):
        return "" if bound.value == counter else None
    if not isinstance(bound, cst.BinaryOperation) or not isinstance(bound.operator, (cst.Add, cst.Subtract)):
        return None
    inner = _offset(bound.left, counter)
    if inner is None or _mentions(bound.right, counter):
        return None
    amount = bound.right.value if isinstance(bound.right, (cst.Integer, cst.Name)) else "?"
    return f"{inner}{type(bound.operator).__name__}{amount}"


def _mentions(node: Any, name: str) -> bool:
    """Say whether a name stands anywhere in an expression."""
    if isinstance(node, cst.Name):
        return node.value == name
    if isinstance(node, cst.Attribute):
        return _mentions(node.value, name)
    return any(_mentions(child, name) for child in node.children)
