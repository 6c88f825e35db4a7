"""A service answers predictions, and counts neither requests nor errors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import Facts, Project
from xops_lint.naming import is_about, speaks_of
from xops_lint.rule import Group, Rule
from xops_lint.serving import bare_services, routes

RULE = Rule(
    code="XOP712",
    name="uninstrumented-service",
    summary="A service answers predictions, and counts neither requests nor errors.",
    harm="Nobody sees that answers take a second longer, that every tenth one fails, or that no requests come at all.",
    remedy="Count requests, errors and times, by model version, and expose them for a collector.",
    ops=("mlops",),
    group=Group.PREVIEW,
)

COUNTING = ("metric", "monitor", "capture_data")
"""Roles of calls that count something in operation."""

NAMED = regex(
    r"prometheus|grafana|instrument|telemetry|statsd|datadog|ddtrace|new_?relic|sentry|elastic_?apm|tracing|tracer|insights|cloudwatch"
    r"|influx|monitor|logfire|scrape|stackdriver",
    re.IGNORECASE,
)
"""Files, functions, imports and keys of such names count or trace, in a way that is not known."""

METRICS = regex(
    r"^(?!sklearn|torchmetrics|keras|tensorflow|datasets|evaluate).*(?:metric|counter|latenc)", re.IGNORECASE
)
"""Names of a service's own that count; those of libraries that score models do not."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report the services of one's own that nothing counts the requests of."""
    services = list(bare_services(project))
    if not services or next(project.values("scrape"), None) is not None or speaks_of(project, NAMED):
        return
    for file, made in services:
        reached = [project.files[path] for path in {place.path for place in project.reach(file)}]
        counted = next(project.calls_reached(file, *COUNTING), None) is not None
        if not counted and not any(counts(other) for other in reached):
            yield RULE.at(made, "answers predictions and counts neither requests nor errors", path=file.path)


def counts(file: Facts) -> bool:
    """Say whether a module that a service runs is about counting, or answers with counts."""
    return any("metrics" in route for _, route in routes(file)) or is_about(file, METRICS)
