"""A query asks for a metric that nothing in the project exposes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from xops_lint import metrics, words
from xops_lint.diagnostic import Finding, Related
from xops_lint.metrics import Metric
from xops_lint.model import Project
from xops_lint.queries import Selector
from xops_lint.rule import Confidence, Group, Rule

RULE = Rule(
    code="XOP724",
    name="alert-on-unknown-metric",
    summary="A query asks for a metric that nothing in the project exposes.",
    harm="No series answers, so that the alert never fires and the panel stays empty.",
    remedy="Ask for the name under which the metric is exposed, such as that of a counter with `_total`.",
    ops=("aiops",),
    confidence=Confidence.MEDIUM,
    group=Group.PREVIEW,
)

ALIKE = 0.8
"""How much of two names must be the same for one to be taken for a slip of the other."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report series that a declared metric does not have, and names that are nearly those of declared ones."""
    found = {metric.name: metric for metric in metrics.declared(project)}
    if not found:
        return
    known = {name for metric in found.values() for name in metric.series} | metrics.recorded(project).keys()
    spoken = frozenset(map(metrics.stem, words.spoken(project.python)))
    guesses = metrics.complete(project)
    for file in project.shown.facts:
        for query in file.queries:
            for selector in query.selectors():
                if not selector.metric or selector.metric in known or ":" in selector.metric:
                    continue
                metric, message = series_of_none(selector, found)
                if metric is None and guesses:
                    metric, message = slip(selector, found, spoken)
                    metric = None if metric and configured(project, selector.metric) else metric
                if metric is not None:
                    related = (Related(metric.range, "the metric that is declared", metric.path),)
                    yield RULE.at(selector.named, message, path=file.path, related=related)


def series_of_none(selector: Selector, found: Mapping[str, Metric]) -> tuple[Metric | None, str]:
    """Return the metric whose name is asked for with an end that none of its series has, and what to say."""
    metric = found.get(selector.metric) or found.get(metrics.stem(selector.metric))
    if metric is None:
        return None, ""
    series = [name for name in metric.series if not name.endswith("_created")]
    return metric, f"is no series of a {metric.kind}, which has " + ", ".join(f"`{name}`" for name in series)


def slip(selector: Selector, found: Mapping[str, Metric], spoken: frozenset[str]) -> tuple[Metric | None, str]:
    """Return the metric whose name is nearly the one that is asked for and stands nowhere else, and what to say."""
    name = metrics.stem(selector.metric)
    family = [other for other in found if other.partition("_")[0] == name.partition("_")[0]]
    near = next(iter(get_close_matches(name, family, 1, ALIKE)), None)
    if near is None or name in spoken or "_" not in name:
        return None, ""
    return found[near], f"is exposed by nothing in this project; the nearest name is `{near}`"


def configured(project: Project, name: str) -> bool:
    """Say whether a config holds a name as it stands, and may be that of an exporter."""
    wanted = {name, metrics.stem(name)}
    return any(value.text in wanted for file in project.facts for tree in file.documents for value in tree.walk())
