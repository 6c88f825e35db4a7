"""A preprocessing step is fitted on data that is split afterwards."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.held_out import learned_together
from xops_lint.leakage import Split, across, before, encodes_target, kinds, splits, steps
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP406",
    name="leaky-preprocessing",
    summary="A preprocessing step is fitted on data that is split afterwards.",
    harm="The test rows have shaped the training features, so the score is better than the model.",
    remedy="Split first and fit on the training part, or put the step into a pipeline.",
    ops=("mlops",),
    severity=Severity.ERROR,
    exploration=True,
)

LEAKING = frozenset({"statistics", "target"})
"""What a step may learn that carries knowledge of other rows' values."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report every fit and figure over all rows once, with the first split that it reaches across."""
    reported: set[int] = set()
    for fit, split in leaks(file):
        if fit.index not in reported and kinds(file, fit) & LEAKING and not encodes_target(file, fit):
            reported.add(fit.index)
            related = (*steps((fit, "learned here")), Related(split.range, "split here"))
            yield RULE.at(fit, message(fit, split), related=related)
    for fit, read in learned_together(file):
        if fit.index not in reported and kinds(file, fit) & LEAKING and not encodes_target(file, fit):
            reported.add(fit.index)
            related = (*steps((fit, "learned here")), Related(read.range, "test rows are read here"))
            yield RULE.at(fit, "learns of training rows and test rows at once", related=related)


def leaks(file: PythonFile) -> Iterator[tuple[Call, Split]]:
    """Yield the fits on whole data: those that go into a split, then those that go into a part."""
    for split in splits(file):
        for fit in before(file, split):
            yield fit, split
    for train in file.calls_anywhere("train"):
        yield from across(file, train)


def message(fit: Call, split: Split) -> str:
    """Say what is learned where, and that a split comes too late for it or does not hold it back."""
    if fit.home is not None:
        verb = f"calls `{fit.method or fit.name}` on"
    else:
        verb = "is fitted on" if "preprocess" in fit.roles else "is computed over"
    return f"{verb} rows that are split into training and test{' later' if split.follows(fit) else ''}"
