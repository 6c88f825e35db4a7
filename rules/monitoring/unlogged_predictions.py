"""Predictions are served, and neither they nor their inputs are kept anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import Definition, Facts, Project
from xops_lint.rule import Confidence, Group, Rule
from xops_lint.serving import PREDICTION_ROUTE, bare_services, routes

RULE = Rule(
    code="XOP713",
    name="unlogged-predictions",
    summary="Predictions are served, and neither they nor their inputs are kept anywhere.",
    harm="No wrong answer can be looked into, drift cannot be measured, and nothing joins answers with later outcomes.",
    remedy="Keep a sample of requests and answers with time, model version and an id, without what identifies people.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
    group=Group.PREVIEW,
)

KEEPING = (
    "save_data",
    "capture_data",
    "track",
    "log_metrics",
    "log_artifact",
    "start_run",
    "monitor",
    "drift",
    "hand_over",
)
"""Roles of calls that keep something of a request."""

STORES = regex(
    r"(?<![a-z])log(?:s|g|_|$|(?=[A-Z]))|loguru|structlog|(?<![a-z])save(?!d)|saving|stor(?:e|age|ing)|record|insert|append|writ|publish|produc|queue|kafka|rabbit|pika"
    r"|celery|redis|mongo|sql|postgres|database|(?<![a-z])db(?![a-z])|peewee|tortoise|supabase|firestore|firebase|bigquery"
    r"|dynamo|boto|history|audit|track|monitor|telemetry|csv|sentry|insights|mlflow|wandb|evidently",
    re.IGNORECASE,
)
"""Names of what keeps something, whatever it is."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a service, the first handler for predictions where nothing that it runs keeps anything."""
    for file, _ in bare_services(project):
        reached = [project.files[path] for path in sorted({place.path for place in project.reach(file)})]
        handler = next((found for other in reached for found in handlers(other)), None)
        if handler is None or any(keeps(other) for other in reached):
            continue
        if next(project.calls_reached(file, *KEEPING), None) is None and not writes(project, file):
            path, definition = handler
            yield RULE.at(definition, "answers predictions that are kept nowhere", path=path)


def handlers(file: Facts) -> Iterator[tuple[str, Definition]]:
    """Yield the functions that answer requests for predictions, by their address or name."""
    addresses = {call.index: address for call, address in routes(file)}
    for definition in file.definitions:
        found = [addresses[index] for index in definition.settings if index in addresses]
        if found and any(PREDICTION_ROUTE.search(text) for text in (*found, definition.name)):
            yield file.path, definition


def keeps(file: Facts) -> bool:
    """Say whether a module that a service runs mentions anything that keeps something."""
    names = {name for mentioned in file.references.values() for name in mentioned}
    names |= {imported.target for imported in file.imports} | {definition.name for definition in file.definitions}
    return any(STORES.search(name) for name in names)


def writes(project: Project, file: Facts) -> bool:
    """Say whether running a service writes a file or opens a client that may."""
    return any(call.writes or "connect" in call.roles for _, call in project.calls_reached(file))
