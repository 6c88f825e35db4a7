"""Equalities and chained stores, as the walk meets them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import libcst as cst

from xops_lint.expression import Expression
from xops_lint.languages.python.values import NOTHING
from xops_lint.operations import ChainedStore, Equality

if TYPE_CHECKING:
    from xops_lint.languages.python.expressions import Evaluator

_MASKS = (cst.Comparison, cst.BinaryOperation, cst.UnaryOperation, cst.List, cst.ListComp)
"""What stands in a subscript if it picks rows or columns by a mask or a list."""

_LOCATORS = frozenset({"loc", "iloc"})


def note_equalities(evaluator: Evaluator, node: cst.Comparison, values: Sequence[Expression]) -> None:
    """Write down the comparisons with what equals nothing."""
    nodes = [node.left, *(comparison.comparator for comparison in node.comparisons)]
    for position, comparison in enumerate(node.comparisons):
        if not isinstance(comparison.operator, (cst.Equal, cst.NotEqual)):
            continue
        for side, written in zip(values[position : position + 2], nodes[position : position + 2]):
            entry = evaluator.catalog.lookup(side.name) if side.name and _is_fixed(evaluator, written, side) else None
            if entry is not None and "equals_nothing" in entry.traits:
                unequal = isinstance(comparison.operator, cst.NotEqual)
                equality = Equality(side.name, unequal)
                evaluator.record.equalities.append(equality)
                evaluator.record.want(node, equality)
                if len(node.comparisons) == 1:
                    evaluator.record.want(node.left if side is values[0] else comparison.comparator, equality, "side")
                break


def _is_fixed(evaluator: Evaluator, node: cst.BaseExpression, value: Expression) -> bool:
    """Say whether code spells a value out, or a constant or import does; a variable may hold it on one branch alone."""
    if isinstance(node, cst.Name) and any(each.name == node.value for each in evaluator.record.imports):
        return True
    if isinstance(node, cst.Call):
        return isinstance(node.func, cst.Name) and node.func.value == "float"
    name = node.attr.value if isinstance(node, cst.Attribute) else node.value if isinstance(node, cst.Name) else ""
    return name.isupper() or name.lower() == value.name.rpartition(".")[2].lower()


def note_store(evaluator: Evaluator, target: cst.Subscript) -> None:
    """Write down a store whose target is itself taken out of a table."""
    taken: Any = target.value
    locator = ""
    if isinstance(taken, cst.Attribute) and taken.attr.value in _LOCATORS:
        taken, locator = taken.value, taken.attr.value
    if not isinstance(taken, (cst.Subscript, cst.Attribute)):
        return
    table = _known(evaluator, taken.value)
    member = "__getitem__" if isinstance(taken, cst.Subscript) else "__getattr__"
    if not table.type or (isinstance(taken, cst.Attribute) and _catalogued(evaluator, table.type, taken.attr.value)):
        return
    entry = evaluator.catalog.lookup(f"{table.type}.{member}")
    if entry is not None and entry.copies_since is not None:
        store = ChainedStore(isinstance(taken, cst.Subscript) and _by_rows(taken), entry.copies_since)
        evaluator.record.stores.append(store)
        evaluator.record.want(target, store)
        _note_parts(evaluator, store, taken, _index(target) if locator != "iloc" else None, bool(locator))


def _note_parts(evaluator: Evaluator, store: ChainedStore, taken: Any, second: Any, located: bool) -> None:
    """Ask where rows and column stand in a store that could be made in one step."""
    if isinstance(taken, cst.Attribute):
        rows, column, store.attribute = second, taken.attr, True
    else:
        first = _index(taken)
        by_column = isinstance(first, cst.SimpleString)
        rows, column = (second, first) if by_column else (first, second)
        if not by_column and (located or not isinstance(second, cst.SimpleString) or not store.by_rows):
            return
    table = taken.value
    if isinstance(table, cst.Attribute) and table.attr.value in _LOCATORS:
        if table.attr.value != "loc":
            return
        table = table.value
    if rows is None or isinstance(rows, (cst.SimpleString, cst.List)):
        return
    for node, part in ((table, "table"), (rows, "rows"), (column, "column")):
        evaluator.record.want(node, store, part)


def _index(node: Any) -> Any:
    """Return the one value in a subscript; None for slices and several."""
    index = node.slice[0].slice if len(node.slice) == 1 else None
    return index.value if isinstance(index, cst.Index) and not isinstance(index.value, cst.Tuple) else None


def _catalogued(evaluator: Evaluator, type: str, attribute: str) -> bool:
    return evaluator.catalog.lookup(f"{type}.{attribute}") is not None


def _known(evaluator: Evaluator, node: Any) -> Expression:
    """Return the value of a name or of its attributes, without a second evaluation of calls."""
    if isinstance(node, cst.Name):
        return evaluator.scope.lookup(node.value) or NOTHING
    if isinstance(node, cst.Attribute):
        return evaluator.attribute(_known(evaluator, node.value), node.attr.value)
    return NOTHING


def _by_rows(taken: cst.Subscript) -> bool:
    first = taken.slice[0].slice
    return isinstance(first, cst.Index) and isinstance(first.value, _MASKS)
