"""Rows are visited one by one for what whole columns can do at once."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import PythonFile
from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP217",
    name="row-loop",
    summary="Rows are visited one by one for what whole columns can do at once.",
    harm="The step takes a hundred times as long as it needs, so nobody tries it on all of the data.",
    remedy="Compute with columns: arithmetic, comparisons, `where`, `map`, and sums take whole ones.",
    ops=("dataops",),
    severity=Severity.INFO,
    group=Group.OPTIONAL,
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report what goes over the rows of a table and does nothing but compute."""
    for loop in file.row_loops:
        yield RULE.at(loop, "visits the rows one by one, and does with each what whole columns can do at once")
