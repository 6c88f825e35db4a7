"""What stages declare, beside what the programs that they start do in their name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from xops_lint.graph.commands import Launch, Launches
from xops_lint.graph.model import Edge, Gap, Graph, Spot
from xops_lint.graph.stages import Stage, overlap
from xops_lint.graph.templates import unfilled
from xops_lint.text import Range

if TYPE_CHECKING:
    from xops_lint.config import Value
    from xops_lint.facts import Facts
    from xops_lint.project import Project

_TAKEN: Final = frozenset({"reads", "loads"})
_PROGRAMS: Final = frozenset({"script", "notebook", "module"})


class Touch(NamedTuple):
    """One thing that code takes or leaves: a path from the root, or a parameter; ``spot`` is where.

    ``given`` marks one that the command of the stage itself names.
    """

    node: str
    path: str
    spot: Spot
    given: bool = False


@dataclass(frozen=True)
class Doing:
    """A stage and the programs that it starts; ``launches`` say with which words, ``gaps`` what is not known."""

    stage: Stage
    launches: Sequence[Launch]
    reads: Sequence[Touch] = ()
    writes: Sequence[Touch] = ()
    uses: Sequence[Touch] = ()
    gaps: Sequence[Gap] = ()

    @property
    def declared(self) -> Iterator[str]:
        """The paths that the stage names, be it as what it takes or as what it leaves."""
        yield from self.stage.taken
        yield from self.stage.left

    @property
    def open(self) -> bool:
        """Whether some declared path has a piece that something else fills in."""
        return any(unfilled(path) for path in self.declared)

    @property
    def command(self) -> Range:
        """The first command that starts a program."""
        return next(launch.origin.range for launch in self.launches if launch.origin.range is not None)

    @property
    def folder(self) -> str:
        """The folder that paths in the stage count from."""
        return self.stage.folder or ""

    def names(self, path: str) -> bool:
        """Say whether the stage declares a path, a folder around it or something in it."""
        return any(overlap(path, declared) for declared in self.declared)

    def makes(self, path: str) -> bool:
        """Say whether the programs themselves write a path, or what lies in it."""
        return any(overlap(path, written.path) for written in self.writes)

    def complete(self, project: Project) -> bool:
        """Say whether each command of the stage starts a program of the project, and it is known what these open."""
        commands = {
            command.range
            for command in project.files[self.stage.path].commands
            if command.route == self.stage.route
            or command.route.startswith((f"{self.stage.route}.", f"{self.stage.route}["))
        }
        direct = {launch.spot.range for launch in self.launches if launch.outer is None}
        return commands == direct and not self.gaps

    def value(self, project: Project) -> Value | None:
        """Return the part of the pipeline's file that describes the stage, unless others are made of it as well."""
        if "@" in self.stage.name:
            return None
        documents = project.files[self.stage.path].documents
        return documents[0].get(self.stage.route) if documents else None


@dataclass(frozen=True)
class Plan:
    """The graph of a project with the stages and starts that it is made of."""

    graph: Graph
    stages: Sequence[Stage]
    launches: Launches
    handed: Mapping[tuple[str, str, str], Spot]

    def sure(self, doing: Doing, touch: Touch) -> bool:
        """Say whether a stage surely touches what its programs may touch.

        It does if its own command says so, or if no other stage that starts one of the same programs declares the
        path: which part of a program runs for which stage is then known.
        """
        if touch.given:
            return True
        path = touch.path
        programs = {launch.facts.path for launch in doing.launches}
        others = (
            other for other in self.doings if not programs.isdisjoint(launch.facts.path for launch in other.launches)
        )
        return not any(other.names(path) for other in others)

    def known(self, path: str) -> bool:
        """Say whether a path is what some stage leaves, or lies in it."""
        return any(path == left or path.startswith(f"{left}/") for stage in self.stages for left in stage.left)

    @cached_property
    def doings(self) -> Sequence[Doing]:
        """The stages that start programs of the project, each with what these do."""
        stages = ((stage, f"stage:{stage.address}") for stage in self.stages if stage.name)
        return [self._doing(stage, id, launches) for stage, id in stages if (launches := self.launches.by(id))]

    def _doing(self, stage: Stage, id: str, launches: Sequence[Launch]) -> Doing:
        # What another program does that one of these imports hangs on which of its functions are called.
        programs = list(dict.fromkeys(edge.end for edge in self.graph.leaving.get(id, ()) if self._is_program(edge)))
        return Doing(
            stage,
            launches,
            tuple(self._touched(id, programs, _TAKEN)),
            tuple(self._touched(id, programs, frozenset({"writes"}))),
            tuple(self._touched("", programs, frozenset({"uses"}))),
            [gap for node in (id, *programs) for gap in self.graph.missing.get(node, ())],
        )

    def _is_program(self, edge: Edge) -> bool:
        return edge.kind == "runs" and self.graph.nodes[edge.end].kind in _PROGRAMS

    def _touched(self, id: str, programs: Sequence[str], kinds: frozenset[str]) -> Iterator[Touch]:
        for node in (id, *programs):
            for edge in self.graph.leaving.get(node, ()):
                spot = self.handed.get((edge.kind, node, edge.end)) if node == id else edge.spot
                if edge.kind in kinds and spot is not None:
                    yield Touch(edge.end, edge.end.partition(":")[2], spot, node == id)


def doings(project: Project) -> Sequence[Doing]:
    """Return the stages of a project's pipelines with what they start; the graph is made only if there are any."""
    return project.plan.doings if next(project.of_kind("dvc"), None) is not None else ()


def holds_parameters(facts: Facts) -> bool:
    """Say whether a file is one of parameters, of which each stage names those that it uses."""
    return "dvc-params" in facts.kinds
