"""The metrics of a project: what its code exposes, what its rules record, how often both are collected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from xops_lint.matching import regex
from xops_lint.queries import Aggregation, Node, seconds
from xops_lint.text import Range

if TYPE_CHECKING:
    from xops_lint.call import Call
    from xops_lint.project import Project
    from xops_lint.queries import Query

COUNTER: Final = "counter"
GAUGE: Final = "gauge"

_KINDS: Final = {
    "counts_up": "counter",
    "latest_value": "gauge",
    "in_buckets": "histogram",
    "distribution": "summary",
    "holds_labels": "info",
}
"""Kinds of metrics by their traits, the narrower one of two first."""

_SERIES: Final[Mapping[str, Mapping[str, str]]] = {
    "counter": {"_total": COUNTER, "_created": GAUGE},
    "gauge": {"": GAUGE},
    "histogram": {"_bucket": COUNTER, "_count": COUNTER, "_sum": COUNTER, "_created": GAUGE},
    "summary": {"_count": COUNTER, "_sum": COUNTER, "_created": GAUGE},
    "info": {"_info": GAUGE},
}
"""What the series of a metric are called, beside its own name, and whether they only rise."""


_FOREIGN: Final = (".go", ".java", ".kt", ".scala", ".rs", ".cs", ".js", ".ts", ".rb", ".php", ".cpp", ".cc")
"""Endings of programs that are not read, and may expose metrics too."""

_SUFFIX: Final = regex(r"_(?:total|bucket|count|sum|created|info)\Z")


class Metric(NamedTuple):
    """A metric that code of the project declares; ``name`` is without what its series add to it."""

    name: str
    kind: str
    path: str
    range: Range

    @property
    def series(self) -> Mapping[str, str]:
        """The names of its series, each with whether it is a counter or a gauge."""
        return {f"{self.name}{end}": kind for end, kind in _SERIES[self.kind].items()}


def declared(project: Project) -> Iterator[Metric]:
    """Yield the metrics that code of the project, tests aside, declares under names that are known."""
    for facts, call in project.calls("metric"):
        kind = kind_of(call)
        name = full_name(call) if kind and not facts.context.test else None
        if kind is not None and name is not None:
            bare = name.removesuffix(next((end for end in ("_total", "_info") if end in _SERIES[kind]), ""))
            yield Metric(bare, kind, facts.path, call.range)


def kind_of(call: Call) -> str | None:
    """Return what kind of metric a call declares, if it declares one."""
    traits = call.entry.traits if call.entry is not None else frozenset()
    return next((kind for trait, kind in _KINDS.items() if trait in traits), None)


def full_name(call: Call) -> str | None:
    """Return the name of the metric that a call declares; None if a part is not known."""
    parts: list[str] = []
    for meaning in ("namespace", "subsystem", "name", "unit"):
        given = call.argument(meaning)
        part = given.value.constant if given is not None else ""
        if not isinstance(part, str) or (meaning == "name" and not part):
            return None
        known = parts[-1] if parts else ""
        if part and not (meaning == "unit" and known.endswith(f"_{part}")):
            parts.append(part)
    return "_".join(parts)


def complete(project: Project) -> bool:
    """Say whether the names of all metrics that code declares are known, and all code is read."""
    calls = (call for facts, call in project.calls("metric") if not facts.context.test)
    declarations = [call for call in calls if kind_of(call) is not None and call.takes("name")]
    foreign = any(path.endswith(_FOREIGN) for path in project.tracked or ())
    return not foreign and all(full_name(call) is not None for call in declarations)


def stem(series: str) -> str:
    """Return the name of the metric that a series may belong to."""
    return _SUFFIX.sub("", series)


def types(metrics: Sequence[Metric]) -> Mapping[str, str]:
    """Return of every series whether it is a counter or a gauge; those of which both is said are left out.

    A gauge under the name of a counter may hold what somebody else has counted.
    """
    found: dict[str, set[str]] = {}
    for metric in metrics:
        for name, kind in metric.series.items():
            counted = kind == GAUGE and name.endswith("_total")
            found.setdefault(name, set()).update((COUNTER, GAUGE) if counted else (kind,))
    return {name: next(iter(kinds)) for name, kinds in found.items() if len(kinds) == 1}


def recorded(project: Project) -> Mapping[str, Query]:
    """Return the recording rules by the names under which they record; of several with one name the first."""
    found: dict[str, Query] = {}
    for facts in project.facts:
        for query in facts.queries:
            if query.use == "record" and query.name:
                found.setdefault(query.name, query)
    return found


def mixes_processes(query: Node | None) -> bool:
    """Say whether a query makes one series of those of several processes, which restart one by one."""
    return isinstance(query, Aggregation) and all(query.keeps(label) is False for label in ("instance", "pod"))


def scrape_interval(project: Project) -> float | None:
    """Return the shortest time between two looks at a metric, in seconds; None if some config does not tell."""
    intervals: set[float | None] = set()
    for facts in project.facts:
        if next(facts.values("scrape"), None) is not None and not facts.context.test:
            intervals.update([seconds(value.text) for value in facts.values("scrape_interval")] or [None])
    known = {each for each in intervals if each is not None}
    return min(known) if known and None not in intervals else None
