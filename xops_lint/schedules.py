"""When pipelines that a clock starts begin, and how often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from xops_lint.call import Call
from xops_lint.expression import Expression
from xops_lint.matching import regex

WITHOUT_INTERVALS: Final = frozenset({None, "@once", "@continuous", "None", "none"})
"""Schedules that leave no interval to wait for or to make up for."""

_NAMED: Final = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@quarterly": "0 0 1 */3 *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_PART: Final = regex(r"(?:\*|(?P<low>\w+)(?:-(?P<high>\w+))?)(?:/(?P<step>\d+))?")


class Cron(NamedTuple):
    """When a cron expression lets something start; ``restricts`` tells which of day and weekday it names."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    restricts: tuple[bool, bool]

    def starts_on(self, day: date) -> bool:
        """Say whether something starts on a day; if both day and weekday are named, either will do."""
        if day.month not in self.months:
            return False
        by_day, by_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return by_day or by_weekday if all(self.restricts) else by_day and by_weekday


@lru_cache(maxsize=256)
def cron(text: str) -> Cron | None:
    """Return when a cron expression of five fields, or its name, lets something start; None for any other text."""
    fields = _NAMED.get(text.strip().lower(), text).lower().split()
    if len(fields) != 5:
        return None
    minutes, hours = _field(fields[0], 0, 59), _field(fields[1], 0, 23)
    days, months = _field(fields[2], 1, 31), _field(fields[3], 1, 12, _MONTHS)
    weekdays = _field(fields[4], 0, 7, _WEEKDAYS)
    if minutes is None or hours is None or days is None or months is None or weekdays is None:
        return None
    restricts = (fields[2][0] not in "*?", fields[4][0] not in "*?")
    return Cron(minutes, hours, days, months, frozenset(each % 7 for each in weekdays), restricts)


def fewest_days(text: str) -> int:
    """Return how many whole days lie at least between two starts; 0 if fewer than one, or if that is not known."""
    found = cron(text)
    if found is None or len(found.minutes) * len(found.hours) != 1:
        return 0
    # Four years hold every month, every weekday and a leap day.
    days = (date(2023, 1, 1) + timedelta(days) for days in range(4 * 366))
    starts = [day for day in days if found.starts_on(day)]
    return min(((after - before).days for before, after in pairwise(starts)), default=0)


def _field(text: str, lowest: int, highest: int, names: Sequence[str] = ()) -> frozenset[int] | None:
    """Return the numbers that one field of a cron expression names; None if it can't be read."""
    found: set[int] = set()
    for part in text.replace("?", "*").split(","):
        match = _PART.fullmatch(part)
        low, high, step = match.groups() if match is not None else ("-", None, None)
        numbers = [_number(word, lowest, names) for word in (low, high) if word]
        first = numbers[0] if numbers else lowest
        last = numbers[1] if len(numbers) > 1 else first if numbers and step is None else highest
        if not lowest <= first <= last <= highest:
            return None
        found.update(range(first, last + 1, int(step or 1) or 1))
    return frozenset(found)


def _number(word: str, lowest: int, names: Sequence[str]) -> int:
    if word in names:
        return names.index(word) + lowest
    return int(word) if word.isdigit() else -1


def by_hand(pipelines: Iterable[Call]) -> bool:
    """Say whether pipelines run only when somebody starts them, and sees how they end."""
    schedules = [pipeline.argument("schedule") for pipeline in pipelines if pipeline.takes("schedule")]
    return bool(schedules) and all(each is not None and each.value.constant is None for each in schedules)


def starts(pipeline: Call) -> Iterator[Expression]:
    """Yield the start of a schedule: its own argument, or an entry of a mapping of defaults."""
    if not pipeline.takes("start"):
        return
    start = pipeline.argument("start")
    if start is not None:
        yield start.value
    for argument in pipeline.arguments:
        for name, value in (argument.value.entries or {}).items():
            if name == pipeline.spelling("start"):
                yield value
