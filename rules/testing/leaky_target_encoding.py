"""Categories are encoded by figures of the target that cover the rows which are held out."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.leakage import across, before, encodes_target, splits, steps
from xops_lint.model import PythonFile
from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP436",
    name="leaky-target-encoding",
    summary="Categories are encoded by figures of the target that cover the rows which are held out.",
    harm="Every test row carries a share of its own answer, and rare categories give it away.",
    remedy="Encode inside a pipeline or after the split, with figures of the training part alone.",
    ops=("mlops",),
    group=Group.PREVIEW,
    severity=Severity.ERROR,
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report every encoding by the target once, with the first split that it reaches across."""
    reported: set[int] = set()
    leaks = [(fit, split) for split in splits(file) for fit in before(file, split)]
    leaks += [leak for train in file.calls_anywhere("train") for leak in across(file, train)]
    for fit, split in leaks:
        if fit.index not in reported and encodes_target(file, fit):
            reported.add(fit.index)
            related = (*steps((fit, "encoded here")), Related(split.range, "split here"))
            yield RULE.at(
                fit, "takes figures of the target over rows that are split into training and test", related=related
            )
