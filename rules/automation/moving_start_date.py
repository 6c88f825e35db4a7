"""A schedule begins at a date that moves."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Argument, Call, Expression, PythonFile
from xops_lint.rule import Rule, Severity
from xops_lint.schedules import WITHOUT_INTERVALS, fewest_days, starts

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
        if schedule is not None and schedule.value.constant in WITHOUT_INTERVALS:
            continue
        for start in starts(call):
            moving = (clock for clock in file.sources(start, "clock") if never_reached(file, start, clock, schedule))
            clock = next(moving, None)
            if clock is not None and clock.index not in seen:
                seen.add(clock.index)
                when = "every day" if by_days(clock) else "every time the file is read"
                yield RULE.at(clock, f"moves the start of the schedule {when}")


def by_days(clock: Call) -> bool:
    """Say whether a clock shows the beginning of a day."""
    return clock.entry is not None and "whole_days" in clock.entry.traits


def never_reached(file: PythonFile, start: Expression, clock: Call, schedule: Argument | None) -> bool:
    """Say whether the end of an interval may move on as its start does: it does not if a whole one lies before."""
    given = [call.value("days") for call in (clock, *file.sources(start, "time_span")) if call.takes("days")]
    days = sum(each for each in given if isinstance(each, int))
    if by_days(clock):
        return bool(given) and days < shortest(schedule)
    # A clock stands anywhere between two ends of intervals.
    return not days or days < 2 * shortest(schedule)


def shortest(schedule: Argument | None) -> int:
    """Return how many days the intervals of a schedule last at least, 0 if that is not known."""
    word = "@daily" if schedule is None else schedule.value.constant
    return fewest_days(word) if isinstance(word, str) else 0
