"""A service keeps its predictions without saying which model made them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import PythonFile
from xops_lint.prediction_logs import prediction_records
from xops_lint.rule import Confidence, Group, Rule

RULE = Rule(
    code="XOP720",
    name="unversioned-prediction-log",
    summary="A service keeps its predictions without saying which model made them.",
    harm="When answers go wrong, nobody can tell those of the new model from those of the old one.",
    remedy="Keep the name and the version of the model, or the id of the run that made it, with every prediction.",
    ops=("aiops",),
    confidence=Confidence.MEDIUM,
    group=Group.PREVIEW,
)

VERSION = regex(
    r"model|version|run_?id|run_?name|artifact|release|revision|commit|build|experiment|checkpoint", re.IGNORECASE
)
"""What fields are called that tell which model it was."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report records of predictions whose fields are all known and tell nothing of the model."""
    for record in prediction_records(file):
        if not any(VERSION.search(field) for field in record.fields):
            yield RULE.at(record.range, "keeps a prediction and not which model made it")
