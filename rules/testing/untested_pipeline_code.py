"""A module that trains, transforms or serves is reached by no test."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Definition, Facts, Project
from xops_lint.rule import Confidence, Rule

RULE = Rule(
    code="XOP402",
    name="untested-pipeline-code",
    summary="A module that trains, transforms or serves is reached by no test.",
    harm="The project's tests pass while the code that makes the model is broken.",
    remedy="Import the module in a test and run its functions on a few rows.",
    ops=("devops",),
    confidence=Confidence.MEDIUM,
)

PIPELINE = ("train", "preprocess", "transform", "evaluate", "serve", "step")
"""Roles of code that makes, shapes or serves a model."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a module, the first pipeline function that no test of its project reaches."""
    for file in project.python:
        if file.notebook or file.context.test or file.context.example or not tested_here(project, file):
            continue
        function = first_function(file)
        if function is not None and not project.tested(file):
            yield RULE.at(function, "does pipeline work and no test reaches its module", path=file.path)


def tested_here(project: Project, file: Facts) -> bool:
    """Say whether the part of the repository a file belongs to has tests."""
    return any(file.path.startswith(root) for root in project.test_roots)


def first_function(file: Facts) -> Definition | None:
    """Return the first function of a file that plays a pipeline role or is declared to."""
    scopes = {call.scope for call in file.playing(*PIPELINE)}
    declaring = {call.name for call in file.playing("serve", "step")}
    return next(
        (
            item
            for item in file.definitions
            if item.kind == "function" and (item.name in scopes or not declaring.isdisjoint(item.decorators))
        ),
        None,
    )
