"""What a graph is to tools that know only jobs and the data these take and leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from xops_lint.graph.model import Graph
from xops_lint.graph.view import View

DATA: Final = frozenset({"data", "file", "folder", "model"})
_PROGRAMS: Final = frozenset({"script", "notebook", "module"})
_WORK: Final = _PROGRAMS | {"job", "pipeline", "stage"}
_TAKES: Final = frozenset({"reads", "loads"})
_LEAVES: Final = frozenset({"writes", "registers", "logs"})


@dataclass(frozen=True)
class Work:
    """A job: the node it is, the programs that are a part of it, and the ids of what it takes and leaves."""

    id: str
    parts: tuple[str, ...]
    takes: tuple[str, ...]
    leaves: tuple[str, ...]


def work(graph: Graph, view: View) -> Iterator[Work]:
    """Yield the jobs of a view that take or leave data, in order.

    A program that one job alone runs is a part of that job; one that several run is a job of its own.
    """
    runners: dict[str, set[str]] = {}
    for edge in graph.edges:
        if edge.kind == "runs" and graph.nodes[edge.start].kind in _WORK:
            runners.setdefault(edge.end, set()).add(edge.start)
    inner = {id for id, by in runners.items() if graph.nodes[id].kind in _PROGRAMS and len(by) == 1}
    for id, node in view.nodes.items():
        if node.kind not in _WORK or (id in inner and runners[id] & view.nodes.keys()):
            continue
        parts = _parts(id, graph, inner)
        done = [edge for edge in view.edges if edge.start in parts and graph.nodes[edge.end].kind in DATA]
        takes = tuple(dict.fromkeys(edge.end for edge in done if edge.kind in _TAKES))
        leaves = tuple(dict.fromkeys(edge.end for edge in done if edge.kind in _LEAVES))
        if takes or leaves:
            yield Work(id, parts, takes, leaves)


def _parts(id: str, graph: Graph, inner: set[str]) -> tuple[str, ...]:
    """Return a node and the programs that are a part of it, at whatever depth."""
    found = {id: None}
    todo = [id]
    while todo:
        for edge in graph.leaving.get(todo.pop(), ()):
            if edge.kind == "runs" and edge.end in inner and edge.end not in found:
                found[edge.end] = None
                todo.append(edge.end)
    return tuple(found)
