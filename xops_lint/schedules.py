"""When pipelines that a clock starts begin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from xops_lint.code import Call
from xops_lint.expression import Expression

WITHOUT_INTERVALS: Final = frozenset({None, "@once", "@continuous", "None", "none"})
"""Schedules that leave no interval to wait for or to make up for."""


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
