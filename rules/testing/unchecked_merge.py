"""Tables are joined for training, and nothing says that their keys are unique."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Call, Expression, PythonFile
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP437",
    name="unchecked-merge",
    summary="Tables are joined for training, and nothing says that their keys are unique.",
    harm="A key that comes twice multiplies rows: the model learns some several times, on both sides of a split.",
    remedy="State in the join what is expected of its keys, or check them before.",
    ops=("dataops",),
    group=Group.PREVIEW,
    exploration=True,
)

UNIQUE: Final = ("rows_of_its_own", "groups_rows")
"""Traits of what leaves one row for each key, or may do so."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report joins by the columns of a loaded table whose rows reach a split or a fit."""
    uses = list(file.calls_anywhere("split_data", "train", "tune", "cross_validate"))
    for join in file.all_calls if uses else ():
        if not has(join, "joins") or not join.takes("validate") or by_index(join):
            continue
        if join.unpacks or join.argument("validate") is not None or join.value("how") == "cross":
            continue
        left, right = sides(join)
        use = next((use for use in uses if join.index in use.flowing), None)
        if use is None or right is None or unique(file, left) or not loaded(file, right) or unique(file, right):
            continue
        if not looked_at(file, join, (left, right)) and not weeded(file, join, use):
            yield RULE.at(
                join.callee,
                "joins rows to learn from by keys that may come more than once",
                related=(Related(use.range, "used here"),),
            )


def has(call: Call, *traits: str) -> bool:
    """Say whether the catalog gives a call any of these traits."""
    return call.entry is not None and not call.entry.traits.isdisjoint(traits)


def by_index(join: Call) -> bool:
    """Say whether a join is by the names of rows, which are hardly ever given twice."""
    keys = join.entry.parameters.get("keys") if join.entry is not None else None
    if keys is None or join.argument("keys") is None:
        return bool(join.value("keys") == "index")
    given = (join.keyword(name) for name in keys.names)
    return any(argument is not None and argument.value.constant is True for argument in given)


def sides(join: Call) -> tuple[Expression, Expression | None]:
    """Return the two tables that a join takes: its object or first argument, and the next one."""
    tables = [join.receiver] if join.receiver is not None and not join.takes("data") else []
    tables += [argument.value for argument in join.arguments if argument.value.sources]
    return (tables[0], tables[1]) if len(tables) > 1 else (Expression(), None)


def loaded(file: PythonFile, table: Expression) -> bool:
    """Say whether a table surely holds rows as somebody else has written them."""
    return next(file.sources(table, "load_data"), None) is not None


def unique(file: PythonFile, table: Expression) -> bool:
    """Say whether a table may have one row for each of its keys: figures of groups, or what is left of duplicates."""
    last = {trait: step.index for step in file.behind(table) for trait in (*UNIQUE, "joins") if has(step, trait)}
    joined = last.get("joins", -1)
    return bool(table.figures) or any(last.get(trait, -1) > joined for trait in UNIQUE)


def looked_at(file: PythonFile, join: Call, tables: Sequence[Expression]) -> bool:
    """Say whether the code looks for duplicates in what is joined, or asserts something of it."""
    sources = frozenset({join.index}).union(*(table.sources for table in tables))
    if join.index in file.asked or any(not sources.isdisjoint(each.sources) for each in file.assertions):
        return True
    return any(has(call, "finds_duplicates") and not sources.isdisjoint(call.flowing) for call in file.all_calls)


def weeded(file: PythonFile, join: Call, use: Call) -> bool:
    """Say whether duplicates are dropped, or rows put together, between a join and the use of its rows."""
    steps = (file.call(index) for index in use.flowing if index > join.index)
    return any(has(step, *UNIQUE) and join.index in step.flowing for step in steps)
