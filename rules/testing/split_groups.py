"""Rows of the same person are split at random, so that they come into several parts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.drawing import draws, ordered, tied
from xops_lint.matching import regex
from xops_lint.model import PythonFile
from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP412",
    name="split-groups",
    summary="Rows of the same person are split at random, so that they come into several parts.",
    harm="The model is tested on people it has learned by heart, and is worse on new ones than the score says.",
    remedy="Split by person: pass the identifiers as `groups` to a splitter that keeps groups together.",
    ops=("mlops",),
    severity=Severity.ERROR,
    group=Group.PREVIEW,
    exploration=True,
)

PERSON = regex(
    r"(?:\w*_)?(?:patient|subject|user|customer|student|player|speaker|participant|visitor|person|volunteer"
    r"|rider|employee)s?"
    r"(?:[ _]?(?:id|name|no|num|number|code|key|idx|index|nr|dir|path|folder|data))?",
    re.IGNORECASE,
)
"""Names of people, or of what tells one from the other."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report every split by chance of rows several of which surely belong to one person."""
    for draw in draws(file):
        if ordered(file, draw) is not None:
            continue
        found = next(((call, name) for call, name in tied(file, draw) if PERSON.fullmatch(name)), None)
        if found is not None:
            call, name = found
            related = (Related(call.range, "several rows have it in common here"),)
            yield RULE.at(draw.call.callee, f"puts rows of the same `{name}` into several parts", related=related)
