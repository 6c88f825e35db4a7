"""Targets and predictions of a metric have changed places."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Edit, Finding, Fix, Safety
from xops_lint.model import Argument, PythonFile
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP426",
    name="swapped-metric-arguments",
    summary="Targets and predictions of a metric have changed places.",
    harm="Precision comes out as recall, and the share of variance explained as something else altogether.",
    remedy="Pass the targets first and the predictions second, or name them.",
    ops=("mlops",),
    severity=Severity.ERROR,
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report asymmetric metrics whose first argument is predicted and whose second is not."""
    for metric in file.calls("evaluate"):
        target, given = metric.argument("target"), metric.argument("predictions")
        if target is None or given is None or metric.entry is None or "asymmetric" not in metric.entry.traits:
            continue
        if predicted(file, target) and given.value.sources and not shaped(file, given):
            title = "Let targets and predictions change places"
            edits = (Edit(target.range, file.source(given.range)), Edit(given.range, file.source(target.range)))
            yield RULE.at(
                target,
                "is predicted, but stands where the metric takes the targets",
                fix=Fix(title, edits, Safety.UNSAFE),
            )


def predicted(file: PythonFile, argument: Argument) -> bool:
    """Say whether an argument is what a model predicted, as it is."""
    return any(call.result is argument.value for call in file.sources(argument.value, "predict"))


def shaped(file: PythonFile, argument: Argument) -> bool:
    """Say whether any prediction flows into an argument."""
    return next(file.sources(argument.value, "predict", "generate", "cross_validate"), None) is not None
