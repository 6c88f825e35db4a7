"""A random generator is made without a seed."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Facts, Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP304",
    name="unseeded-generator",
    summary="A random generator is made without a seed.",
    harm="It starts from the system's entropy, so every run draws other numbers.",
    remedy="Make the generator from a seed of your parameters.",
    ops=("mlops",),
    exploration=True,
)

EXPERIMENT = ("train", "estimator", "split_data", "load_data", "sample_data")
"""Roles of which a program must play one: chance elsewhere is nobody's experiment."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report generators that a program working on data or models makes without a seed."""
    for file, call in project.left_to_chance("generator"):
        if in_experiment(project, file):
            yield RULE.at(call, "makes a generator that starts anew on every run", path=file.path)


def in_experiment(project: Project, file: Facts) -> bool:
    """Say whether any program that runs the file works on data or models."""
    entries = project.entries_reaching(file)
    return any(next(project.calls_reached(entry, *EXPERIMENT), None) is not None for entry in entries)
