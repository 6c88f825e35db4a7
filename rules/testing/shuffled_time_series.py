"""Rows that stand in the order of time are split at random."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.drawing import draws, ordered
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP411",
    name="shuffled-time-series",
    summary="Rows that stand in the order of time are split at random.",
    harm="The model has seen the days around each test row, which it never will in production; the score is too good.",
    remedy="Test on the latest rows: `shuffle=False`, a cut at a date, or a splitter for time series.",
    ops=("mlops",),
    severity=Severity.ERROR,
    group=Group.PREVIEW,
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report every split by chance of rows whose code takes them in an order."""
    for draw in draws(file):
        order = ordered(file, draw)
        if order is not None:
            related = (Related(order.range, told(file, order)),)
            yield RULE.at(draw.call.callee, "puts rows of a series at random into the parts", related=related)


def told(file: PythonFile, order: Call) -> str:
    """Say how a call tells that rows stand in an order."""
    if order.index in file.gathered:
        return "each row shares values with the next one"
    return (
        "the series is read here" if "load_data" in order.roles else "values are taken from earlier or later rows here"
    )
