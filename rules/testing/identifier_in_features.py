"""A column that only tells rows apart is among the features of a model."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import PythonFile
from xops_lint.rule import Confidence, Group, Rule

RULE = Rule(
    code="XOP424",
    name="identifier-in-features",
    summary="A column that only tells rows apart is among the features of a model.",
    harm="The model remembers rows, or the order in which they were entered, and new rows have numbers it never saw.",
    remedy="Leave the identifier out of the features; keep it as the index, to find the row again.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
    group=Group.PREVIEW,
    exploration=True,
)

IDENTIFIES = regex(
    r"id|uuid|guid|index|unnamed: ?0|row_?(?:id|num|number|index)"
    r"|(?:customer|client|passenger|patient|student|employee|loan|transaction|order|account|applicant|application|member"
    r"|policy|invoice|ride|trip|session|record|sample|case|person|subject|respondent)[_ ]?(?:id|uuid|number|num)",
    re.IGNORECASE,
)
"""Names of columns of which each row, or each person behind the rows, has a value of its own."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report fits whose features are a known list of columns that holds an identifier."""
    for fit in file.calls("train", "cross_validate"):
        data, target = fit.argument("data"), fit.argument("target")
        columns = data.value.columns if data is not None else None
        if data is None or target is None or columns is None or columns.kept is None or len(columns.kept) < 2:
            continue
        name = next((each for each in sorted(columns.kept - columns.dropped) if IDENTIFIES.fullmatch(each)), None)
        if name is not None:
            yield RULE.at(data, f"holds `{name}`, which only tells rows apart")
