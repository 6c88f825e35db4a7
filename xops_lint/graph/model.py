"""Nodes, edges and gaps: what the graph of a project consists of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from xops_lint.text import Range

NODE_KINDS: Final = (
    "job",
    "pipeline",
    "stage",
    "script",
    "notebook",
    "module",
    "data",
    "file",
    "folder",
    "parameter",
    "run",
    "metric",
    "model",
    "image",
    "deployment",
    "service",
    "alert",
    "test",
)
"""In the order of a listing."""

PASSIVE: Final[Mapping[str, str]] = {
    "runs": "run by",
    "reads": "read by",
    "writes": "written by",
    "uses": "used by",
    "logs": "logged by",
    "registers": "registered by",
    "loads": "loaded by",
    "imports": "imported by",
    "builds": "built by",
    "deploys": "deployed by",
    "serves": "served by",
    "watches": "watched by",
    "tests": "tested by",
    "holds": "part of",
}
"""The kinds of edges, each with what it is called from its other end."""

TAKING: Final = frozenset({"reads", "uses", "loads", "imports", "watches", "tests"})
"""Edges whose start depends on their end; of all others but ``runs`` and ``holds`` the end depends on the start."""


class Spot(NamedTuple):
    """Where the evidence of something stands; without a range it is the file as a whole."""

    path: str
    range: Range | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """One thing of a project; ``id`` tells it from all others, ``name`` is for people."""

    id: str
    kind: str
    name: str
    spot: Spot | None = None


class Edge(NamedTuple):
    """``start`` does something to ``end``; ``spot`` is where that is written."""

    kind: str
    start: str
    end: str
    spot: Spot


class Gap(NamedTuple):
    """What is not known of a node: the other end of an edge of this kind.

    ``text`` says what is missing; without one it is the source at the spot.
    """

    node: str
    kind: str
    spot: Spot
    text: str = ""


@dataclass(frozen=True)
class Graph:
    """All nodes by id, and what joins them, in a fixed order."""

    nodes: Mapping[str, Node]
    edges: Sequence[Edge]
    gaps: Sequence[Gap]

    @cached_property
    def leaving(self) -> Mapping[str, Sequence[Edge]]:
        """The edges by their start."""
        return _grouped((edge.start, edge) for edge in self.edges)

    @cached_property
    def arriving(self) -> Mapping[str, Sequence[Edge]]:
        """The edges by their end."""
        return _grouped((edge.end, edge) for edge in self.edges)

    @cached_property
    def missing(self) -> Mapping[str, Sequence[Gap]]:
        """The gaps by their node."""
        found: dict[str, list[Gap]] = {}
        for gap in self.gaps:
            found.setdefault(gap.node, []).append(gap)
        return found


@dataclass
class Builder:
    """Collects nodes, edges and gaps; the first to speak of a node says where it stands.

    ``handed`` are the places in code at which what a command hands to an option is used.
    """

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[tuple[str, str, str], Edge] = field(default_factory=dict)
    handed: dict[tuple[str, str, str], Spot] = field(default_factory=dict)
    gaps: dict[Gap, None] = field(default_factory=dict)

    def node(self, kind: str, name: str, spot: Spot | None = None, *, id: str = "") -> str:
        """Add a node, unless it is there, and return its id."""
        id = id or f"{kind}:{name}"
        self.nodes.setdefault(id, Node(id, kind, name, spot))
        return id

    def edge(self, kind: str, start: str, end: str, spot: Spot) -> None:
        """Add an edge, unless it is there; nothing is joined to itself."""
        if start != end:
            self.edges.setdefault((kind, start, end), Edge(kind, start, end, spot))

    def gap(self, node: str, kind: str, spot: Spot, text: str = "") -> None:
        """Say that the other end of an edge is not known."""
        self.gaps.setdefault(Gap(node, kind, spot, text))

    def merge(self, id: str, other: str) -> None:
        """Let one node be another one that it turned out to mean."""
        self.nodes.pop(id)
        for edge in [each for each in self.edges.values() if id in (each.start, each.end)]:
            self.edges.pop((edge.kind, edge.start, edge.end))
            start, end = (other if each == id else each for each in (edge.start, edge.end))
            self.edge(edge.kind, start, end, edge.spot)

    def graph(self) -> Graph:
        """Return the graph; what nothing is joined to is left out."""
        for kind, start, end in list(self.edges):
            # A pipeline declares what it runs also as what it depends on.
            if kind == "runs":
                self.edges.pop(("reads", start, end), None)
        joined = {end for edge in self.edges.values() for end in (edge.start, edge.end)}
        joined |= {gap.node for gap in self.gaps}
        nodes = sorted((self.nodes[id] for id in joined), key=_order)
        edges = sorted(self.edges.values(), key=_edge_order)
        gaps = sorted(self.gaps, key=lambda gap: (gap.node, gap.spot.path, gap.spot.range or Range(0, 0), gap.kind))
        return Graph({node.id: node for node in nodes}, edges, gaps)


def _order(node: Node) -> tuple[int, str, str]:
    return NODE_KINDS.index(node.kind), node.name, node.id


def _edge_order(edge: Edge) -> tuple[str, int, str]:
    return edge.start, list(PASSIVE).index(edge.kind), edge.end


def _grouped(pairs: Iterator[tuple[str, Edge]]) -> dict[str, list[Edge]]:
    found: dict[str, list[Edge]] = {}
    for id, edge in pairs:
        found.setdefault(id, []).append(edge)
    return found
