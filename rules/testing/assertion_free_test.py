"""A test passes whatever the code it runs gives back."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Call, Definition, PythonFile
from xops_lint.rule import Rule
from xops_lint.testing import assertions, asserts_elsewhere, calls, run_by_hand, stands_alone, tests

RULE = Rule(
    code="XOP414",
    name="assertion-free-test",
    summary="A test passes whatever the code it runs gives back.",
    harm="The suite is green while the model or the data is wrong, and everybody believes that this was checked.",
    remedy="Assert what must hold of the result: its values, its range, or a bound on the score.",
    ops=("devops",),
    tests=True,
)

RESULTS = ("predict", "evaluate", "generate", "cross_validate", "transform")
"""Roles of what a test of a model is about."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report tests that do nothing, that drop or swallow what they compare, or that print it instead."""
    for test in tests(file):
        if test.idle:
            # What a fixture does is tried, be the body empty.
            if stands_alone(file, test) and set(test.parameters) <= {"self", "cls"}:
                yield RULE.at(test, "does nothing, so it passes whatever happens")
        elif run_by_hand(file, test):
            continue
        elif test.unfailing:
            yield RULE.at(test, "catches whatever is raised in it and goes on, so it cannot fail")
        elif not asserts_elsewhere(file, test):
            yield from vacuous(file, test)


def vacuous(file: PythonFile, test: Definition) -> Iterator[Finding]:
    """Report a test all of whose comparisons come to nothing, or that leaves the comparing to people."""
    made = assertions(file, test)
    failing = [each for each in made if not each.dropped and not each.constant]
    dropped = next((each for each in made if each.dropped), None)
    asserted = [each for each in failing if each.range.end]
    if dropped is not None and not failing:
        yield RULE.at(dropped, "is compared, and the outcome is dropped")
    elif asserted and all(each.swallowed for each in failing):
        yield RULE.at(asserted[0], "fails nothing: the `try` around it catches the failure and goes on")
    elif not made and any(shows_result(file, call) for call in calls(file, test)):
        yield RULE.at(test, "prints what the model gives and asserts nothing of it")


def shows_result(file: PythonFile, call: Call) -> bool:
    """Say whether a call prints predictions or scores."""
    given = (argument.value for argument in call.arguments)
    return call.name == "print" and any(next(file.sources(value, *RESULTS), None) for value in given)
