"""A test wants a model's score or prediction to be one fraction to the last digit."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from xops_lint.diagnostic import AnyEdit, Edit, Finding, Fix, Safety
from xops_lint.edits import spelled
from xops_lint.insertions import AfterImports
from xops_lint.matching import regex
from xops_lint.model import PythonFile
from xops_lint.operations import Assertion
from xops_lint.rule import Group, Rule
from xops_lint.testing import TOLERANT, assertions, calls, tests, thresholds
from xops_lint.text import Range

RULE = Rule(
    code="XOP438",
    name="exact-float-metric-test",
    summary="A test wants a model's score or prediction to be one fraction to the last digit.",
    harm="The test breaks on another processor or with another release of a library, though the model is as good.",
    remedy="Compare with a tolerance, or hold the score to a lower bound.",
    ops=("mlops",),
    group=Group.PREVIEW,
    tests=True,
)

ENDS = regex(r"==\s*(?P<number>-?\d*\.\d+(?:e-?\d+)?)$")
BEGINS = regex(r"(?P<number>-?\d*\.\d+(?:e-?\d+)?)\s*==")

FITTING = ("train", "cross_validate", "tune")
"""Roles of calls whose results arithmetic in another order changes."""

GIVING = ("predict", "evaluate", "cross_validate")
"""Roles of calls that give predictions and scores; a model holds settings as well."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report equalities between what a fitted model gives and a fraction that is written down."""
    for test in tests(file):
        if any(call.name == "round" or call.method == "round" for call in calls(file, test)):
            continue
        for assertion in assertions(file, test):
            if assertion.exact and wants_fraction(assertion) and of_fitted_model(file, assertion):
                fix = tolerant(file, assertion)
                yield RULE.at(assertion, "is the same to the last digit on this machine alone", fix=fix)


def tolerant(file: PythonFile, assertion: Assertion) -> Fix | None:
    """Return the fix that compares with a tolerance the one fraction that an assertion ends or begins with."""
    text = file.source(assertion.range)
    number = ENDS.search(text) or BEGINS.match(text)
    imported = next((each for each in file.imports if not each.scope), None)
    if number is None or imported is None:
        return None
    where = Range(assertion.range.start + number.start("number"), assertion.range.start + number.end("number"))
    name = spelled(file, TOLERANT)
    edits: list[AnyEdit] = [Edit(where, f"{name or TOLERANT}({number['number']})")]
    if name is None:
        edits.append(AfterImports(imported.range, f"import {TOLERANT.partition('.')[0]}"))
    return Fix("Compare with a tolerance", tuple(edits), Safety.SAFE if name else Safety.UNSAFE)


def wants_fraction(assertion: Assertion) -> bool:
    """Say whether the number that is written down is no half or quarter, which binary fractions hold exactly."""
    return any(isinstance(each, float) and isfinite(each) and each % 0.125 for each in thresholds(assertion))


def of_fitted_model(file: PythonFile, assertion: Assertion) -> bool:
    """Say whether what a fitted model gives flows into one side."""
    return any(
        next(file.sources(side, *FITTING), None) and next(file.sources(side, *GIVING), None) for side in assertion.sides
    )
