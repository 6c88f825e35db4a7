"""Requests and predictions are kept, and nothing in the project ever looks at them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.infrastructure import may_hold
from xops_lint.matching import regex
from xops_lint.model import Facts, Project, Range, Value
from xops_lint.rule import Confidence, Group, Rule

RULE = Rule(
    code="XOP721",
    name="capture-without-monitor",
    summary="Requests and predictions are kept, and nothing in the project ever looks at them.",
    harm="The store fills with what customers sent, drift goes unseen, and the bill and the liability stay.",
    remedy="Schedule a monitor over what is captured, or stop capturing it.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
    group=Group.PREVIEW,
)

TELEMETRY = regex(r"insights|(?:^|\.)logger$")
"""Settings that send what they capture to somebody else, who may look at it."""

NAMED = regex(r"monitor|drift|captured?[_-]?data|data[_-]?capture", re.IGNORECASE)
"""Files and functions of such names look at what is captured, in a way that is not known."""

RESOURCES = regex(r"monitor|quality|drift|bias|explainab|athena|glue|lambda|query", re.IGNORECASE)
"""Infrastructure of such names may look at what is captured."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once, the first place where a project captures and never monitors."""
    found = sorted(captures(project))
    if not found or monitored(project):
        return
    path, where = found[0]
    related = tuple(Related(other, "and here", file) for file, other in found[1:4])
    yield RULE.at(where, "keeps requests that nothing in this project looks at", path=path, related=related)


def captures(project: Project) -> Iterator[tuple[str, Range]]:
    """Yield where the project, not a test or example of it, keeps what a service is asked and answers."""
    for file in project.facts:
        if file.context.test or file.context.example:
            continue
        for value in file.values("capture"):
            if TELEMETRY.search(value.route) is None and switched_on(value):
                yield file.path, value.key or value.range
        for call in file.acting("deploy"):
            given = call.argument("capture")
            kept = given is not None and given.value.constant not in (None, False)
            if given is not None and kept and TELEMETRY.search(given.name or "") is None:
                yield file.path, given.range


def switched_on(value: Value) -> bool:
    """Say whether a setting of data capture is on for certain."""
    enabled = value.items.get("EnableCapture") or value.items.get("enabled") or value
    collecting = [each.text.lower() for each in value.at("collections.*.enabled")]
    return enabled.text.lower() == "true" or "true" in collecting


def monitored(project: Project) -> bool:
    """Say whether anything in the project watches data, reads what is captured, or may."""
    if next(project.calls("monitor", "drift"), None) is not None or may_hold(project, RESOURCES):
        return True
    return next(project.values("monitor"), None) is not None or any(looks(file) for file in project.facts)


def looks(file: Facts) -> bool:
    """Say whether a file, or one of its functions, is called after looking at what is captured."""
    return NAMED.search(file.path) is not None or any(NAMED.search(each.name) for each in file.definitions)
