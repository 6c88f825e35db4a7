"""A query treats a metric as what it is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from xops_lint import metrics, queries
from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import Project, Range
from xops_lint.queries import (
    Aggregation,
    Function,
    Literal,
    Node,
    Operation,
    Query,
    Selector,
    Subquery,
    descend,
    walk,
)
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP707",
    name="misused-metric-type",
    summary="A query treats a metric as what it is not.",
    harm="The figure has no meaning or is empty, so that the alert stays silent, or never stops.",
    remedy="Take the rate of counters alone, over at least two scrapes, and keep `le` for quantiles of histograms.",
    ops=("aiops",),
    group=Group.PREVIEW,
)

NEVER_COUNTERS = regex(r"up|.+_(?:ratio|celsius|percent|timestamp_seconds|info)")
"""Names that convention gives to what rises and falls, or to what stands still."""

RATES = queries.OF_COUNTERS - {"resets"}
NEEDS_TWO = RATES | queries.OF_GAUGES
"""Functions that give nothing for a single sample."""

OF_PRESENCE = frozenset(
    {"absent", "count", "group", "count_values", "timestamp", "scalar", "changes", "topk", "bottomk"}
)
"""What does not ask how high a counter stands, or leaves others to judge it."""


class Known(NamedTuple):
    """What is known of a project's metrics: counters and gauges, sums that are recorded, the time between scrapes."""

    types: Mapping[str, str]
    sums: frozenset[str]
    interval: float | None


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, in every query, what does not fit the metrics it takes."""
    sums = (name for name, query in metrics.recorded(project).items() if metrics.mixes_processes(query.root))
    types = metrics.types(list(metrics.declared(project)))
    known = Known(types, frozenset(sums), metrics.scrape_interval(project))
    for file in project.shown.facts:
        for query in file.queries:
            for where, message in misuses(query, known):
                yield RULE.at(where, message, path=file.path)


def misuses(query: Query, known: Known) -> Iterator[tuple[Range, str]]:
    """Yield what is wrong in a query, and where."""
    for node, around in descend(query.root):
        if isinstance(node, Function) and node.name in NEEDS_TWO and node.arguments:
            yield from of_function(node, node.arguments[0], known)
        elif isinstance(node, Function) and node.name == "histogram_quantile":
            yield from without_bounds(node)
        elif isinstance(node, Selector) and query.use == "alert" and compared_raw(node, around, known):
            yield node.range, "is compared as it stands, and a counter only rises"


def of_function(call: Function, given: Node, known: Known) -> Iterator[tuple[Range, str]]:
    """Yield what is wrong with what a function of a window is given."""
    summed = isinstance(given, Subquery) and metrics.mixes_processes(given.query)
    if summed and call.name in RATES and not any(isinstance(node, Function) for node in walk(given)):
        yield call.callee, f"takes `{call.name}` of a sum, which falls whenever one of its counters restarts"
    if not isinstance(given, Selector) or given.window is None:
        return
    name, kind = given.metric, known.types.get(given.metric)
    if call.name in RATES and (kind == metrics.GAUGE or (kind is None and NEVER_COUNTERS.fullmatch(name))):
        yield call.callee, f"takes `{call.name}` of `{name}`, which is no counter"
    elif call.name in RATES and name in known.sums:
        yield call.callee, f"takes `{call.name}` of `{name}`, which is recorded as an aggregate"
    elif call.name in queries.OF_GAUGES and kind == metrics.COUNTER:
        yield call.callee, f"takes `{call.name}` of `{name}`, a counter, and counts restarts as falls"
    length, interval = given.window.seconds, known.interval
    if length is not None and interval is not None and length < 2 * interval:
        yield given.window.range, f"is too short for two scrapes, one every {interval:g} seconds"


def without_bounds(call: Function) -> Iterator[tuple[Range, str]]:
    """Yield the aggregation that takes a histogram's bounds away before its quantile is told."""
    buckets = any(isinstance(node, Selector) and node.metric.endswith("_bucket") for node in walk(call))
    given = call.arguments[-1] if call.arguments else None
    if buckets and isinstance(given, Aggregation) and given.keeps("le") is False:
        yield given.range, "drops `le`, without which no quantile can be told"


def compared_raw(selector: Selector, around: tuple[Node, ...], known: Known) -> bool:
    """Say whether a counter's height is compared with a number that says more than whether there is any."""
    name = selector.metric
    if selector.window is not None or known.types.get(name, "") != metrics.COUNTER:
        return False
    if any(isinstance(node, Subquery) or getattr(node, "name", "") in OF_PRESENCE for node in around):
        return False
    operations = [node for node in around if isinstance(node, Operation)]
    if any(node.operator == "-" or node.operator in queries.SETS for node in operations):
        return False
    bound = next((node.right for node in operations if node.operator in queries.COMPARISONS), None)
    return isinstance(bound, Literal) and bound.value not in (0, 1)
