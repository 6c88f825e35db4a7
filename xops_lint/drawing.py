"""Rows that chance puts into parts, and what the code tells of how these rows hang together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xops_lint.call import Call
from xops_lint.expression import Expression
from xops_lint.leakage import is_part, parts_handed

if TYPE_CHECKING:
    from xops_lint.code import PythonFile


@dataclass(frozen=True, slots=True)
class Draw:
    """A call that puts each row into a part by chance, and the rows it is given."""

    call: Call
    rows: tuple[Expression, ...]


def draws(file: PythonFile) -> Iterator[Draw]:
    """Yield the first splits by chance of rows: those of a part that was cut before stay in that part."""
    for call in file.calls("split_data", "cross_validate"):
        if call.argument("groups") is not None or not _by_chance(file, call):
            continue
        rows = tuple(argument.value for argument in call.arguments if not _splitter(file, argument.value))
        if not any(is_part(file, part) for value in rows for part in (value, *parts_handed(file, value))):
            yield Draw(call, rows)


def ordered(file: PythonFile, draw: Draw) -> Call | None:
    """Return the first call that tells that rows stand in an order, or share values with their neighbours."""
    for call in _behind(file, draw):
        traits = call.entry.traits if call.entry else frozenset[str]()
        if "row_order" in traits and (not call.roles or ("load_data" in call.roles and not _aggregated(draw))):
            return call
        if call.index in file.gathered and file.gathered[call.index].window:
            return call
    return None


def tied(file: PythonFile, draw: Draw) -> Iterator[tuple[Call, str]]:
    """Yield the calls that tell that several rows belong together, with the name of what they belong to."""
    for call in _behind(file, draw):
        if call.index in file.gathered:
            yield from ((call, owner) for owner in file.gathered[call.index].owners)
        elif call.entry is not None and "within_groups" in call.entry.traits and call.receiver is not None:
            yield from ((call, name) for name in _keys(file, call.receiver))


def _keys(file: PythonFile, groups: Expression) -> Iterator[str]:
    """Yield the known names of the columns by which a table was put into groups."""
    grouping = [call for call in file.behind(groups) if call.entry and "groups_rows" in call.entry.traits]
    # Of several groupings behind one another, the last one is that of the object.
    keys = grouping[-1].argument("keys") if grouping else None
    names = keys.value.constant if keys is not None else None
    yield from (name for name in (names if isinstance(names, list) else [names]) if isinstance(name, str))


def _behind(file: PythonFile, draw: Draw) -> Iterator[Call]:
    found = {call.index: call for value in draw.rows for call in file.behind(value)}
    return (found[index] for index in sorted(found))


def _aggregated(draw: Draw) -> bool:
    """Say whether rows hold figures, which may be all that is left of the series behind them."""
    return any(value.figures or value.learned for value in draw.rows)


def _by_chance(file: PythonFile, call: Call) -> bool:
    """Say whether a call surely divides rows by chance: by itself, or by the splitter that it is given."""
    if call.entry is not None and call.entry.parts and "folds" not in call.entry.traits:
        return call.by_chance() is True
    values = [call.receiver, *(argument.value for argument in call.arguments)]
    makers = [maker for value in values if value is not None for maker in _splitter(file, value)]
    return bool(makers) and all(maker.by_chance() is True and not _by_groups(maker) for maker in makers)


def _splitter(file: PythonFile, value: Expression) -> list[Call]:
    """Return the calls that made a value, if it is nothing but something that splits."""
    makers = list(file.behind(value))
    alone = not value.parts and all("split_data" in maker.roles for maker in makers)
    return makers if alone and all(source >= 0 for source in value.sources) else []


def _by_groups(call: Call) -> bool:
    return call.entry is not None and "by_groups" in call.entry.traits
