"""A schedule begins at a date that moves."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Call, Expression, PythonFile
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP609",
    name="moving-start-date",
    summary="A schedule begins at a date that moves.",
    harm="The first interval never ends, so the pipeline never runs, or a rerun covers other days than the run did.",
    remedy="Write the date: `start_date=datetime(2024, 1, 1)`.",
    ops=("dataops",),
    severity=Severity.ERROR,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report start dates that are computed from the clock."""
    seen: set[int] = set()
    for call in file.calls("orchestrate"):
        schedule = call.argument("schedule")
        if schedule is not None and schedule.value.constant is None:
            continue
        for start in starts(call):
            for clock in file.sources(start, "clock"):
                if clock.index not in seen:
                    seen.add(clock.index)
                    yield RULE.at(clock, "moves the start of the schedule every time the file is read")


def starts(call: Call) -> Iterator[Expression]:
    """Yield the start of a schedule: its own argument, or an entry of a mapping of defaults."""
    if not call.takes("start"):
        return
    start = call.argument("start")
    if start is not None:
        yield start.value
    for argument in call.arguments:
        for name, value in (argument.value.entries or {}).items():
            if name == call.spelling("start"):
                yield value
