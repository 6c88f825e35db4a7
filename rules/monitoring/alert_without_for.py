"""An alert fires on a single sample."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint import queries
from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import ConfigFile
from xops_lint.queries import Filled, Function, Literal, Node, Operation, Selector, Subquery, walk
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

STEADY = frozenset({"absent", "time", "vector", "timestamp"})
"""Functions of what does not jump: what is missing, and the time."""

STEADY_NAMES = regex(
    r":\w*(?:rate|increase|avg|sum|max|min)_?\d+[smhd]|\bALERTS\b|ttl|expir|not_after|_age_|uptime|remaining|minute_?rate"
)
"""Averages made before, states, ages, what runs since a start and what is left of a time, in a query."""

SPIKING = regex(
    r"(?:latency|duration|seconds|_ms|milli|lag|delay|wait|ratio|rate|usage|utili[sz]ation|load|cpu|queue).*>=?\s*\d"
    r"|(?:ratio|rate|score|accuracy|precision|recall|auc|success).*<",
    re.IGNORECASE | re.DOTALL,
)
"""Quantities that jump for a sample, unlike the number of healthy disks."""

ORDER = frozenset({"<", ">", "<=", ">="})
ZERO = regex(r"0+(?:\.0+)?(?:ms|s|m|h|d|w|y)?")


@RULE.config()
def check(file: ConfigFile) -> Iterator[Finding]:
    """Report instant thresholds that nothing holds for a while."""
    conditions = {query.range: query for query in file.queries if query.use == "alert"}
    for alert in file.values("alert_rule"):
        expression = next(file.values("alert_expression", alert), None)
        name = alert.items.get("alert")
        query = conditions.get(expression.range) if expression is not None else None
        if name is None or query is None or query.root is None:
            continue
        if is_steady(query.root) or STEADY_NAMES.search(query.text) or not compares(query.root):
            continue
        wait = next(file.values("alert_for", alert), None)
        if wait is None:
            if not asks_for_a_state(query.root):
                yield RULE.at(name, "fires on a single sample: no `for` holds it back")
            continue
        severity = next(file.values("alert_severity", alert), None)
        pages = severity is not None and severity.text.lower() in PAGING
        spikes = SPIKING.search(f"{name.text} {query.text}") and not asks_for_a_state(query.root)
        if ZERO.fullmatch(wait.text) and pages and spikes:
            yield RULE.at(wait, f"pages on a single sample of `{name.text}`")


def is_steady(query: Node) -> bool:
    """Say whether a query looks over a time, asks for a state or an age, or has parts that are filled in."""
    return any(
        isinstance(node, (Subquery, Filled))
        or (isinstance(node, Selector) and (node.window is not None or "{" in node.name))
        or (isinstance(node, Function) and (node.name in STEADY or node.name in queries.RANGED))
        or (isinstance(node, Operation) and node.operator in ("==", "!="))
        for node in walk(query)
    )


def compares(query: Node) -> bool:
    """Say whether a query asks whether something is more or less than something."""
    return any(isinstance(node, Operation) and node.operator in ORDER for node in walk(query))


def asks_for_a_state(query: Node) -> bool:
    """Say whether a query asks for more than none or fewer than one: a state that is meant to page at once."""
    last = query.right if isinstance(query, Operation) and query.operator in queries.SETS else query
    bound = last.right if isinstance(last, Operation) and last.operator in ORDER else None
    return isinstance(bound, Literal) and bound.value in (0, 1)
