"""Rows are repeated or made out of one another before the split puts them into both parts."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.leakage import before, kinds, splits, steps
from xops_lint.model import PythonFile
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP409",
    name="overlapping-split",
    summary="Rows are repeated or made out of one another before the split puts them into both parts.",
    harm="The model is tested on rows that it learned, or on blends of them.",
    remedy="Split first and resample the training part alone, or put the step into a pipeline that resamples.",
    ops=("mlops",),
    severity=Severity.ERROR,
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report every call once that repeats rows which are split afterwards."""
    reported: set[int] = set()
    for split in splits(file):
        for call in before(file, split):
            if call.index not in reported and "rows" in kinds(file, call):
                reported.add(call.index)
                related = (*steps((call, "repeated here")), Related(split.range, "split here"))
                yield RULE.at(call, "repeats rows that are split into training and test later", related=related)
