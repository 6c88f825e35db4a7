"""A graph as one page that needs nothing else: search, zoom, and a click for where things stand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources

from xops_lint.graph.drawings import flowing
from xops_lint.graph.model import PASSIVE, TAKING
from xops_lint.graph.records import records
from xops_lint.graph.view import View


def page(view: View, targets: Sequence[str]) -> str:
    """Return the HTML page of a view."""
    graph = records(view, targets)
    for record, edge in zip(graph["edges"], view.edges):
        record["start"], record["end"], record["phrase"] = flowing(edge)
    for record, gap in zip(graph["gaps"], view.gaps):
        record["above"] = gap.kind in TAKING or gap.kind == "builds"
        record["phrase"] = PASSIVE[gap.kind] if gap.kind in TAKING else gap.kind
    # Nothing in a name may end the script that holds it.
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    template = resources.files("xops_lint.data").joinpath("lineage.html").read_text("utf-8")
    return template.replace("{{graph}}", text)
