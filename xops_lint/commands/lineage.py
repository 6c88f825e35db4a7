"""``xops-lint lineage``: show what things of a project come from, and what comes of them."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xops_lint import extras, options, terminal

if TYPE_CHECKING:
    from xops_lint.collecting import Collected
    from xops_lint.graph.model import Graph, Spot
    from xops_lint.graph.view import Evidence, Located, View
    from xops_lint.graph.walk import Branch, Direction
    from xops_lint.settings import Settings


@click.command()
@click.argument("target", required=False)
@click.option("--upstream", is_flag=True, help="Show what the target comes from, and nothing else.")
@click.option("--downstream", is_flag=True, help="Show what comes of the target, and nothing else.")
@click.option("--depth", type=click.IntRange(min=1), help="Go no more than so many steps from the target.")
@options.output_format("text", "json", "mermaid", "dot", "html", "openlineage", "cyclonedx")
@options.settings_source
@click.pass_context
def command(context: click.Context, /, target: str | None, depth: int | None, output_format: str, **given: Any) -> int:
    """Show the graph of the project, or what TARGET comes from and what comes of it.

    A target is a file, a folder, a stage, a model, a service or anything else of the graph;
    `stage:train` tells a stage from other things of that name. Nothing is run: the graph
    is what pipelines, code and manifests say, and what they leave open is shown as unknown.
    """
    if target is None and (given["upstream"] or given["downstream"] or depth is not None):
        raise click.UsageError("`--upstream`, `--downstream` and `--depth` need a target", context)
    if output_format in extras.FORMATS:
        extras.require(f"the format `{output_format}`", "lineage", extras.FORMATS[output_format])
    settings, collected = _collected(context)
    graph = collected.project.plan.graph
    evidence = _evidence(collected)
    found = _trees(graph, target, settings, _directions(**given), depth)
    view = _view(graph, evidence, found)
    if not graph.nodes:
        terminal.say("the graph is empty: there are no pipelines, and no code that moves data or models")
    with terminal.output() as out:
        out.writelines(f"{line}\n" for line in _lines(output_format, graph, view, found, settings.root.name))
    return 0


Found = dict[str, list[tuple[str, "Branch"]]]


def _collected(context: click.Context) -> tuple[Settings, Collected]:
    from xops_lint import collecting, discovery

    here = (Path("."),)
    settings, registry = options.settings_and_rules(context, here)
    files = discovery.project(discovery.find(here, settings), here, settings)
    return settings, collecting.collect(files, settings, registry)


def _directions(*, upstream: bool, downstream: bool, **_: Any) -> list[Direction]:
    chosen: list[Direction] = []
    if upstream or not downstream:
        chosen.append("upstream")
    if downstream or not upstream:
        chosen.append("downstream")
    return chosen


def _trees(
    graph: Graph, target: str | None, settings: Settings, directions: list[Direction], depth: int | None
) -> Found:
    """Return the trees of the target's nodes in each direction; none without a target."""
    from xops_lint import discovery
    from xops_lint.graph import targets, walk

    if target is None:
        return {}
    folder = discovery.relative(Path(os.getcwd()), settings.root)
    absolute = os.path.isabs(target) and Path(target).is_relative_to(settings.root)
    name = discovery.relative(Path(target), settings.root) if absolute else target
    ids = targets.find(graph, name, "" if folder == "." or absolute else folder)
    return {id: [(way, walk.tree(graph, id, way, depth)) for way in directions] for id in ids}


def _view(graph: Graph, evidence: Evidence, found: Found) -> View:
    from xops_lint.graph import view, walk

    if not found:
        return view.view(graph, evidence, graph.nodes, graph.edges)
    nodes, edges = walk.reached(branch for trees in found.values() for _, branch in trees)
    return view.view(graph, evidence, nodes, edges)


def _lines(output_format: str, graph: Graph, view: View, found: Found, project: str) -> Iterator[str]:
    from xops_lint.graph import cyclonedx, drawings, listing, openlineage, page
    from xops_lint.graph.records import records

    if output_format == "json":
        yield json.dumps(records(view, list(found)), indent=2, ensure_ascii=False)
    elif output_format == "mermaid":
        yield from drawings.mermaid(view)
    elif output_format == "html":
        yield page.page(view, list(found)).rstrip("\n")
    elif output_format == "dot":
        yield from drawings.dot(view)
    elif output_format == "openlineage":
        yield from openlineage.events(graph, view, project, _moment())
    elif output_format == "cyclonedx":
        yield from cyclonedx.bill(graph, view, project, _moment())
    elif found:
        yield from listing.trees(view, found)
    else:
        yield from listing.everything(view, graph)


def _moment() -> datetime:
    """Return the time that is written down: the one that builds set which are to come out the same, or now."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(given) if given.isdecimal() else int(time.time()), timezone.utc)


def _evidence(collected: Collected) -> Evidence:
    """Return how to find rows and source in the project's documents."""
    from xops_lint.graph.view import Evidence, Located

    def place(spot: Spot) -> Located:
        document = collected.document(spot.path) if spot.range is not None else None
        if document is None or spot.range is None:
            return Located(spot.path)
        found = document.place(spot.range)
        return Located(found.path, found.row, found.cell)

    def source(spot: Spot) -> str:
        document = collected.document(spot.path)
        return document.source(spot.range) if document is not None and spot.range is not None else spot.path

    return Evidence(place, source)
