"""A project trains or runs pipelines and has no test at all."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint import ci
from xops_lint.diagnostic import Finding
from xops_lint.model import Facts, Project, Range
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP401",
    name="no-tests",
    summary="A project trains or runs pipelines and has no test at all.",
    harm="Every change to data, code or libraries is first tried on the model people use.",
    remedy="Start with one test that trains on a few rows and checks the model's output.",
    ops=("devops",),
)

PIPELINE = ("train", "tune", "orchestrate", "step", "serve", "deploy")
"""Roles of code whose failure reaches others."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once, a project with pipeline code in modules and no test file."""
    if project.tests or ci.runs_tests(project):
        return
    modules = [file for file in project.python if plays_pipeline(file)]
    if modules:
        main = min(modules, key=lambda file: (not trains(file), file.path.count("/"), file.path))
        yield RULE.at(
            Range(0, 0), "trains, serves or runs a pipeline in a project without a single test", path=main.path
        )


def trains(file: Facts) -> bool:
    """Say whether a file fits a model: of all that is untested, that is shown first."""
    return next(file.playing("train", "tune"), None) is not None


def plays_pipeline(file: Facts) -> bool:
    """Say whether a module, not a notebook, holds code that a test should cover."""
    return not file.notebook and not file.context.example and next(file.playing(*PIPELINE), None) is not None
