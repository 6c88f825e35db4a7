"""What is watched, and what is tested."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from xops_lint.facts import Facts
from xops_lint.graph import scraping
from xops_lint.graph.files import Files
from xops_lint.graph.model import Builder, Spot
from xops_lint.project import Project
from xops_lint.queries import Selector

_JOBS: Final = frozenset({"job", "service"})
"""Labels that tell which service a series comes from."""

_DERIVED: Final = ("", "_bucket", "_sum", "_count", "_total", "_created")
"""Endings that a library gives to the series of one metric."""


def add_alerts(project: Project, builder: Builder) -> None:
    """Add the alerts, joined with the metrics and services that their conditions name."""
    metrics = {node.name: node.id for node in builder.nodes.values() if node.kind == "metric"}
    services = {node.name: node.id for node in builder.nodes.values() if node.kind in ("deployment", "service")}
    scraped = scraping.scraped(project)
    series = {name + ending: id for name, id in metrics.items() for ending in _DERIVED}
    for facts in project.facts:
        queries = {query.range: query for query in facts.queries}
        for value in facts.values("alert_rule"):
            name, expression = value.items.get("alert"), value.items.get("expr")
            if name is None or not name.text or expression is None:
                continue
            spot = Spot(facts.path, expression.range)
            place = Spot(facts.path, name.range)
            id = builder.node("alert", name.text, place, id=f"alert:{facts.path}:{value.route}")
            query = queries.get(expression.range)
            selectors = list(query.selectors()) if query is not None else []
            found = {series[each.metric] for each in selectors if each.metric in series}
            for job in (job for each in selectors for job in _jobs(each)):
                found |= {services[each] for each in (job, *scraped.get(job, ())) if each in services}
            for end in sorted(found):
                builder.edge("watches", id, end, spot)
            if not found:
                builder.gap(id, "watches", spot, expression.text.split("\n")[0][:80])


def _jobs(selector: Selector) -> Iterator[str]:
    """Yield the services that a selection of series names."""
    for matcher in selector.matchers:
        if matcher.label in _JOBS and matcher.operator in ("=", "=~") and matcher.value:
            yield matcher.value


def add_tests(project: Project, builder: Builder, files: Files) -> None:
    """Add the tests, joined with the programs and modules that they import."""
    for facts in project.tests:
        id = builder.node("test", facts.path, Spot(facts.path))
        for path, spot in _imported(project, facts):
            builder.edge("tests", id, files.node(path, Spot(path)), spot)
    tested = {edge.end for edge in builder.edges.values() if edge.kind == "tests"}
    for node in list(builder.nodes.values()):
        program = project.files.get(node.name)
        if node.kind in ("script", "notebook") and program is not None:
            for path, spot in _imported(project, program):
                module = f"path:{path}"
                if module in tested and builder.nodes[module].kind == "module":
                    builder.edge("imports", node.id, module, spot)


def _imported(project: Project, facts: Facts) -> Iterator[tuple[str, Spot]]:
    """Yield the modules of the project that a file imports, tests and packages aside."""
    for imported in facts.imports:
        found = project.resolve(imported.target, facts)
        if found is None or found[0] is facts or found[0].context.test or found[0].path.endswith("__init__.py"):
            continue
        yield found[0].path, Spot(facts.path, imported.range)
