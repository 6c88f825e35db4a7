"""An alarm does not say what it does when its metric stops."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import ConfigFile, PythonFile, Value
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP709",
    name="unhandled-missing-data",
    summary="An alarm does not say what it does when its metric stops.",
    harm="The service or the job that reports the metric dies, and the alarm that watches it falls silent.",
    remedy="Say whether a gap is a breach; where it is none, as with counts of errors, say that too.",
    ops=("aiops",),
    group=Group.PRODUCTION,
)

SCALES = regex(r"polic|scal", re.IGNORECASE)
"""How actions are called that change the number of machines: without figures there is nothing to change."""


@RULE.config()
def in_config(file: ConfigFile) -> Iterator[Finding]:
    """Report alarms on a metric that leave to a default what a gap in it means."""
    for alarm in file.values("metric_alarm"):
        if alarm.key is None or next(file.values("missing_data", alarm), None) is not None:
            continue
        actions = [source(file, action) for action in file.values("notification", alarm)]
        if not actions or not all(SCALES.search(action) for action in actions):
            yield RULE.at(alarm.key, "does not say what it does when its metric stops")


def source(file: ConfigFile, value: Value) -> str:
    """Return the text of a value as it is written, be it filled in later."""
    return file.text[value.range.start : value.range.end]


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report the same of alarms that code sets."""
    for call in file.calls("alert"):
        if call.takes("missing_data") and call.argument("missing_data") is None and not call.unpacks:
            yield RULE.at(call.callee, "sets an alarm that does not say what it does when its metric stops")
