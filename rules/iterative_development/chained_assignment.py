"""An assignment goes into a copy that was just taken out of a table."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import PythonFile
from xops_lint.rule import Confidence, Rule, Severity

RULE = Rule(
    code="XOP215",
    name="chained-assignment",
    summary="An assignment goes into a copy that was just taken out of a table.",
    harm="The table keeps its old values: what was to be cleaned or derived goes on unchanged into training.",
    remedy="Pick rows and column in one step, `table.loc[rows, column] = value`.",
    ops=("dataops",),
    severity=Severity.ERROR,
    confidence=Confidence.MEDIUM,
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report stores into rows that were picked before, and into columns where the installed version copies them."""
    for store in file.stores:
        if store.by_rows:
            yield RULE.at(store, "is a place in a copy: what was picked first is not part of the table any more")
        elif store.copies_since and file.may_use(store.copies_since[0], f">={store.copies_since[1]}") is not False:
            distribution, version = store.copies_since
            yield RULE.at(store, f"is a place in a copy, from {distribution} {version} on")
