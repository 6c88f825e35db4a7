"""A model is in service, and nothing compares its data with what it has learned from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.graph.deployments import together
from xops_lint.infrastructure import may_hold
from xops_lint.matching import regex
from xops_lint.model import Call, Project
from xops_lint.naming import is_about, speaks_of
from xops_lint.rule import Confidence, Group, Rule

RULE = Rule(
    code="XOP703",
    name="missing-drift-check",
    summary="A model is in service, and nothing compares its data with what it has learned from.",
    harm="Customers, prices and sensors change, the model answers as it always did, and errors grow unseen for months.",
    remedy="Compare a window of requests with the training data, on a schedule, and alert on what moves.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
    group=Group.OPTIONAL,
)

LOOKING = ("data", "reference", "checks", "schedule")
"""Meanings of arguments of monitors that look at data, and not at requests alone."""

NAMED = regex(
    r"drift|data.?quality|skew|population.?stability|(?<![a-z])psi(?![a-z])|ks_2samp|validat\w*_(?:data|input|request|schema)",
    re.IGNORECASE,
)
"""Files, functions and keys of such names look at data, in a way that is not known."""

WATCHING = regex(r"monitor", re.IGNORECASE)
"""Code of such a name watches something, and may look at data."""

RESOURCES = regex(r"monitor(?!ing_(?:alert|dashboard|notification|metric))|quality|drift|bias|explainab", re.IGNORECASE)
"""Infrastructure of such names may look at data."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once, the first deployment of a project that never looks at the data in operation."""
    deployed = [each for each in project.deployments if not each.published]
    if deployed and not compares(project):
        yield together(RULE, deployed, ", and nothing in this project looks for drift of its data")


def compares(project: Project) -> bool:
    """Say whether anything in the project checks data in operation, or may."""
    if any(looks(call) and not file.context.test for file, call in project.calls("drift", "validate_data", "monitor")):
        return True
    if next(project.values("monitor"), None) is not None or may_hold(project, RESOURCES):
        return True
    code = (file for file in project.python if not file.context.test)
    return speaks_of(project, NAMED) or any(is_about(file, WATCHING) for file in code)


def looks(call: Call) -> bool:
    """Say whether a call looks at data; what counts requests and times watches a service alone."""
    return bool(call.roles & {"drift", "validate_data"}) or any(call.takes(meaning) for meaning in LOOKING)
