"""Two tables are joined without saying by which columns, or which rows are kept."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Call, Expression, PythonFile
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP218",
    name="implicit-merge",
    summary="Two tables are joined without saying by which columns, or which rows are kept.",
    harm="Another column in one of the tables changes what is joined, and rows without a partner vanish unnoticed.",
    remedy="Name the columns and the kind of join, and have the join check which keys are unique.",
    ops=("dataops",),
    group=Group.OPTIONAL,
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report joins that leave to defaults what may change with the data."""
    for call in file.all_calls:
        if call.entry is None or "joins" not in call.entry.traits or call.unpacks:
            continue
        origins = [origin for table in tables(call) if (origin := comes_from(file, table))]
        by_names = "by_shared_names" in call.entry.traits and call.argument("keys") is None
        if not origins:
            continue
        if by_names and call.value("how") != "cross":
            yield RULE.at(call, "joins by whatever columns both tables share")
        elif left_to_default(call) and len(frozenset().union(*origins)) == sum(map(len, origins)):
            yield RULE.at(
                call, "drops the rows without a partner, as it says neither `how` to join nor what to `validate`"
            )


def left_to_default(call: Call) -> bool:
    """Say whether only the default decides that rows are dropped, and nothing checks the keys."""
    return call.argument("how") is None and call.value("how") == "inner" and call.argument("validate") is None


def tables(call: Call) -> Iterator[Expression]:
    """Yield what may be the tables that are joined: the object of a method, and the arguments."""
    if call.receiver is not None:
        yield call.receiver
    yield from (argument.value for argument in call.arguments)


def comes_from(file: PythonFile, table: Expression) -> frozenset[int]:
    """Return the files and the arguments that rows come from; none of tables that the code itself writes out."""
    return frozenset(index for index in table.sources if index < 0 or "load_data" in file.call(index).roles)
