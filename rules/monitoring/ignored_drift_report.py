"""A drift report is made for people to read, and no code looks at what it found."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import PythonFile
from xops_lint.outcomes import alerts, compares, ignored, rehearses
from xops_lint.rule import Group, Rule
from xops_lint.serving import handlers

RULE = Rule(
    code="XOP722",
    name="ignored-drift-report",
    summary="A drift report is made for people to read, and no code looks at what it found.",
    harm="The job succeeds with any amount of drift, and nobody opens the page on the day that it matters.",
    remedy="Read the share of drifted columns from the result, and fail, alert or export it as a metric.",
    ops=("aiops",),
    group=Group.PREVIEW,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report drift comparisons whose outcome is dropped, printed or saved as a page, in a file that looks at none."""
    if alerts(file):
        return
    compared = [call for call in file.calls("drift") if call.argument("data") and compares(file, call)]
    # What answers a request shows its page to the person who has just asked for it.
    asked = {handler.name for handler in handlers(file)}
    compared = [call for call in compared if call.scope not in asked and not rehearses(file, call)]
    if all(ignored(file, call) for call in compared):
        for call in compared:
            yield RULE.at(call.callee, "looks for drift, and no code looks at what it finds")
