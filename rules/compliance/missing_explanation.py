"""A model decides under regulation, and nothing explains its answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.graph.deployments import together
from xops_lint.matching import regex
from xops_lint.model import Project
from xops_lint.naming import speaks_of
from xops_lint.rule import Group, Option, Rule

RULE = Rule(
    code="XOP119",
    name="missing-explanation",
    summary="A model decides under regulation, and nothing explains its answers.",
    harm="Whoever is refused cannot be told why, and an auditor finds nothing to look at.",
    remedy="Explain single answers, keep the explanation with the answer, and show what the model looks at as a whole.",
    ops=("mlops",),
    group=Group.OPTIONAL,
    options={"regulated": Option(False, "Whether the law asks for explanations of what the models here decide.")},
)

NAMED = regex(
    r"expla(?:in|nat)|interpret|(?<![a-z])shap(?![a-z])|(?<![a-z])lime(?![a-z])|reason_?codes?", re.IGNORECASE
)
"""Files, functions and keys of such names explain a model, in a way that is not known."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once, the first deployment under regulation in a project without any explanation."""
    deployed = [each for each in project.deployments if project.files[each.path].option(RULE, "regulated")]
    if deployed and not explains(project):
        yield together(RULE, deployed, " under regulation, and nothing in this project explains its answers")


def explains(project: Project) -> bool:
    """Say whether anything in the project explains models, or may."""
    calls = (file for file, _ in project.calls("explain") if not file.context.test)
    if next(calls, None) is not None or next(project.values("explainer"), None) is not None:
        return True
    return speaks_of(project, NAMED)
