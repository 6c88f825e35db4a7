"""A schedule does not say whether missed runs are made up for."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.edits import passed
from xops_lint.model import Argument, Call, Facts, Project
from xops_lint.rule import Rule
from xops_lint.schedules import WITHOUT_INTERVALS, starts
from xops_lint.versions import may_use

RULE = Rule(
    code="XOP610",
    name="implicit-catchup",
    summary="A schedule does not say whether missed runs are made up for.",
    harm="Switching the pipeline on, or on again after a pause, starts a run for every interval since its start date.",
    remedy="Say what you mean: `catchup=False`, or `catchup=True` where every interval must be filled.",
    ops=("dataops",),
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report schedules without a word on missed runs, where the tool's version and settings make up for them."""
    if any(value.text.lower() != "true" for _, value in project.values("catchup")):
        return
    for file, call in project.shown.calls("orchestrate"):
        if not call.takes("catchup") or call.argument("catchup") or call.unpacks:
            continue
        if recurs(call.argument("schedule")) and begins_before(file, call) and makes_up(project, file, call):
            message = f"does not say with `{call.spelling('catchup')}` whether missed runs are made up for"
            fix = passed(call, "catchup", "False", "Leave missed runs out")
            yield RULE.at(call.callee, message, path=file.path, fix=fix)


def begins_before(file: Facts, call: Call) -> bool:
    """Say whether the schedule is known to begin at a date of its own: one that moves with the clock stays near."""
    dates = list(starts(call))
    return bool(dates) and not any(next(file.sources(date, "clock"), None) for date in dates)


def recurs(schedule: Argument | None) -> bool:
    """Say whether a schedule is known to have intervals; without one the tool's default has."""
    if schedule is None:
        return True
    if schedule.value.known:
        return isinstance(schedule.value.constant, str) and schedule.value.constant not in WITHOUT_INTERVALS
    return schedule.value.type.endswith("timedelta")


def makes_up(project: Project, file: Facts, call: Call) -> bool:
    """Say whether the tool makes up for missed runs unless told otherwise: older versions do."""
    changed = call.entry.safe_since if call.entry is not None else None
    if changed is None:
        return False
    older = may_use(project.dependencies, file, changed[0], f"<{changed[1]}")
    if older is not None:
        return older
    schedule = call.argument("schedule")
    if schedule is not None and schedule.name not in (None, call.spelling("schedule")):
        return True
    return any(written_for_older(other, changed[0]) for other in file.calls)


def written_for_older(call: Call, distribution: str) -> bool:
    """Say whether a call stands in the catalog as out of date since a later version of the tool."""
    deprecated = call.entry.deprecated if call.entry is not None else None
    return deprecated is not None and deprecated.distribution == distribution
