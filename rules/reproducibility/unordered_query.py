"""A query takes some rows without saying in which order, and a model is trained on them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import PythonFile
from xops_lint.rule import Group, Rule
from xops_lint.sql import queries

RULE = Rule(
    code="XOP327",
    name="unordered-query",
    summary="A query takes some rows without saying in which order, and a model is trained on them.",
    harm="The database gives whichever rows come first: two runs of the same query train on different data.",
    remedy="Order the rows by a key, or sample by a hash of it.",
    ops=("dataops",),
    group=Group.PREVIEW,
    exploration=True,
)

_LIMITED = regex(r"\bselect\b.*\blimit\s+(?!0\b|1\b)(?:\d|\{|%|:|\?|@)", re.IGNORECASE | re.DOTALL)
_ORDERED = regex(r"\border\s+by\b", re.IGNORECASE)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report limited, unordered queries whose rows reach a split or a fit."""
    for query in queries(file):
        if _LIMITED.search(query.text) and not _ORDERED.search(query.text):
            yield RULE.at(query.argument, "takes some of the rows, in no certain order")
