"""What tables, rows and figures come to when code cuts, joins and changes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from xops_lint.call import Call
from xops_lint.columns import Columns
from xops_lint.expression import UNKNOWN, Expression, changed
from xops_lint.languages.python.values import NOTHING, lessons

if TYPE_CHECKING:
    from xops_lint.catalog import Catalog
    from xops_lint.entry import Entry

_ROWS = frozenset({"row_order", "groups_rows", "within_groups"})
"""Traits that tell of the rows of a table."""

COLLECTORS = frozenset({"append", "extend", "add", "insert", "update"})
"""Methods of containers that put something into them."""

_COLUMN_AXES = (1, "columns")


def names_in(index: Expression) -> frozenset[str]:
    """Return the column names that a subscript asks for; none if they are not known."""
    known = index.constant
    if isinstance(known, str):
        return frozenset({known})
    if isinstance(known, list) and known and all(isinstance(name, str) for name in known):
        return frozenset(known)
    return frozenset()


def stored(base: Expression, value: Expression, names: frozenset[str] = frozenset()) -> Expression:
    """Return a container after a value went into it, into the columns of these names if any are known."""
    kept = base.learned
    taken = value.learned
    if names and (kept or taken):
        kept = frozenset(lesson for lesson in kept if lesson[1] not in names)
        taken = frozenset((call, name) for call, _ in taken for name in names)
    return changed(
        base,
        sources=base.sources | value.sources,
        parts=base.parts | value.parts,
        learned=kept | taken,
        constant=UNKNOWN,
        columns=base.columns.added(names) if base.columns is not None else None,
    )


def taught(base: Expression, value: Expression, calls: Sequence[Call]) -> Expression:
    """Return a value that goes into some rows of a table, with what it knows of all of them if it is their figure."""
    own = [index for index in value.figures if _is_usual(calls[index]) and _of_table(calls[index], base)]
    return changed(value, learned=value.learned | lessons(own)) if own else value


def _is_usual(call: Call) -> bool:
    """Say whether a figure is no extreme: one more than the largest is a code for rows that have none."""
    return call.entry is None or "extreme" not in call.entry.traits


def _of_table(call: Call, table: Expression) -> bool:
    return not call.rows.sources.isdisjoint(table.sources)


def subscripted(
    base: Expression, indices: Sequence[Expression], value: Expression, calls: Sequence[Call], whole: bool
) -> Expression:
    """Return what a subscript takes out of a table: its rows' lessons and columns, not those of the index.

    An index says which rows and columns are kept; only one that a fitted step gives
    tells of other rows. ``whole`` says that a single index names rows, not columns.
    """
    if not (base.columns or value.learned or value.figures):
        return value
    names = frozenset[str]() if whole and len(indices) == 1 else names_in(indices[-1]) if indices else frozenset()
    chosen = frozenset(lesson for index in indices for lesson in index.learned if _chooses_columns(calls, lesson[0]))
    columns = base.columns
    if columns is not None and not (whole and len(indices) == 1):
        columns = columns.only(names) if names else None
    return changed(value, learned=_of(base.learned, names) | chosen, figures=base.figures, columns=columns)


def column(base: Expression, name: str, value: Expression) -> Expression:
    """Return the column of a table that is reached as an attribute."""
    columns = base.columns.only((name,)) if base.columns else None
    return changed(value, learned=_of(base.learned, frozenset({name})), columns=columns)


def without(base: Expression, names: frozenset[str]) -> Expression:
    """Return a table without some of its columns."""
    learned = frozenset(lesson for lesson in base.learned if lesson[1] not in names)
    return changed(base, learned=learned, columns=base.columns.without(names) if base.columns else None)


def after_call(call: Call, entry: Entry, value: Expression, calls: Sequence[Call]) -> Expression:
    """Return the result of a catalogued call with what its rows have learned and which columns it holds."""
    learned, figures = value.learned, value.figures
    if "statistic" in entry.roles:
        if _over_rows(call):
            figures = frozenset({call.index})
    elif entry.roles & {"preprocess", "resample"} or repeats_rows(call) or call.looks_ahead:
        learned |= {(call.index, "")}
    if "transform" in entry.roles and "preprocess" not in entry.roles and call.receiver is not None:
        learned |= call.receiver.learned
    if "applies" in entry.traits and "combines" not in entry.traits:
        figures = frozenset().union(*(argument.value.figures for argument in call.arguments))
    if "combines" in entry.traits:
        learned |= lessons(index for argument in call.arguments for index in argument.value.figures)
    elif "joins" in entry.traits:
        learned |= lessons(_own_figures(call, calls))
    if learned is not value.learned or figures is not value.figures:
        value = changed(value, learned=learned, figures=figures)
    if "statistic" in entry.roles or ("rows_of_its_own" in entry.traits and _by_keys(call)):
        value = changed(value, sources=frozenset(each for each in value.sources if not _tells_of_rows(calls, each)))
    return _with_columns(call, entry, value)


def _by_keys(call: Call) -> bool:
    """Say whether a call that may be given keys is given some."""
    return not call.takes("keys") or call.argument("keys") is not None


def _tells_of_rows(calls: Sequence[Call], index: int) -> bool:
    """Say whether a call is a source only for what it tells of rows: their order, or what holds them together."""
    call = calls[index] if index >= 0 else None
    if call is None or call.roles:
        return False
    # A call without an entry is a source only where it puts rows into a container.
    return call.method in COLLECTORS if call.entry is None else not call.entry.traits.isdisjoint(_ROWS)


def apart(indices: Sequence[Expression], value: Expression, calls: Sequence[Call]) -> Expression:
    """Return what a mask takes out of a table: perhaps one row of each group, if it looks at the rows of groups."""
    if not any(_ties(calls, source) for index in indices for source in index.sources):
        return value
    return changed(value, sources=frozenset(each for each in value.sources if not _ties(calls, each)))


def _ties(calls: Sequence[Call], index: int) -> bool:
    entry = calls[index].entry if index >= 0 else None
    return entry is not None and "within_groups" in entry.traits and "row_order" not in entry.traits


def repeats_rows(call: Call) -> bool:
    """Say whether a call surely gives some rows more than once."""
    if call.entry is None or not call.roles & {"sample_data", "resample"}:
        return False
    if call.takes("replace"):
        return call.value("replace") is True
    return "repeats_rows" in call.entry.traits


def dated(value: Expression, other: Expression, catalog: Catalog) -> Expression:
    """Return a summand without its figures if the other is a length of time: a day to count from teaches nothing."""
    if not value.figures or not other.type:
        return value
    entry = catalog.lookup(other.type)
    return changed(value, figures=frozenset()) if entry is not None and "time_span" in entry.roles else value


def _of(learned: frozenset[tuple[int, str]], names: frozenset[str]) -> frozenset[tuple[int, str]]:
    """Return the lessons that columns of these names have learned, or all if there is no telling."""
    return frozenset(lesson for lesson in learned if not lesson[1] or lesson[1] in names) if names else learned


def _chooses_columns(calls: Sequence[Call], index: int) -> bool:
    return index >= 0 and "preprocess" in calls[index].roles


def _over_rows(call: Call) -> bool:
    """Say whether a figure is taken over rows: along the first axis, or along all."""
    axis = call.value("axis") if call.takes("axis") else None
    return axis is None or axis in (0, "index", "rows")


def _own_figures(call: Call, calls: Sequence[Call]) -> Iterator[int]:
    """Yield the figures that a join brings back to the very rows they were taken over."""
    tables = [call.receiver or NOTHING, *(argument.value for argument in call.arguments)]
    loaded = {
        source
        for table in tables
        if not table.figures
        for source in table.sources
        if source < 0 or "load_data" in calls[source].roles
    }
    for table in tables:
        for index in table.figures:
            if not loaded.isdisjoint(calls[index].rows.sources):
                yield index


def _with_columns(call: Call, entry: Entry, value: Expression) -> Expression:
    table = call.receiver or NOTHING
    if ("load_data" in entry.roles or "column_each" in entry.traits) and value.type:
        return changed(value, columns=Columns(call.index))
    if "table" in entry.traits and call.takes("columns"):
        return changed(value, columns=_made(call))
    if "same_columns" in entry.traits and table.columns is not None:
        return changed(value, columns=table.columns)
    if "drops_columns" in entry.traits:
        return _dropped(call, table, value)
    return value


def _made(call: Call) -> Columns | None:
    """Return the columns of a table that is made of values at hand, if all of them are known."""
    named, data = call.argument("columns"), call.argument("data")
    if named is not None:
        names = names_in(named.value)
        return Columns(call.index, names) if names else None
    if not call.arguments:
        return Columns(call.index, frozenset())
    if data is None:
        return None
    rows = data.value.elements or (data.value,)
    known = [_fields(row, call.index) for row in rows]
    return known[0] if all(each == known[0] for each in known) else None


def _fields(row: Expression, table: int) -> Columns | None:
    """Return the columns that a mapping from names to values makes."""
    if row.columns is not None and row.columns.record:
        return replace(row.columns, table=table)
    if not row.entries or not all(isinstance(name, str) and name != "**" for name in row.entries):
        return None
    return Columns(table, frozenset(row.entries))


def _dropped(call: Call, table: Expression, value: Expression) -> Expression:
    named = call.argument("columns")
    if named is None:
        return value
    by_axis = named.position is not None or named.name != call.spelling("columns")
    axis = call.value("axis")
    if by_axis and axis not in _COLUMN_AXES:
        return changed(value, columns=table.columns) if axis == 0 else value
    names = names_in(named.value)
    if not names:
        return value
    return without(changed(value, columns=table.columns), names)
