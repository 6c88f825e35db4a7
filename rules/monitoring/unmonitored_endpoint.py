"""A model is in service and nothing watches it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Call, Facts, Project, Range
from xops_lint.rule import Confidence, Rule

RULE = Rule(
    code="XOP701",
    name="unmonitored-endpoint",
    summary="A model is in service and nothing watches it.",
    harm="When its inputs drift, its answers go wrong or it stops answering, the users find out first.",
    remedy="Count requests, errors and latencies, keep a sample of predictions, and alert on both.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
)

WATCHING = ("monitor", "drift", "capture_data", "metric", "alert")
"""Roles of calls that watch something in operation."""

WATCHED = ("capture", "monitor", "scrape", "alert_rule", "alarm")
"""Roles of config values that watch something in operation."""

NAMED = re.compile(r"monitor|prometheus|grafana|alert|drift|telemetry|observab", re.IGNORECASE)
"""Files, functions and keys of such names watch something, in a way that is not known."""

OPAQUE = ("terraform", "cloudwatch-agent", "grafana-dashboard")
"""Kinds of configs that may watch an endpoint, of which no tree is read."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once, the first deployment of a project without any trace of monitoring."""
    found = sorted(deployments(project))
    if not found or watched(project):
        return
    path, where, what = found[0]
    related = tuple(Related(other, "and this one", file) for file, other, _ in found[1:4])
    yield RULE.at(where, f"{what}, and nothing in this project watches it", path=path, related=related)


def deployments(project: Project) -> Iterator[tuple[str, Range, str]]:
    """Yield where the project, not an example or test of it, puts models into service."""
    for file in project.facts:
        if file.context.example or file.context.test:
            continue
        for document in (*file.values("serving_container"), *file.values("traffic")):
            yield file.path, document.key or document.range, "puts a model into service"
        for call in file.acting("deploy"):
            yield file.path, call.range, "deploys a model"
        for call in file.acting("serve"):
            if answers(project, file, call):
                yield file.path, call.range, "serves predictions"


def answers(project: Project, file: Facts, call: Call) -> bool:
    """Say whether a service answers with what a model predicts, and is more than a demonstration."""
    demo = call.entry is not None and "demo" in call.entry.traits
    return (
        not demo and not file.notebook and next(project.calls_reached(file, "load_model", "predict"), None) is not None
    )


def watched(project: Project) -> bool:
    """Say whether anything in the project watches anything, or may."""
    if any(file.context.test is False for file, _ in project.calls(*WATCHING)):
        return True
    if any(call.argument("capture") for _, call in project.calls("deploy")) or any(project.of_kind(*OPAQUE)):
        return True
    return any(named(file) for file in project.facts if not file.context.test) or any(
        value.text.lower() != "false" for role in WATCHED for _, value in project.values(role)
    )


def named(file: Facts) -> bool:
    """Say whether a file, one of its functions or one of its keys is called after watching."""
    return (
        NAMED.search(file.path) is not None
        or any(NAMED.search(definition.name) for definition in file.definitions)
        or any(NAMED.search(name) for tree in file.documents for value in tree.walk() for name in value.items)
    )
