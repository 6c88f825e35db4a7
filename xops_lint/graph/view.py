"""A graph as people and programs see it: with rows in the place of ranges, and the text of what is not known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from xops_lint.graph.model import Edge, Graph, Spot

_LONGEST = 60


class Located(NamedTuple):
    """Where evidence stands; in a notebook the row counts within the cell."""

    path: str
    row: int | None = None
    cell: int | None = None

    def __str__(self) -> str:
        cell = f":cell {self.cell}" if self.cell is not None else ""
        return f"{self.path}{cell}{f':{self.row}' if self.row is not None else ''}"


class Evidence(NamedTuple):
    """How to look up the place of a spot, and the source there."""

    place: Callable[[Spot], Located]
    source: Callable[[Spot], str]


class ShownNode(NamedTuple):
    """A node and where it stands, if anywhere."""

    kind: str
    name: str
    place: Located | None


class ShownEdge(NamedTuple):
    """An edge and where it is written."""

    kind: str
    start: str
    end: str
    place: Located


class ShownGap(NamedTuple):
    """What is not known of a node."""

    node: str
    kind: str
    text: str
    place: Located


@dataclass(frozen=True)
class View:
    """A graph, or a part of it, ready to be shown."""

    nodes: Mapping[str, ShownNode]
    edges: Sequence[ShownEdge]
    gaps: Sequence[ShownGap]
    places: Mapping[Edge, Located]


def view(graph: Graph, evidence: Evidence, nodes: Iterable[str], edges: Iterable[Edge]) -> View:
    """Return the view of some nodes and edges of a graph, in the order of the graph."""
    chosen, joined = set(nodes), set(edges)
    places = {edge: evidence.place(edge.spot) for edge in graph.edges if edge in joined}
    return View(
        {
            id: ShownNode(node.kind, node.name, evidence.place(node.spot) if node.spot is not None else None)
            for id, node in graph.nodes.items()
            if id in chosen
        },
        [ShownEdge(edge.kind, edge.start, edge.end, places[edge]) for edge in places],
        [
            ShownGap(gap.node, gap.kind, gap.text or _short(evidence.source(gap.spot)), evidence.place(gap.spot))
            for gap in graph.gaps
            if gap.node in chosen
        ],
        places,
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
