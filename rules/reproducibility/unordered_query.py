"""A query takes some rows without saying in which order, and a model is trained on them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Group, Rule

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

_LIMITED = re.compile(r"\bselect\b.*\blimit\s+(?!0\b|1\b)(?:\d|\{|%|:|\?|@)", re.IGNORECASE | re.DOTALL)
_ORDERED = re.compile(r"\border\s+by\b", re.IGNORECASE)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report limited, unordered queries whose rows reach a split or a fit."""
    for load in file.calls("load_data"):
        query = load.argument("path")
        text = query.value.string if query is not None else None
        if query is None or text is None or not _LIMITED.search(text) or _ORDERED.search(text):
            continue
        if trained_on(file, load):
            yield RULE.at(query, "takes some of the rows, in no certain order")


def trained_on(file: PythonFile, load: Call) -> bool:
    """Say whether what a call loads flows into a split or a fit."""
    return any(load.index in call.flowing for call in file.calls("split_data", "train", "tune", "cross_validate"))
