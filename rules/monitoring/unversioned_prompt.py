"""The prompt of a service is a long text in the middle of its code."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Expression, PythonFile
from xops_lint.questions import asks_for_text
from xops_lint.rule import Confidence, Group, Rule, Severity
from xops_lint.serving import handlers
from xops_lint.tasks import mentioned_by

RULE = Rule(
    code="XOP734",
    name="unversioned-prompt",
    summary="The prompt of a service is a long text in the middle of its code.",
    harm="Nobody sees in a log or a metric which wording answered, and to try another one the service is built anew.",
    remedy="Keep the prompt in a file or a registry of its own, with a version that goes into the log of each answer.",
    ops=("aiops",),
    severity=Severity.INFO,
    confidence=Confidence.MEDIUM,
    group=Group.OPTIONAL,
)

LONG = 5
"""A text of so many lines is more than a phrase."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report questions of handlers, and of what these call in their file, whose prompt is written out in a function."""
    run = mentioned_by(file, *(handler.name for handler in handlers(file)))
    shared = {value.string for value in file.names.values()}
    for call in file.calls("generate"):
        if call.scope not in run or not asks_for_text(file, call):
            continue
        found = (text for argument in call.arguments for text in texts_in(argument.value) if text not in shared)
        lines = max((text.strip().count("\n") + 1 for text in found), default=0)
        if lines >= LONG:
            yield RULE.at(call.callee, f"is asked with a text of {lines} lines that is part of the code")


def texts_in(value: Expression) -> Iterator[str]:
    """Yield the texts of which a value is made, as far as they are known."""
    if value.string is not None:
        yield value.string
    for part in (*(value.elements or ()), *(value.entries or {}).values()):
        yield from texts_in(part)
