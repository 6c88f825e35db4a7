"""A model is in service, its training is here, and nothing ever starts that again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint import ci
from xops_lint.diagnostic import Finding
from xops_lint.graph.deployments import together
from xops_lint.infrastructure import may_hold
from xops_lint.matching import regex
from xops_lint.model import Facts, Project
from xops_lint.naming import speaks_of
from xops_lint.rule import Confidence, Group, Rule
from xops_lint.schedules import by_hand
from xops_lint.serving import routes

RULE = Rule(
    code="XOP515",
    name="missing-retraining-trigger",
    summary="A model is in service, its training is here, and nothing ever starts that again.",
    harm="The model grows old until somebody remembers it, and then nobody knows the steps by heart.",
    remedy="Start the training on a schedule, on new data, or when a drift check or the error crosses a threshold.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
    group=Group.OPTIONAL,
)

NAMED = regex(
    r"re_?-?train|schedul|(?<![a-z])cron|trigger|continuous.?training|airflow|beat(?:_schedule)", re.IGNORECASE
)
"""Files, functions and keys of such names may start a training again."""

RESOURCES = regex(
    r"train|schedul|event|trigger|cron|notification|subscription|sfn|workflow|composer|mwaa|airflow|pipeline|databricks_job|build",
    re.IGNORECASE,
)
"""Infrastructure of such names may start a training."""

AGAIN = regex(r"re[-_]?train", re.IGNORECASE)

STARTING = frozenset({"train", "run_pipeline"})
"""Roles of commands that start a training."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once, the first deployment of a project that trains, where nothing starts a training by itself."""
    deployed = [each for each in project.deployments if not each.published]
    if deployed and trains(project) and not triggered(project):
        yield together(RULE, deployed, ", and nothing in this project starts its training again")


def trains(project: Project) -> bool:
    """Say whether the project fits models, its tests and examples aside."""
    return any(
        not file.context.test and not file.context.example
        for file, _ in project.calls("train", "tune", "cross_validate")
    )


def triggered(project: Project) -> bool:
    """Say whether a clock, an event or a threshold starts a training, or may start anything."""
    if next(project.calls("schedule"), None) is not None or next(project.values("schedule"), None) is not None:
        return True
    pipelines = [call for _, call in project.calls("orchestrate") if call.takes("schedule")]
    if (pipelines and not by_hand(pipelines)) or may_hold(project, RESOURCES):
        return True
    if any(place.path in project.training for place in project.deployments) or ci.unread(project):
        return True  # The service trains by itself, or CI may.
    asked = any("train" in address for file in project.python for _, address in routes(file))
    return asked or any(mentions(file) for file in project.python) or ci_trains(project) or speaks_of(project, NAMED)


def mentions(file: Facts) -> bool:
    """Say whether code has a name for training once more, be it that of a setting."""
    return any(AGAIN.search(name) for names in (file.names, *file.references.values()) for name in names)


def ci_trains(project: Project) -> bool:
    """Say whether CI starts a training, be it in an image that it builds, or something that nobody can read."""
    files = ci.files(project)
    commands = [command for file in files for command in file.commands]
    started = {path for facts in project.of_kind("dockerfile") for path in starts(project, facts)} if files else set()
    if any(command.roles & STARTING or ci.is_task(command) for command in commands):
        return True
    return not project.training.isdisjoint(ci.exercised(project) | started)


def starts(project: Project, file: Facts) -> Iterator[str]:
    """Yield the programs that a file starts."""
    return (path for path, by in project.launchers.items() if file.path in by)
