"""Ordering comparisons, and what code does where they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import libcst as cst

from xops_lint.expression import Expression
from xops_lint.operations import Comparison

if TYPE_CHECKING:
    from xops_lint.languages.python.expressions import Evaluator

_ORDERING: Final = (cst.LessThan, cst.LessThanEqual, cst.GreaterThan, cst.GreaterThanEqual)

_LITERALS: Final = (cst.Integer, cst.Float, cst.SimpleString, cst.UnaryOperation)


def note_ordering(evaluator: Evaluator, node: cst.Comparison, values: Sequence[Expression], value: Expression) -> None:
    """Write down a comparison that asks which of two values is larger."""
    if not any(isinstance(comparison.operator, _ORDERING) for comparison in node.comparisons):
        return
    written = (node.left, *(each.comparator for each in node.comparisons))
    counts, literal = any(map(_counts, written)), any(isinstance(side, _LITERALS) for side in written)
    noted = Comparison(evaluator.scope.function.name, value.sources, counts, evaluator.loop, literal)
    if value.parts:
        noted.parts, noted.sides = value.parts, tuple(each.sources for each in values)
        evaluator.record.want(node, noted, needed=False)
    evaluator.record.comparisons.append(noted)


def note_held(evaluator: Evaluator, first: int, last: int, start: int, body: Any) -> None:
    """Write down of comparisons what is done where they hold: the calls from a start on, and the names given."""
    names: tuple[str, ...] | None = None
    for comparison in evaluator.record.comparisons[first:last]:
        if comparison.parts:
            names = tuple(_assigned(body)) if names is None else names
            comparison.held, comparison.given = (start, len(evaluator.record.calls)), names


def note_named(comparison: Comparison, target: Any) -> None:
    """Write down the name under which code keeps whether a comparison holds."""
    if comparison.parts and isinstance(target, cst.Name):
        comparison.given = (target.value,)


def _assigned(body: Any) -> Iterator[str]:
    """Yield the names that the statements of a block give another value."""
    for statement in body.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            for target in small.targets if isinstance(small, cst.Assign) else ():
                named = target.target.attr if isinstance(target.target, cst.Attribute) else target.target
                if isinstance(named, cst.Name):
                    yield named.value


def _counts(side: Any) -> bool:
    """Say whether a value is only a count of things."""
    return isinstance(side, cst.Call) and isinstance(side.func, cst.Name) and side.func.value == "len"
