"""One of several values, such as the models that a loop tries in turn: what all of them have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import libcst as cst

from xops_lint.expression import Expression, changed
from xops_lint.languages.python.values import element_of, flow, joined

if TYPE_CHECKING:
    from xops_lint.call import Call
    from xops_lint.catalog import Catalog

PAIRING = frozenset({"zip", "enumerate"})
VIEWS = frozenset({"items", "values"})

_MOST = 64
"""Of a longer list what it holds is not followed one by one."""


def one_of(catalog: Catalog, values: Sequence[Expression]) -> Expression:
    """Return what is known of a value that is any one of some: if their types differ, the one they all are."""
    result = joined(values)
    if len(values) < 2:
        return result
    types = {value.type for value in values}
    if len(types - {""}) > 1:
        result = changed(result, type="" if "" in types else _common(catalog, sorted(types)))
    if result.elements is not None:
        columns = zip(*(value.elements or () for value in values))
        result = changed(result, elements=tuple(one_of(catalog, column) for column in columns))
    return result


def iteration(catalog: Catalog, target: Any, iterated: Expression) -> Expression:
    """Return what one turn of a loop over a value binds to its target."""
    return turn_of(catalog, iterated) if isinstance(target, cst.Tuple) else any_of(catalog, iterated)


def any_of(catalog: Catalog, iterated: Expression) -> Expression:
    """Return what is known of every item of a value."""
    return one_of(catalog, iterated.elements) if iterated.elements else element_of(iterated)


def turn_of(catalog: Catalog, iterated: Expression) -> Expression:
    """Return what a loop over a value takes apart in each turn.

    A splitter yields one value a part; its call's elements are the parts of each turn, not the turns.
    """
    if iterated.elements and all(each.parts and not each.elements for each in iterated.elements):
        return iterated
    return any_of(catalog, iterated)


def item_among(catalog: Catalog, base: Expression, value: Expression) -> Expression:
    """Return what an unknown key takes out of a container, with the type that all its items have."""
    items = _items(base)
    return changed(value, type=one_of(catalog, items).type) if items and not value.type else value


def paired(catalog: Catalog, call: Call) -> Expression | None:
    """Return what a call gives to loop over that pairs the items of containers, if any of these are known."""
    given = [argument.value for argument in call.arguments]
    if call.name == "zip":
        known = any(each.elements for each in given)
        return _rows(given, (turn_of(catalog, each) for each in given)) if known else None
    if call.name == "enumerate":
        return _rows(given, (flow(), turn_of(catalog, given[0]))) if given and given[0].elements else None
    items = _items(call.receiver) if call.receiver is not None and call.receiver.entries and not given else ()
    if call.receiver is None or not items:
        return None
    if call.method == "values":
        return changed(flow(call.receiver), elements=items)
    return _rows([call.receiver], (flow(), one_of(catalog, items)))


def appended(container: Expression, call: Call) -> tuple[Expression, ...] | None:
    """Return the items of a container, one after another, after a call put a further one at its end."""
    known = container.elements
    if known is None or call.method != "append" or call.unpacks or len(call.arguments) != 1 or len(known) > _MOST:
        return None
    return (*known, call.arguments[0].value)


def _items(base: Expression) -> tuple[Expression, ...]:
    """Return all items of a container, or none if some are not known."""
    if base.entries is not None:
        return () if "**" in base.entries else tuple(base.entries.values())
    return base.elements or ()


def _rows(given: Sequence[Expression], row: Iterable[Expression]) -> Expression:
    whole = flow(*given)
    return Expression(sources=whole.sources, parts=whole.parts, elements=(changed(whole, elements=tuple(row)),))


def _common(catalog: Catalog, types: Sequence[str]) -> str:
    """Return the nearest type that all of some types are."""
    first, *others = ((type, *catalog.bases(type)) for type in types)
    return next((type for type in first if all(type in other for other in others)), "")
