"""An alert fires on a single sample."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import ConfigFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP704",
    name="alert-without-for",
    summary="An alert fires on a single sample.",
    harm="One slow scrape or one spike wakes somebody, and people learn to ignore the alert.",
    remedy="Say how long the condition must hold, such as `for: 5m`, or compare an average over a range.",
    ops=("aiops",),
)

PAGING = frozenset({"critical", "page", "paging", "emergency", "fatal", "disaster", "p1", "sev1"})
"""Severities that wake people: only for these a zero that somebody wrote is reported."""

STEADY = re.compile(
    r"\[|\babsent|[=!]=|\btime\(\)|\bvector\(|\btimestamp\(|\bpredict_linear|:\w*(?:rate|increase|avg|sum|max|min)_?\d+[smhd]"
    r"|\{\{|\bALERTS\b|ttl|expir|not_after|_age_|remaining|minute_?rate"
)
"""Expressions that do not flap: windows, states, ages, what is left of a time, averages made before; and templates."""

THRESHOLD = re.compile(r"[<>]")
SPIKING = re.compile(
    r"(?:latency|duration|seconds|_ms|milli|lag|delay|wait|ratio|rate|usage|utili[sz]ation|load|cpu|queue).*>=?\s*\d"
    r"|(?:ratio|rate|score|accuracy|precision|recall|auc|success).*<",
    re.IGNORECASE | re.DOTALL,
)
"""Quantities that jump for a sample, unlike the number of healthy disks."""

STATE = re.compile(r"[<>]=?\s*[01]?\s*$")
"""More than none, fewer than one: a state that was meant to page at once."""

ZERO = re.compile(r"0+(?:\.0+)?(?:ms|s|m|h|d|w|y)?")


@RULE.config()
def check(file: ConfigFile) -> Iterator[Finding]:
    """Report instant thresholds that nothing holds for a while."""
    for alert in file.values("alert_rule"):
        expression = next(file.values("alert_expression", alert), None)
        name = alert.items.get("alert")
        if name is None or expression is None or expression.tag != "str":
            continue
        if STEADY.search(expression.text) or not THRESHOLD.search(expression.text):
            continue
        wait = next(file.values("alert_for", alert), None)
        if wait is None:
            if STATE.search(expression.text.strip()) is None:
                yield RULE.at(name, "fires on a single sample: no `for` holds it back")
            continue
        severity = next(file.values("alert_severity", alert), None)
        pages = severity is not None and severity.text.lower() in PAGING
        if ZERO.fullmatch(wait.text) and pages and jumps(f"{name.text} {expression.text}"):
            yield RULE.at(wait, f"pages on a single sample of `{name.text}`")


def jumps(condition: str) -> bool:
    """Say whether a condition, with its alert's name before it, watches a quantity that spikes."""
    return SPIKING.search(condition) is not None and STATE.search(condition.strip()) is None
