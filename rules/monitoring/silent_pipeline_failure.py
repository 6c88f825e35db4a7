"""A pipeline that a clock starts tells nobody when it fails."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.matching import regex
from xops_lint.model import Argument, Call, Facts, Project, Range
from xops_lint.naming import is_about, speaks_of
from xops_lint.rule import Group, Rule
from xops_lint.schedules import WITHOUT_INTERVALS

RULE = Rule(
    code="XOP716",
    name="silent-pipeline-failure",
    summary="A pipeline that a clock starts tells nobody when it fails.",
    harm="The model of last month stays in service, as no one looks at the list of runs.",
    remedy="Let a failure call, write or page somebody, once for all tasks of the pipeline.",
    ops=("devops",),
    group=Group.OPTIONAL,
)

TELLS = regex(
    r"callback|e?mail|notif|alert|slack|pager|opsgenie|teams|telegram|discord|webhook|sentry|on_?fail|(?<![a-z])sns(?![a-z])|(?<![a-z])sla(?![a-z])",
    re.IGNORECASE,
)
"""Names of what tells somebody."""

EVERYWHERE = regex(r"listener|(?:task|dag|cluster)_?polic|local_settings|run_failure_sensor", re.IGNORECASE)
"""Names of what a scheduler calls for all of its pipelines."""

MOST_RELATED = 4


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a file, the scheduled pipelines of which no failure is told."""
    if next(project.values("alert_rule"), None) is not None or speaks_of(project, EVERYWHERE):
        return
    for file in project.shown.facts:
        if file.context.test or file.context.example or file.notebook:
            continue
        found = [*(call.callee for call in silent_calls(project, file)), *(silent_configs(file))]
        if found:
            related = tuple(Related(other, "and so does this one") for other in found[1 : 1 + MOST_RELATED])
            yield RULE.at(
                found[0], "runs on a schedule and tells nobody when it fails", path=file.path, related=related
            )


def silent_calls(project: Project, file: Facts) -> list[Call]:
    """Return the scheduled pipelines of a module, none if anything in it may tell of their failures."""
    pipelines = [call for call in file.playing("orchestrate") if call.takes("failure") and call.takes("schedule")]
    scheduled = [call for call in pipelines if has_schedule(call) and not call.unpacks]
    if not scheduled or is_about(file, TELLS) or any(may_tell(call.argument("failure")) for call in pipelines):
        return []
    for other, call in project.calls_reached(file, "alert", "step"):
        if "alert" in call.roles or call.argument("failure") is not None or call.keyword("trigger_rule") is not None:
            return []
        if other is not file and is_about(other, TELLS):
            return []
    return scheduled


def has_schedule(call: Call) -> bool:
    """Say whether a clock surely starts a pipeline."""
    schedule = call.argument("schedule")
    return schedule is not None and schedule.value.known and schedule.value.constant not in WITHOUT_INTERVALS


def may_tell(given: Argument | None) -> bool:
    """Say whether an argument says what happens after a failure, or may: of defaults that are known, one has to."""
    if given is None or given.value.constant is None:
        return False
    entries = given.value.entries
    if entries is None:
        return True
    telling = {str(key): value.constant for key, value in entries.items() if TELLS.search(str(key)) or key == "**"}
    if any("fail" in key and constant is False for key, constant in telling.items()):
        telling = {key: constant for key, constant in telling.items() if "mail" not in key}
    return any(constant not in (False, None, "") and constant != [] for constant in telling.values())


def silent_configs(file: Facts) -> Iterator[Range]:
    """Yield the schedules of configs that could say who is told, and do not."""
    for kind, document in zip(file.kinds, file.documents):
        roles = file.routes.get(kind, {})
        if {"schedule", "stage", "notification"} <= roles.keys() and next(file.values("stage", document), None):
            schedule = next(file.values("schedule", document), None)
            if schedule is not None and next(file.values("notification", document), None) is None:
                yield schedule.range
