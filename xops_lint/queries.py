"""Queries of metrics, as trees: what alerts, recording rules and dashboards ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from xops_lint.matching import regex
from xops_lint.text import Range

RANGED: Final = frozenset(
    {
        *("rate", "irate", "increase", "delta", "idelta", "deriv", "predict_linear", "resets", "changes"),
        *("holt_winters", "double_exponential_smoothing"),
        *("avg_over_time", "min_over_time", "max_over_time", "sum_over_time", "count_over_time"),
        *("quantile_over_time", "stddev_over_time", "stdvar_over_time", "mad_over_time", "present_over_time"),
        *("absent_over_time", "first_over_time", "last_over_time"),
    }
)
"""Functions that look at a stretch of time, and take nothing else."""

OF_COUNTERS: Final = frozenset({"rate", "irate", "increase", "resets"})
"""Functions that take every fall of a series for a restart."""

OF_GAUGES: Final = frozenset({"delta", "idelta", "deriv", "predict_linear"})
"""Functions that take a fall of a series for a fall."""

_DURATION: Final = regex(r"(?:\d+(?:ms|[smhdwy]))+")
_PART: Final = regex(r"(\d+)(ms|[smhdwy])")
_SECONDS: Final = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "y": 31_536_000}

COMPARISONS: Final = frozenset({"==", "!=", "<", ">", "<=", ">="})
SETS: Final = frozenset({"and", "or", "unless"})


class Duration(NamedTuple):
    """A length of time; ``seconds`` is None where something else fills it in."""

    seconds: float | None
    range: Range


class Matcher(NamedTuple):
    """A condition on a label; ``value`` is None where something else fills it in."""

    label: str
    operator: str
    value: str | None
    range: Range


class Selector(NamedTuple):
    """Series by their metric's name and labels, at one time or over a ``window``.

    ``name`` is empty where none is written, and has ``{}`` for pieces that are filled in.
    """

    name: str
    range: Range
    matchers: tuple[Matcher, ...] = ()
    window: Duration | None = None

    @property
    def metric(self) -> str:
        """The metric's name where it is known as a whole, be it written as a label."""
        names = [each.value or "{}" for each in self.matchers if (each.label, each.operator) == ("__name__", "=")]
        name = self.name or next(iter(names), "")
        return "" if "{" in name else name

    @property
    def named(self) -> Range:
        """The range of the name, or of the whole selection where the name is no plain word."""
        return Range(self.range.start, self.range.start + len(self.name)) if self.metric == self.name else self.range


class Function(NamedTuple):
    """A call of a function; ``callee`` is the range of its name."""

    name: str
    arguments: tuple[Node, ...]
    range: Range
    callee: Range


class Aggregation(NamedTuple):
    """Many series made few; ``labels`` are those kept, or dropped ``without``; None if neither is said."""

    name: str
    arguments: tuple[Node, ...]
    range: Range
    labels: tuple[str, ...] | None = None
    without: bool = False

    def keeps(self, label: str) -> bool | None:
        """Say whether a label is left; None where the labels are filled in."""
        if self.labels is None:
            return False
        if any("{" in each for each in self.labels):
            return None
        return (label in self.labels) != self.without


class Operation(NamedTuple):
    """Two sides and what stands between; a sign has no left side."""

    operator: str
    left: Node | None
    right: Node
    range: Range
    boolean: bool = False


class Subquery(NamedTuple):
    """A query that is asked again and again over a window."""

    query: Node
    window: Duration
    step: Duration | None
    range: Range


class Literal(NamedTuple):
    """A number, or a text."""

    value: float | str
    range: Range


class Filled(NamedTuple):
    """A part of a query that something else fills in."""

    range: Range


Node = Selector | Function | Aggregation | Operation | Subquery | Literal | Filled


class Query(NamedTuple):
    """A query of a config.

    ``name`` is that of the alert, or of the metric that is recorded; ``use`` says which:
    ``alert``, ``record`` or ``panel``. ``root`` is None where the text is no query that we
    read; ``problem`` tells what is wrong with it, where that is certain.
    """

    use: str
    name: str
    text: str
    range: Range
    route: str
    root: Node | None
    problem: tuple[str, Range] | None = None

    def selectors(self) -> Iterator[Selector]:
        """Yield every selection of series, in order."""
        for node in walk(self.root):
            if isinstance(node, Selector):
                yield node


def children(node: Node) -> tuple[Node, ...]:
    """Return the parts of a node."""
    if isinstance(node, (Function, Aggregation)):
        return node.arguments
    if isinstance(node, Operation):
        return (node.right,) if node.left is None else (node.left, node.right)
    return (node.query,) if isinstance(node, Subquery) else ()


def walk(node: Node | None) -> Iterator[Node]:
    """Yield a node and everything below it, in order."""
    stack = [node] if node is not None else []
    while stack:
        found = stack.pop()
        yield found
        stack.extend(reversed(children(found)))


def descend(node: Node | None) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Yield every part of a tree with the nodes around it, the nearest one last."""
    stack: list[tuple[Node, tuple[Node, ...]]] = [(node, ())] if node is not None else []
    while stack:
        found, around = stack.pop()
        yield found, around
        stack.extend((child, (*around, found)) for child in reversed(children(found)))


def seconds(text: str) -> float | None:
    """Return the seconds of a length of time such as ``1h30m``; None for any other text."""
    if _DURATION.fullmatch(text) is None:
        return None
    return sum(int(count) * _SECONDS[unit] for count, unit in _PART.findall(text))
