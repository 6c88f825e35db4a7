"""A test holds a score against a bound, and chance decides the score anew on every run."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.edits import seeded
from xops_lint.model import Call, Facts, Project
from xops_lint.operations import Assertion
from xops_lint.playing import followed
from xops_lint.rule import Group, Rule
from xops_lint.testing import assertions, tests, thresholds

RULE = Rule(
    code="XOP415",
    name="unseeded-test",
    summary="A test holds a score against a bound, and chance decides the score anew on every run.",
    harm="The test fails now and then for no reason, until nobody believes a red run.",
    remedy="Seed what the test draws: pass `random_state`, or seed the generators in a fixture.",
    ops=("devops",),
    group=Group.PREVIEW,
    tests=True,
)

SCORING = frozenset({"evaluate", "cross_validate", "tune"})
"""Roles whose results chance moves from run to run; shapes and types stay as they are."""

CLOSEST = 0.01
"""What is held to a smaller bound is the difference of two ways to the same value."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once each, the unseeded draws and models whose score a test holds against a number."""
    for file in project.shown.python:
        for test in tests(file):
            flowing = [
                call for each in assertions(file, test) if holds_score(file, each) for call in behind(file, each)
            ]
            for call in dict.fromkeys(call.index for call in flowing if left_to_chance(project, file, call)):
                drawn = next(each for each in flowing if each.index == call)
                message = f"is left to chance, and `{test.name}` holds its score to a bound"
                yield RULE.at(drawn, message, path=file.path, fix=seeded(file, drawn))


def behind(file: Facts, assertion: Assertion) -> list[Call]:
    """Return the calls whose results flow into what is asserted."""
    sources = followed(assertion.sources, file.handed)
    return [call for call in file.calls if call.index in sources]


def holds_score(file: Facts, assertion: Assertion) -> bool:
    """Say whether an assertion compares the score of a model with a number."""
    bounds = [bound for bound in thresholds(assertion) if abs(bound) > CLOSEST]
    return bool(bounds) and not assertion.form and any(call.roles & SCORING for call in behind(file, assertion))


def left_to_chance(project: Project, file: Facts, call: Call) -> bool:
    """Say whether nothing seeds a call: no argument, nothing the file runs, no fixture above it."""
    family = call.entry.draws if call.entry else None
    if not call.unseeded():
        return False
    around = [file, *(each for each in project.python if each.path in shared(file))]
    return family is None or not any(project.seeds(each, family) for each in around)


def shared(file: Facts) -> set[str]:
    """Return where the fixtures of a test file's folders may stand."""
    folders = file.path.split("/")[:-1]
    return {"/".join([*folders[:depth], "conftest.py"]) for depth in range(len(folders) + 1)}
