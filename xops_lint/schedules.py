"""When pipelines that a clock starts begin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from xops_lint.code import Call
from xops_lint.expression import Expression

WITHOUT_INTERVALS: Final = frozenset({None, "@once", "@continuous", "None", "none"})
"""Schedules that leave no interval to wait for or to make up for."""


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
