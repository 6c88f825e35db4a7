"""A query takes whatever columns a table has, and a model is trained on them."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Group, Rule
from xops_lint.sql import queries, star_of

RULE = Rule(
    code="XOP316",
    name="star-query-for-training",
    summary="A query takes whatever columns a table has, and a model is trained on them.",
    harm="A column that someone adds to the table becomes a feature of the next model, and one that goes breaks it.",
    remedy="Name the columns in the query, or pick the features by their names.",
    ops=("dataops",),
    group=Group.OPTIONAL,
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report queries with a star whose columns reach a fit without having been picked by name."""
    for query in queries(file):
        table = star_of(query.text)
        if table and reach_a_fit(file, query.call):
            whose = f"`{table}`" if "{" not in table else "the table"
            yield RULE.at(query.argument, f"takes whatever columns {whose} has, and a model learns from them")


def reach_a_fit(file: PythonFile, load: Call) -> bool:
    """Say whether columns of a loaded table that nobody picked by name are learned from."""
    for call in file.calls_anywhere("train", "tune", "cross_validate"):
        rows = call.rows
        if load.index in rows.sources and rows.columns is not None and rows.columns.kept is None:
            return True
    return False
