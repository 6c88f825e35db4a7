"""A module that trains, transforms or serves is reached by no test."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint import ci
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

PIPELINE = ("train", "preprocess", "transform", "evaluate", "predict", "generate")
"""Roles of code that makes, shapes or asks a model."""

HANDLING = (*PIPELINE, "load_model", "split_data", "resample", "tune", "cross_validate")
"""Roles that tell a service or a step of a model from any other."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a module, the first pipeline function that no test of its project reaches."""
    exercised = ci.exercised(project)
    for file in project.shown.python:
        if file.notebook or file.context.test or file.context.example or not tested_here(project, file):
            continue
        if project.develops_tool(file) or file.path in exercised:
            continue
        function = first_function(project, file)
        if function is not None and not project.tested(file):
            yield RULE.at(function, "does pipeline work and no test reaches its module", path=file.path)


def tested_here(project: Project, file: Facts) -> bool:
    """Say whether the part of the repository a file belongs to has tests."""
    return any(file.path.startswith(root) for root in project.test_roots)


def first_function(project: Project, file: Facts) -> Definition | None:
    """Return the first function of a file that plays a pipeline role or is declared to."""
    handles = next(project.calls_reached(file, *HANDLING), None) is not None
    declared = {"serve", "step"} if handles else set[str]()
    scopes = {call.scope for call in file.playing(*PIPELINE)}
    declaring = {call.name for call in file.playing(*declared)} if declared else set[str]()
    functions = [item for item in file.definitions if item.kind == "function"]
    working = (
        item
        for item in functions
        if item.name in scopes or not declared.isdisjoint(item.roles) or not declaring.isdisjoint(item.decorators)
    )
    return next(working, None)
