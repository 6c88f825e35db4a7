"""Which programs of a project run in the end where something is started."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from xops_lint.facts import Facts
from xops_lint.project import Project

_CODE: Final = frozenset({"script", "module", "notebook"})


def programs(project: Project, node: str, *, commanded: bool = False) -> Iterator[Facts]:
    """Yield the programs that a node of the graph starts, by itself or in its image.

    ``commanded`` marks one with a command of its own, which takes the place of what its image would start.
    """
    graph, seen, waiting = project.plan.graph, {node}, [node]
    while waiting:
        start = waiting.pop()
        for edge in graph.leaving.get(start, ()):
            kind = graph.nodes[edge.end].kind
            replaced = commanded and start == node and kind not in _CODE
            if edge.kind == "runs" and edge.end not in seen and not replaced:
                seen.add(edge.end)
                waiting.append(edge.end)
                facts = project.files.get(graph.nodes[edge.end].name)
                if kind in _CODE and facts is not None:
                    yield facts
