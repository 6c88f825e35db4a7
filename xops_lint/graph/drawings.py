"""A graph for programs that draw: Mermaid and Graphviz, with arrows along the flow of data and code."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.graph.model import PASSIVE, TAKING
from xops_lint.graph.view import ShownEdge, View

_SHAPES = {
    "data": ("[(", ")]", "cylinder"),
    "file": ("[", "]", "note"),
    "folder": ("[", "]", "folder"),
    "model": ("{{", "}}", "hexagon"),
    "parameter": ("([", "])", "ellipse"),
    "metric": ("([", "])", "ellipse"),
    "alert": ("[/", "/]", "parallelogram"),
}
_PLAIN = ("[", "]", "box")


def mermaid(view: View) -> Iterator[str]:
    """Yield the lines of a Mermaid flowchart."""
    names = {id: f"n{number}" for number, id in enumerate(view.nodes)}
    yield "flowchart LR"
    for id, node in view.nodes.items():
        opening, closing, _ = _SHAPES.get(node.kind, _PLAIN)
        yield f'  {names[id]}{opening}"{_escaped(f"{node.kind}: {node.name}")}"{closing}'
    for edge in view.edges:
        start, end, phrase = flowing(edge)
        yield f"  {names[start]} -->|{phrase}| {names[end]}"
    for number, gap in enumerate(view.gaps):
        yield f'  g{number}["? unknown: {_escaped(gap.text)}"]:::unknown'
        start, end, phrase = _arrow(names[gap.node], gap.kind, f"g{number}")
        yield f"  {start} -.->|{phrase}| {end}"
    if view.gaps:
        yield "  classDef unknown stroke-dasharray: 4 4"


def dot(view: View) -> Iterator[str]:
    """Yield the lines of a Graphviz file."""
    names = {id: f"n{number}" for number, id in enumerate(view.nodes)}
    yield "digraph lineage {"
    yield "  rankdir=LR;"
    for id, node in view.nodes.items():
        place = f"\\n{_quoted(str(node.place))}" if node.place is not None else ""
        label = f"{node.kind}: {_quoted(node.name)}{place}"
        yield f'  {names[id]} [label="{label}", shape={_SHAPES.get(node.kind, _PLAIN)[2]}];'
    for edge in view.edges:
        start, end, phrase = flowing(edge)
        yield f'  {names[start]} -> {names[end]} [label="{phrase}", tooltip="{_quoted(str(edge.place))}"];'
    for number, gap in enumerate(view.gaps):
        yield f'  g{number} [label="? unknown: {_quoted(gap.text)}", shape=box, style=dashed];'
        start, end, phrase = _arrow(names[gap.node], gap.kind, f"g{number}")
        yield f'  {start} -> {end} [label="{phrase}", style=dashed];'
    yield "}"


def flowing(edge: ShownEdge) -> tuple[str, str, str]:
    """Return an edge as an arrow along the flow: from where, to where, and what the one is to the other."""
    return _arrow(edge.start, edge.kind, edge.end)


def _arrow(start: str, kind: str, end: str) -> tuple[str, str, str]:
    return (end, start, PASSIVE[kind]) if kind in TAKING else (start, end, kind)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
