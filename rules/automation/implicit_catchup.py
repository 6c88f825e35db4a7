"""A schedule does not say whether missed runs are made up for."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Argument, Call, PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP610",
    name="implicit-catchup",
    summary="A schedule does not say whether missed runs are made up for.",
    harm="Switching the pipeline on, or on again after a pause, starts a run for every interval since its start date.",
    remedy="Say what you mean: `catchup=False`, or `catchup=True` where every interval must be filled.",
    ops=("dataops",),
)

ONCE = frozenset({"@once", "@continuous", "none"})
"""Schedules that leave no interval to make up for."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report schedules without a word on missed runs, where the tool's version makes up for them."""
    for call in file.calls("orchestrate"):
        if not call.takes("catchup") or call.argument("catchup") or call.unpacks:
            continue
        schedule = call.argument("schedule")
        if recurs(schedule) and makes_up(file, call):
            yield RULE.at(
                call.callee, f"does not say with `{call.spelling('catchup')}` whether missed runs are made up for"
            )


def recurs(schedule: Argument | None) -> bool:
    """Say whether a schedule is known to have intervals; without one the tool's default has."""
    if schedule is None:
        return True
    if schedule.value.known:
        return isinstance(schedule.value.constant, str) and schedule.value.constant.lower() not in ONCE
    return schedule.value.type.endswith("timedelta")


def makes_up(file: PythonFile, call: Call) -> bool:
    """Say whether the tool makes up for missed runs unless told otherwise: older versions do."""
    changed = call.entry.safe_since if call.entry is not None else None
    if changed is None:
        return False
    older = file.may_use(changed[0], f"<{changed[1]}")
    if older is not None:
        return older
    schedule = call.argument("schedule")
    if schedule is not None and schedule.name not in (None, call.spelling("schedule")):
        return True
    return any(written_for_older(other, changed[0]) for other in file.calls_with_roles())


def written_for_older(call: Call, distribution: str) -> bool:
    """Say whether a call stands in the catalog as out of date since a later version of the tool."""
    deprecated = call.entry.deprecated if call.entry is not None else None
    return deprecated is not None and deprecated.distribution == distribution
