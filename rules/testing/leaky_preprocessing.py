"""A preprocessing step is fitted on data that is split afterwards."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
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
    """Report fits whose result reaches a split that comes later."""
    reported: set[int] = set()
    for split in file.calls("split_data", "cross_validate"):
        for fit in fits_before(file, split):
            if fit.index not in reported:
                reported.add(fit.index)
                related = (Related(split.range, "split here, after the fit"),)
                yield RULE.at(fit, "is fitted on rows that are split into training and test later", related=related)


def fits_before(file: PythonFile, split: Call) -> Iterator[Call]:
    """Yield the fits on still unsplit data that flow into what a call splits."""
    for argument in split.arguments:
        if is_part(argument.value.parts):
            continue
        for fit in file.sources(argument.value, "preprocess"):
            if not is_part(fit.data_parts) and fit.data and learned(file, fit) & LEAKING:
                yield fit


def is_part(parts: frozenset[tuple[int, str]]) -> bool:
    """Say whether rows were cut from others before, by a call of this file."""
    return any(index >= 0 for index, _ in parts)


def learned(file: PythonFile, fit: Call) -> frozenset[str]:
    """Return what the fitted steps take from their data, as far as the catalog knows."""
    steps = [fit, *(file.sources(fit.receiver, "transformer") if fit.receiver else ())]
    return frozenset(step.entry.learns for step in steps if step.entry and step.entry.learns)
