"""A query picks the rows that a model is trained on by the clock."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Group, Rule
from xops_lint.sql import Query, bounded_from_outside, clock, queries

RULE = Rule(
    code="XOP315",
    name="clock-dependent-query",
    summary="A query picks the rows that a model is trained on by the clock.",
    harm="Tomorrow the same code trains on other rows: nobody can get the data of a model back.",
    remedy="Take the day up to which rows count as a parameter, and record it with the run.",
    ops=("dataops",),
    group=Group.PREVIEW,
    exploration=True,
)

_MODEL = regex(r"\bcreate\s+(?:or\s+replace\s+)?model\b.*\bselect\b", re.IGNORECASE | re.DOTALL)
"""A query that trains a model where the data is."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report queries for training data that are bounded by a clock, be it the database's or this machine's."""
    for query in queries(file):
        if name := clock(query.text):
            yield RULE.at(query.argument, f"picks the rows to train on by `{name}`")
        elif (moving := clock_of_caller(file, query)) is not None:
            yield RULE.at(query.argument, f"picks the rows to train on by `{moving.name}`, which nothing records")
    asked = set[str]()
    for argument in (argument for call in file.calls_with_roles() for argument in call.arguments):
        text = argument.value.string or ""
        if text not in asked and _MODEL.search(text) and (name := clock(text)):
            asked.add(text)
            yield RULE.at(argument, f"picks the rows to train on by `{name}`")


def clock_of_caller(file: PythonFile, query: Query) -> Call | None:
    """Return the clock that bounds a query's rows, unless its time is recorded or stands in for another."""
    for argument in query.call.arguments:
        if argument is query.argument and not bounded_from_outside(query.text):
            continue
        for found in file.sources(argument.value, "clock"):
            if not found.conditional and not recorded(file, found):
                return found
    return None


def recorded(file: PythonFile, asked: Call) -> bool:
    """Say whether a run's record gets what a clock showed."""
    return any(
        asked.index in call.flowing for call in file.calls("log_parameters", "log_metrics", "track", "start_run")
    )
