"""Rows that are divided by slices, masks and samples instead of by a splitting call."""

from __future__ import annotations

from typing import Any, Final

import libcst as cst

from xops_lint.call import Call
from xops_lint.cut import FIRST_CUT, Cut
from xops_lint.expression import Expression, changed
from xops_lint.languages.python.record import Record
from xops_lint.languages.python.scopes import Scope

_OPPOSITES: Final = {
    cst.LessThan: ("<", "head"),
    cst.GreaterThanEqual: ("<", "tail"),
    cst.LessThanEqual: ("<=", "head"),
    cst.GreaterThan: ("<=", "tail"),
    cst.Equal: ("==", "head"),
    cst.NotEqual: ("==", "tail"),
}
"""Comparisons by the boundary they draw and the side of it they keep."""

_PIECES: Final = ("train", "validation", "test")


class Cuts:
    """Finds the sides of one cut that stand in different places of the code."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self._known: dict[tuple[int, str, str], Cut] = {}
        self._owners: list[Expression] = []

    def side(self, node: cst.Subscript, base: Expression, scope: Scope) -> tuple[int, str] | None:
        """Return the part of a cut that a subscript takes, if it is one side of two."""
        if not base.sources:
            return None
        boundary = _boundary(node.slice[0].slice)
        root = _root(node.value)
        if boundary is None or root is None:
            return None
        owner = scope.lookup(root.value)
        spelled = _spelled(node.value)
        if owner is None or spelled is None:
            return None
        text, side = boundary
        key = (id(owner), spelled, text)
        if key not in self._known:
            self._known[key] = self._new(base, node)
            # While its owner is kept, no other value can have its identity.
            self._owners.append(owner)
        cut = self._known[key]
        cut.sides.add(side)
        return cut.index, side

    def sampled(self, node: Any, call: Call, value: Expression) -> Expression:
        """Return the rows that a call draws from a table: one side of a cut, should the rest be taken elsewhere."""
        table = call.receiver
        if table is None or not table.sources:
            return value
        cut = self._new(table, node)
        cut.sides.add("head")
        return changed(value, parts=value.parts | {(cut.index, "head")})

    def rest(self, call: Call, value: Expression) -> Expression:
        """Return what remains of a table when a call drops the rows of a sample of it."""
        table = call.receiver
        if table is None:
            return value
        for index, side in frozenset().union(*(argument.value.parts for argument in call.arguments)):
            cut = self.record.cuts.get(index)
            if cut is not None and side == "head" and cut.rows.sources == table.sources:
                cut.sides.add("tail")
                return changed(value, parts=table.parts | {(index, "tail")})
        return value

    def pieces(self, node: Any, call: Call, value: Expression) -> Expression:
        """Return the two or three pieces into which a call cuts rows at the places of a list."""
        places = call.arguments[1].value.elements if len(call.arguments) > 1 else None
        if places is None or not value.sources or len(places) not in (1, 2):
            return value
        cut = self._new(call.arguments[0].value, node)
        sides = _PIECES if len(places) == 2 else ("head", "tail")
        cut.sides.update(sides)
        pieces = tuple(changed(value, parts=value.parts | {(cut.index, side)}) for side in sides)
        return changed(value, elements=pieces)

    def _new(self, rows: Expression, node: Any) -> Cut:
        cut = Cut(FIRST_CUT + len(self.record.cuts), rows)
        self.record.cuts[cut.index] = cut
        self.record.want(node, cut, needed=False)
        return cut


def used_cuts(record: Record) -> dict[int, Cut]:
    """Return the cuts of which one side is learned from and another judged by: what makes a split of them."""
    whole = {cut.index: cut for cut in record.cuts.values() if len(cut.sides) > 1}
    if not whole:
        return whole
    taken: dict[str, set[tuple[int, str]]] = {"train": set(), "evaluate": set(), "predict": set()}
    for call in record.calls:
        role = next((role for role in taken if role in call.roles), None)
        if role is None:
            continue
        held_out = call.argument("evaluation_data")
        for argument in call.arguments:
            parts = taken["evaluate" if argument is held_out else role]
            parts.update(part for part in argument.value.parts if part[0] in whole)
    learned, scored = taken["train"], taken["evaluate"]
    for cut in whole.values():
        cut.scored = _apart(cut, learned, scored)
    return {index: cut for index, cut in whole.items() if cut.scored or _apart(cut, learned, taken["predict"])}


def _apart(cut: Cut, first: set[tuple[int, str]], second: set[tuple[int, str]]) -> bool:
    """Say whether one side of a cut is among the first parts and another among the second."""
    return any(
        (cut.index, side) in first and (cut.index, other) in second
        for side in cut.sides
        for other in cut.sides - {side}
    )


def _boundary(index: Any) -> tuple[str, str] | None:
    """Return where an index divides rows, as a text, and the side that it keeps."""
    if isinstance(index, cst.Slice):
        lower = None if isinstance(index.lower, cst.Integer) and index.lower.value == "0" else index.lower
        if index.step is not None or (lower is None) == (index.upper is None):
            return None
        # The windows of the first rows to judge reach back over the boundary.
        text = _spelled(index.upper if lower is None else _without_reach(lower))
        return (text, "head" if lower is None else "tail") if text and text != "0" else None
    value = index.value
    if isinstance(value, cst.UnaryOperation) and isinstance(value.operator, cst.BitInvert):
        text = _spelled(value.expression)
        return (f"mask {text}", "tail") if text else None
    if isinstance(value, cst.Name):
        return f"mask {value.value}", "head"
    if isinstance(value, cst.Comparison) and len(value.comparisons) == 1:
        target = value.comparisons[0]
        drawn = _OPPOSITES.get(type(target.operator))
        left, right = _spelled(value.left), _spelled(target.comparator)
        return (f"{left} {drawn[0]} {right}", drawn[1]) if drawn and left and right else None
    return None


def _without_reach(lower: Any) -> Any:
    """Return where a tail starts but for a length that is taken off: of ``n - 60``, ``n``."""
    reaches_back = isinstance(lower, cst.BinaryOperation) and isinstance(lower.operator, cst.Subtract)
    if reaches_back and isinstance(lower.left, cst.Name) and isinstance(lower.right, (cst.Integer, cst.Name)):
        return lower.left
    return lower


def _root(node: Any) -> cst.Name | None:
    while isinstance(node, (cst.Attribute, cst.Subscript)):
        node = node.value
    return node if isinstance(node, cst.Name) else None


def _spelled(node: Any) -> str | None:
    """Return a simple expression as a text, the same for the same code."""
    if isinstance(node, (cst.Name, cst.Integer, cst.Float, cst.SimpleString)):
        return node.value
    if isinstance(node, cst.Attribute):
        base = _spelled(node.value)
        return f"{base}.{node.attr.value}" if base else None
    if isinstance(node, cst.UnaryOperation):
        operand = _spelled(node.expression)
        return f"{type(node.operator).__name__} {operand}" if operand else None
    if isinstance(node, cst.BinaryOperation):
        left, right = _spelled(node.left), _spelled(node.right)
        return f"({left} {type(node.operator).__name__} {right})" if left and right else None
    if isinstance(node, cst.Call):
        pieces = [_spelled(node.func), *(_spelled(argument.value) for argument in node.args)]
        return "call " + " ".join(map(str, pieces)) if all(pieces) else None
    if isinstance(node, cst.Subscript) and len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        base, index = _spelled(node.value), _spelled(node.slice[0].slice.value)
        return f"{base}[{index}]" if base and index else None
    return None
