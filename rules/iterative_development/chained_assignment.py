"""An assignment goes into a copy that was just taken out of a table."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Edit, Finding, Fix, Safety
from xops_lint.model import PythonFile
from xops_lint.operations import ChainedStore
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
            message = "is a place in a copy: what was picked first is not part of the table any more"
            yield RULE.at(store, message, fix=in_one_step(file, store))
        elif store.copies_since and file.may_use(store.copies_since[0], f">={store.copies_since[1]}") is not False:
            distribution, version = store.copies_since
            message = f"is a place in a copy, from {distribution} {version} on"
            yield RULE.at(store, message, fix=in_one_step(file, store))


def in_one_step(file: PythonFile, store: ChainedStore) -> Fix | None:
    """Return the fix that picks rows and column at once, where the parts of a store are plain."""
    if not store.rows.end:
        return None
    table, rows, column = (file.source(part) for part in (store.table, store.rows, store.column))
    column = f'"{column}"' if store.attribute else column
    edit = Edit(store.range, f"{table}.loc[{rows}, {column}]")
    return Fix("Pick rows and column in one step", (edit,), Safety.UNSAFE)
