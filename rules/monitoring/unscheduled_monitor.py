"""A monitor is defined and nothing ever runs it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.infrastructure import may_hold
from xops_lint.matching import regex
from xops_lint.model import Call, Project
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP715",
    name="unscheduled-monitor",
    summary="A monitor is defined and nothing ever runs it.",
    harm="Everybody believes the model is watched, and it is not.",
    remedy="Create the monitor's schedule, in the same script or where the endpoint is deployed.",
    ops=("mlops",),
    group=Group.PREVIEW,
)


RESOURCES = regex(r"monitor|schedul|event|cron|sfn|composer|mwaa", re.IGNORECASE)
"""Infrastructure of such names may start a monitor."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a file, monitors that need a schedule, in a project that has none for any."""
    if scheduled(project):
        return
    reported: set[str] = set()
    for file, call in project.shown.calls("monitor"):
        if waits(call) and file.path not in reported and not file.context.test:
            reported.add(file.path)
            yield RULE.at(call.callee, "defines a monitor that no schedule runs", path=file.path)


def scheduled(project: Project) -> bool:
    """Say whether anything in the project schedules a monitor, runs one in a pipeline, or may."""
    by_code = any({"schedule", "step"} & call.roles for _, call in project.calls("monitor"))
    in_pipeline = any("step" in call.roles for _, call in project.calls("validate_data"))
    return by_code or in_pipeline or next(project.values("monitor"), None) is not None or may_hold(project, RESOURCES)


def waits(call: Call) -> bool:
    """Say whether what a call defines does nothing until a schedule runs it."""
    return call.entry is not None and "scheduled" in call.entry.traits
