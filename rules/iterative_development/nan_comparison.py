"""A value is compared with NaN, which equals nothing."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.edits import asked
from xops_lint.model import PythonFile
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP216",
    name="nan-comparison",
    summary="A value is compared with NaN, which equals nothing.",
    harm="The test comes out the same for every value: missing ones are never found, and none is left out.",
    remedy="Ask whether values are missing: `isna`, `isnan` or `notna`.",
    ops=("dataops",),
    severity=Severity.ERROR,
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report tests for equality with a value that is unequal to itself."""
    for equality in file.equalities:
        outcome = "True" if equality.unequal else "False"
        yield RULE.at(
            equality, f"is {outcome} whatever stands on the other side, NaN included", fix=asked(file, equality)
        )
