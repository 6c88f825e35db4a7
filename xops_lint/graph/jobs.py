"""Which programs of a project run in the end where something is started."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from xops_lint.config import Value
from xops_lint.facts import Facts
from xops_lint.project import Project

_CODE: Final = frozenset({"script", "module", "notebook"})
_FINITE: Final = frozenset({"Job", "CronJob"})


class Started(NamedTuple):
    """What a config starts: a job of a cluster or a service of Docker Compose, by its node of the graph."""

    facts: Facts
    value: Value
    node: str

    @property
    def place(self) -> Value:
        """The value that names it."""
        name = self.value.get("metadata.name")
        return name if name is not None else self.value

    def programs(self, project: Project) -> Iterator[Facts]:
        """Yield the programs that run in the end."""
        commanded = bool({"command", "entrypoint"} & self.value.items.keys())
        return programs(project, self.node, commanded=commanded)


def jobs(project: Project) -> Iterator[Started]:
    """Yield the jobs of manifests, tests and examples aside, that end some day."""
    for facts in project.facts:
        for kind, document in zip(facts.kinds, facts.documents):
            type = document.items.get("kind")
            ends = "pod" in facts.routes.get(kind, {}) and type is not None and type.text.endswith("Job")
            if ends and type is not None and not facts.context.test and not facts.context.example:
                node = "job" if type.text in _FINITE else "deployment"
                yield Started(facts, document, f"{node}:{facts.path}:{document.range.start}")


def services(project: Project) -> Iterator[Started]:
    """Yield the services of Docker Compose, tests and examples aside."""
    for facts in project.of_kind("compose"):
        for service in facts.values("container") if not facts.context.test and not facts.context.example else ():
            yield Started(facts, service, f"service:{facts.path}:{service.route.rpartition('.')[2]}")


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
