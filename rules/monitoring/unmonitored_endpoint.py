"""A model is in service and nothing watches it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.graph.deployments import together
from xops_lint.infrastructure import may_hold
from xops_lint.matching import regex
from xops_lint.model import Project
from xops_lint.naming import speaks_of
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

NAMED = regex(r"monitor|prometheus|grafana|alert|drift|telemetry|observab", re.IGNORECASE)
"""Files, functions and keys of such names watch something, in a way that is not known."""

OPAQUE = ("cloudwatch-agent", "grafana-dashboard")
"""Kinds of configs that may watch an endpoint in ways that nobody has modelled."""

RESOURCES = regex(
    r"monitor|alarm|alert|metric|dashboard|datadog|dynatrace|new_?relic|grafana|prometheus|insights|observab|telemetry|sentry"
    r"|pagerduty|drift",
    re.IGNORECASE,
)
"""Infrastructure of such names watches something."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once, the first deployment of a project without any trace of monitoring."""
    if project.deployments and not watched(project):
        yield together(RULE, project.deployments, ", and nothing in this project watches it")


def watched(project: Project) -> bool:
    """Say whether anything in the project watches anything, or may."""
    if any(file.context.test is False for file, _ in project.calls(*WATCHING)):
        return True
    if any(call.argument("capture") for _, call in project.calls("deploy")) or any(project.of_kind(*OPAQUE)):
        return True
    return (
        speaks_of(project, NAMED)
        or may_hold(project, RESOURCES)
        or any(value.text.lower() != "false" for role in WATCHED for _, value in project.values(role))
    )
