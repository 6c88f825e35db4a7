"""Literals: numbers, and containers with what goes into them and comes out of them."""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import libcst as cst

from xops_lint.expression import UNKNOWN, Expression, changed
from xops_lint.languages.python import tables
from xops_lint.languages.python.alike import item_among
from xops_lint.languages.python.divided import named_part
from xops_lint.languages.python.values import NOTHING, constant, flow, joined, reached

if TYPE_CHECKING:
    from xops_lint.languages.python.expressions import Evaluator

_LONGEST = 64
"""Of a longer sequence the values are not kept as one constant."""


def number(node: cst.Integer | cst.Float) -> Expression:
    """Return the value of a number."""
    try:
        return constant(literal_eval(node.value))
    except (ValueError, SyntaxError, MemoryError):
        return NOTHING


def sequence(evaluator: Evaluator, node: cst.Tuple | cst.List) -> Expression:
    """Return the value of a tuple or list, with its elements unless one of them stands for several."""
    values = [evaluator.evaluate(element.value) for element in node.elements]
    whole = flow(*values)
    if any(isinstance(element, cst.StarredElement) for element in node.elements):
        return whole
    known: Any = UNKNOWN
    if len(values) <= _LONGEST and all(value.known for value in values):
        known = [value.constant for value in values]
    return changed(whole, elements=tuple(values), constant=known)


def unordered(evaluator: Evaluator, node: cst.Set) -> Expression:
    """Return the value of a set."""
    return flow(*[evaluator.evaluate(element.value) for element in node.elements])


def dictionary(evaluator: Evaluator, node: cst.Dict) -> Expression:
    """Return the value of a dictionary, with the entries whose keys are known.

    What is unpacked into it adds its own; under ``**`` stands one whose keys are not known.
    """
    entries: dict[Any, Expression] = {}
    values = []
    for element in node.elements:
        if not isinstance(element, cst.DictElement):
            unpacked = evaluator.evaluate(element.value)
            values.append(unpacked)
            entries.update({"**": unpacked} if unpacked.entries is None else unpacked.entries)
            continue
        key = evaluator.evaluate(element.key)
        hashable = key.known and isinstance(key.constant, (str, int, float, bool))
        value = evaluator.evaluate(element.value, key.constant if isinstance(key.constant, str) else "")
        values.append(value)
        if hashable:
            entries[key.constant] = value
    return changed(flow(*values), entries=entries)


def subscript(evaluator: Evaluator, node: cst.Subscript) -> Expression:
    """Return what a subscript takes out of a container or a table."""
    base = evaluator.evaluate(node.value)
    indices = [evaluator.index(element.slice) for element in node.slice]
    if len(indices) == 1 and indices[0].known:
        if indices[0].constant == 0 and base.sources:
            evaluator.record.firsts.append((len(evaluator.record.calls), base.sources))
        found = item_of(base, indices[0].constant)
        if found is not None:
            return found
    key = indices[0].constant if len(indices) == 1 else None
    if base.name and not base.origin:
        return _word(evaluator, base, key) or reached(flow(*indices), base, key)
    if base.name:
        return changed(base, name="", constant=UNKNOWN, identity=0)
    item = evaluator.catalog.lookup(f"{base.type}.__getitem__") if base.type else None
    value = reached(flow(base, *indices, type=item.returns or "" if item else ""), base, key)
    if base.elements or base.entries:
        value = item_among(evaluator.catalog, base, value)
    if base.scale and value.type == base.type:
        value = changed(value, scale=base.scale)
    by_row = type(node.slice[0].slice) is cst.Slice or (item is not None and "row_index" in item.traits)
    value = tables.apart(indices, value, evaluator.record.calls)
    value = tables.subscripted(base, indices, value, evaluator.record.calls, by_row)
    if item is not None and "named_parts" in item.traits:
        value = named_part(base, key, value, evaluator.record.calls)
    side = evaluator.caller.cuts.side(node, base, evaluator.scope)
    return changed(value, parts=value.parts | {side}) if side else value


def _word(evaluator: Evaluator, base: Expression, key: Any) -> Expression | None:
    """Return the word of the command line at a place behind the program's name, if a base holds these words."""
    entry = evaluator.catalog.lookup(base.name) if isinstance(key, int) and key > 0 else None
    return Expression(origin="cli", route=str(key)) if entry is not None and "option" in entry.roles else None


def item_of(base: Expression, key: Any) -> Expression | None:
    """Return the known item of a container, if it has one under this key."""
    if base.entries is not None and isinstance(key, (str, int, float)):
        return base.entries.get(key)
    if base.elements is not None and isinstance(key, int) and -len(base.elements) <= key < len(base.elements):
        return base.elements[key]
    return None


def spread(targets: Sequence[Any], value: Expression) -> list[Expression]:
    """Return what each target of a tuple assignment receives."""
    elements = value.elements
    starred = [isinstance(target, cst.StarredElement) for target in targets]
    if elements is None or (len(elements) != len(targets) and not any(starred)):
        return [flow(value) for _ in targets]
    if not any(starred):
        return list(elements)
    star = starred.index(True)
    tail = len(targets) - star - 1
    if len(elements) < star + tail:
        return [flow(value) for _ in targets]
    middle = elements[star : len(elements) - tail]
    return (
        [*elements[:star], joined(middle), *elements[len(elements) - tail :]]
        if tail
        else [*elements[:star], joined(middle)]
    )
