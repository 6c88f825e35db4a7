"""Walks along the flow of data and code: what something comes from, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from xops_lint.graph.model import PASSIVE, TAKING, Edge, Graph

Direction = Literal["upstream", "downstream"]

_BOTH: Final = frozenset({"runs", "holds"})
_CODE: Final = frozenset({"script", "notebook", "module"})
_START: Final = "start"


class Step(NamedTuple):
    """One step of a walk: along which edge, called what from here, to which node.

    ``way`` is how the node was come to, where that decides on how to go on.
    """

    edge: Edge
    phrase: str
    node: str
    way: str = ""


@dataclass
class Branch:
    """A node of a tree of steps; ``again`` marks one that is shown in full before, ``cut`` one too deep to go on."""

    node: str
    step: Step | None = None
    branches: list[Branch] = field(default_factory=list)
    again: bool = False
    cut: bool = False

    def edges(self) -> Iterator[Edge]:
        """Yield the edges of the whole tree."""
        todo = [self]
        while todo:
            branch = todo.pop()
            if branch.step is not None:
                yield branch.step.edge
            todo.extend(branch.branches)


def tree(graph: Graph, start: str, direction: Direction, depth: int | None) -> Branch:
    """Return all that lies in one direction of a node, each node in full where it is nearest to the start."""
    root = Branch(start)
    seen: set[tuple[str, str]] = {(start, "")}
    level = [root]
    for distance in range(_LONGEST):
        following: list[Branch] = []
        for branch in level:
            way = branch.step.way if branch.step is not None else _START
            for step in _steps(graph, branch.node, direction, way):
                if branch.step is not None and step.edge == branch.step.edge:
                    continue
                if depth is not None and distance >= depth:
                    branch.cut = True
                    break
                known = (step.node, step.way) in seen or (step.node, "") in seen
                seen.add((step.node, step.way))
                further = (each for each in _steps(graph, step.node, direction, step.way) if each.edge != step.edge)
                branch.branches.append(Branch(step.node, step, again=known and any(True for _ in further)))
                if not known:
                    following.append(branch.branches[-1])
        if not following:
            break
        level = following
    return root


def reached(branches: Iterable[Branch]) -> tuple[set[str], set[Edge]]:
    """Return the nodes and edges of several trees."""
    nodes, edges = set[str](), set[Edge]()
    for branch in branches:
        nodes.add(branch.node)
        edges.update(branch.edges())
    return nodes | {end for edge in edges for end in (edge.start, edge.end)}, edges


_LONGEST: Final = 1000
"""More steps than this make no path of a project."""


def _steps(graph: Graph, id: str, direction: Direction, way: str) -> Iterator[Step]:
    """Yield the steps that lead on from a node.

    Who takes the code of a program takes neither its data nor its results: from there one goes on to
    code alone, and from data to a program not on to those that take the program's code.
    """
    against = direction == "upstream"
    for edge in graph.leaving.get(id, ()):
        code = edge.kind in ("reads", "imports") and graph.nodes[edge.end].kind in _CODE
        if edge.kind in _BOTH:
            if way != "imports" and _open(graph, edge, edge.end, edge.kind, way, direction):
                yield Step(edge, edge.kind, edge.end, edge.kind)
        elif (edge.kind in TAKING) is against and (code or way != "imports"):
            yield Step(edge, edge.kind, edge.end, "imports" if code else "")
    for edge in graph.arriving.get(id, ()):
        passive = PASSIVE[edge.kind]
        code = edge.kind in ("reads", "imports") and graph.nodes[edge.end].kind in _CODE
        if way == "imports" or (code and way != _START):
            continue
        if edge.kind in _BOTH:
            if _open(graph, edge, edge.start, passive, way, direction):
                yield Step(edge, passive, edge.start, passive)
        elif (edge.kind in TAKING) is not against:
            yield Step(edge, passive, edge.start)


def _open(graph: Graph, edge: Edge, to: str, phrase: str, way: str, direction: Direction) -> bool:
    """Say whether a walk goes on along an edge that can be walked both ways.

    What runs a program and the program are one doing: one goes from the one to the other, but not on to what
    else runs the program, or what else is run. Of a folder and a file in it the one that is written comes first.
    """
    if edge.kind == "runs":
        return way != {"runs": "run by", "run by": "runs"}[phrase]
    if way in ("holds", "part of"):
        return False
    parameter = graph.nodes[edge.end].kind == "parameter"
    if direction == "upstream":
        return to == edge.start if parameter else _written(graph, to)
    return to == edge.end if parameter else _taken(graph, to)


def _written(graph: Graph, id: str) -> bool:
    return any(edge.kind in ("writes", "logs") for edge in graph.arriving.get(id, ()))


def _taken(graph: Graph, id: str) -> bool:
    return any(edge.kind in TAKING for edge in graph.arriving.get(id, ()))


def sources(graph: Graph, start: str, wanted: Callable[[str], bool]) -> set[str]:
    """Return the wanted nodes from which one comes to a node without another wanted one between them."""
    found, seen = set[str](), {(start, _START)}
    todo: list[tuple[str, str]] = [(start, _START)]
    while todo:
        id, way = todo.pop()
        for step in _steps(graph, id, "upstream", way):
            if step.node != start and wanted(step.node):
                found.add(step.node)
            elif (step.node, step.way) not in seen:
                seen.add((step.node, step.way))
                todo.append((step.node, step.way))
    return found
