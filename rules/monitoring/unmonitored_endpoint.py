"""A model is served and nothing in the project watches it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Project, Range
from xops_lint.rule import Confidence, Rule

RULE = Rule(
    code="XOP701",
    name="unmonitored-endpoint",
    summary="A model is served and nothing in the project watches it.",
    harm="Whether it answers, how fast and how well is learnt from its users.",
    remedy="Export metrics from the service, keep its requests, or let a monitor check its data; and alert on it.",
    ops=("mlops", "aiops"),
    confidence=Confidence.MEDIUM,
)

WATCHING = ("monitor", "capture_data", "metric", "alert", "drift")
"""Roles of code that watches a service, its data or its model."""

WATCHING_IN_CONFIGS = ("monitor", "capture", "alert_rule", "alarm")
"""Roles of config values that do."""

WATCHING_KINDS = ("service-monitor", "prometheus", "prometheus-rules", "prometheus-rule-object", "alertmanager")


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once, the first place that puts a model into service in a project that watches nothing."""
    if watched(project):
        return
    served = sorted(places(project), key=lambda place: (place[0].count("/"), place[0], place[1]))
    if served:
        path, where = served[0]
        yield RULE.at(where, "serves a model that nothing in this project watches", path=path)


def places(project: Project) -> Iterator[tuple[str, Range]]:
    """Yield where models are put into service: by manifests, by deploying calls, by prediction services."""
    for file, value in project.values("endpoint"):
        if not file.context.test and not file.context.example:
            yield file.path, value.key or Range(value.range.start, value.range.start)
    for file, call in project.calls("deploy"):
        if not file.context.test and not file.context.example and not file.notebook:
            yield file.path, call.range
    for file, call in project.calls("serve"):
        predicts = next(file.playing("predict", "load_model"), None) is not None
        if predicts and not file.context.test and not file.context.example:
            yield file.path, call.range


def watched(project: Project) -> bool:
    """Say whether anything at all in the project watches a service."""
    by_code = any(not file.context.test for file, _ in project.calls(*WATCHING))
    by_value = any(next(project.values(role), None) is not None for role in WATCHING_IN_CONFIGS)
    return by_code or by_value or next(project.of_kind(*WATCHING_KINDS), None) is not None
