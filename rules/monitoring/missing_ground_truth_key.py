"""A service keeps its predictions with nothing by which the true value can be found later."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import PythonFile
from xops_lint.prediction_logs import prediction_records
from xops_lint.rule import Confidence, Group, Rule

RULE = Rule(
    code="XOP735",
    name="missing-ground-truth-key",
    summary="A service keeps its predictions with nothing by which the true value can be found later.",
    harm="The truth arrives in another table, no row of it fits a prediction, and how good the model is stays unknown.",
    remedy="Keep the number of the thing that was asked about, or of the request, and hand it to where truth arrives.",
    ops=("aiops",),
    confidence=Confidence.MEDIUM,
    group=Group.OPTIONAL,
)

KEY = regex(
    r"id$|^id|uuid|guid|key|code|number|ticker|symbol|sku|store|shop|station|product|item|customer|client|user|account|mail"
    r"|transaction|order|date|day|hour|week|month|period|horizon|session|device|sensor|machine|patient|name|url|file|path|image|hash",
    re.IGNORECASE,
)
"""What fields are called by which a row may be found again."""

WHOLE = regex(
    r"payload|inputs?(?:_data)?|features?|request(?:_data|_body)?|data|body|records?|json|text|prompt|query|question|instances?"
    r"|message|metadata|context",
    re.IGNORECASE,
)
"""What fields are called that hold all that came in, perhaps with a key in it."""

ABOUT = regex(
    r"time|date|predict|model|version|score|proba|confiden|latency|status|label|class|level|event|_at$", re.IGNORECASE
)
"""What fields are called that tell of the answer itself, and nothing of what came in."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report records of predictions whose fields are all known and hold neither a key nor what may hold one."""
    for record in prediction_records(file):
        found = any(KEY.search(field) or WHOLE.fullmatch(field) for field in record.fields)
        # Where no field tells what came in, the answer may be a record of its own, with a key in it.
        told = any(not ABOUT.search(field) for field in record.fields)
        if told and not found and not record.numbered:
            yield RULE.at(record.range, "keeps a prediction by which its true value cannot be found")
