"""A model takes some of its settings from a parameter file, and others are numbers in the code."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from xops_lint.diagnostic import Finding
from xops_lint.model import Argument, Call, Project
from xops_lint.rule import Confidence, Group, Rule, Severity

RULE = Rule(
    code="XOP211",
    name="buried-hyperparameter",
    summary="A model takes some of its settings from a parameter file, and others are numbers in the code.",
    harm="Whoever changes, compares or searches the parameters sees half of them and takes the others for defaults.",
    remedy="Move the number to the parameter file, beside the others.",
    ops=("mlops",),
    severity=Severity.INFO,
    confidence=Confidence.MEDIUM,
    group=Group.PREVIEW,
)

RUNNING: Final = frozenset({"n_jobs", "nthread", "num_threads", "thread_count", "verbose", "verbosity", "cache_size"})
"""What says how a model is computed, and not which model it is."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report numbers among the settings of a model that gets others out of a config."""
    for file, call in project.calls("estimator"):
        if file.context.test or not any(argument.value.origin == "config" for argument in call.arguments):
            continue
        for argument in call.arguments:
            if is_setting(call, argument):
                message = f"is written here, while other settings of the model come out of a config: `{argument.name}`"
                yield RULE.at(argument, message, path=file.path)


def is_setting(call: Call, argument: Argument) -> bool:
    """Say whether an argument is a number that decides how the model learns."""
    seed = call.argument("seed")
    number = isinstance(argument.value.constant, (int, float)) and not isinstance(argument.value.constant, bool)
    return number and argument.name is not None and argument.name not in RUNNING and argument is not seed
