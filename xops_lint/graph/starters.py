"""What configs start: stages, entry points, jobs, services, images, each with its commands."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from xops_lint.config import Value
from xops_lint.facts import Facts
from xops_lint.graph import effects, wiring
from xops_lint.graph.commands import Launch, Launches, started
from xops_lint.graph.files import Files
from xops_lint.graph.images import Images
from xops_lint.graph.model import Builder, Spot
from xops_lint.graph.scripts import Step, lacks_script, steps
from xops_lint.graph.stages import Stage, describes_stages, located
from xops_lint.graph.templates import Plain, unfilled
from xops_lint.project import Project
from xops_lint.references import working_folder
from xops_lint.shell import Command
from xops_lint.text import Range

_OWNERS: Final[Mapping[str, str]] = {"entry_point": "stage", "stage": "stage", "job": "job"}
"""Roles of what has commands, inputs and outputs, and the kind of node that it is."""

_WORKLOADS: Final = frozenset({"kubernetes", "kserve-inference-service", "seldon-deployment", "kubeflow-training-job"})
_FINITE: Final = frozenset({"Job", "CronJob"})
_ROOT_FOLDER: Final = frozenset({"github-workflow", "gitlab-ci", "azure-pipelines", "circleci", "travis"})
"""Kinds whose commands run in the root of the repository."""


class Owner(NamedTuple):
    """A node of a config and the stretch of it that the node is about."""

    id: str
    range: Range
    value: Value


@dataclass
class Starters:
    """Adds what starts programs to a graph."""

    project: Project
    builder: Builder
    files: Files
    launches: Launches
    images: Images

    def add_stages(self, stages: list[Stage]) -> None:
        """Add the stages of pipelines, with what they declare and what their commands start."""
        for stage in stages:
            spot = Spot(stage.path, stage.range)
            id = self.builder.node("stage", stage.address, spot)
            self._declared(id, stage)
            facts = self.project.files[stage.path]
            for command in facts.commands if stage.name else ():
                around = command.route.startswith((f"{stage.route}.", f"{stage.route}["))
                if around and not command.route.startswith(f"{stage.route}.do."):
                    folder = None if command.folder is None else located(stage.folder or "", command.folder)
                    self.command(id, facts, command, folder, stage.variables)

    def add_configs(self) -> None:
        """Add the jobs, entry points and services of all other configs: first they, then what they start."""
        configs = [facts for facts in self.project.facts if facts.kinds and not describes_stages(facts)]
        owners = [(facts, list(self._owners(facts))) for facts in configs]
        for facts, found in owners:
            self._add(facts, found)

    def _add(self, facts: Facts, owners: list[Owner]) -> None:
        base = "" if not _ROOT_FOLDER.isdisjoint(facts.kinds) else posixpath.dirname(facts.path)
        for command in facts.commands:
            owner = _around(owners, command.range)
            if owner is not None:
                built = "dockerfile" in facts.kinds
                folder = self.images.contexts.get(facts.path) if built else wiring.folder(facts, command)
                folder = folder if folder is not None or built else working_folder(facts, command, base)
                self.command(owner.id, facts, wiring.told(owner.value, command), folder, {})
        for role, kind in (("input", "reads"), ("output", "writes")):
            for value in facts.values(role) if "dockerfile" not in facts.kinds else ():
                owner = _around(owners, value.range)
                if owner is not None and value.text and not value.templated and value.tag == "str":
                    path = located(posixpath.dirname(facts.path), value.text)
                    spot = Spot(facts.path, value.range)
                    self.builder.edge(kind, owner.id, self.files.node(path, spot), spot)

    def command(
        self, owner: str, facts: Facts, command: Command, folder: str | None, variables: Mapping[str, Plain]
    ) -> None:
        """Add what one command starts, tests, builds or deploys, be it by a script or a makefile."""
        outer = Spot(facts.path, command.range)
        for step in steps(self.project, facts, command, folder, variables):
            direct = step.command is command
            self._step(owner, step, variables if direct else {}, None if direct else outer)

    def _step(self, owner: str, step: Step, variables: Mapping[str, Plain], outer: Spot | None) -> None:
        facts, command, folder = step.facts, step.command, step.folder
        spot = Spot(facts.path, command.range)
        found = started(self.project, facts, command, folder, variables)
        if found is not None:
            program, words = found
            id = self.files.program(program.path)
            self.builder.edge("runs", owner, id, spot)
            self.launches.add(Launch(owner, program, folder, words, spot, outer))
        elif command.script.endswith((".py", ".ipynb")) or lacks_script(self.project, step):
            self.builder.gap(owner, "runs", spot, command.script)
        effects.add(self.project, self.builder, self.files, owner, facts, command, folder)

    def _declared(self, id: str, stage: Stage) -> None:
        for kind, entries in (("reads", stage.inputs), ("writes", (*stage.outputs, *stage.metrics))):
            for entry in entries:
                spot = Spot(stage.path, entry.range if stage.name or entry.range.end else None)
                if unfilled(entry.text):
                    self.builder.gap(id, kind, spot, entry.text)
                else:
                    self.builder.edge(kind, id, self.files.node(entry.text, spot), spot)
        for entry in stage.parameters:
            spot = Spot(stage.path, entry.range)
            self.builder.edge("uses", id, self.parameter(entry.file, entry.text, spot), spot)

    def parameter(self, path: str, name: str, spot: Spot) -> str:
        """Add a parameter of a file; without a name it is all of them."""
        if not name:
            return self.files.node(path, spot)
        facts = self.project.files.get(path)
        document = facts.documents[0] if facts is not None and facts.documents else None
        value = document.get(name) if document is not None else None
        place = Spot(path, value.key or value.range) if value is not None else spot
        id = self.builder.node("parameter", name, place, id=f"parameter:{path}:{name}")
        if value is not None:
            self.builder.edge("holds", self.files.node(path, Spot(path)), id, place)
        elif facts is not None:
            self.builder.gap(id, "holds", spot, f"{name} in {path}")
        return id

    def _owners(self, facts: Facts) -> Iterator[Owner]:
        """Yield the nodes of a config that have commands, inputs or outputs."""
        if "dockerfile" in facts.kinds:
            root = facts.documents[0] if facts.documents else None
            if root is not None:
                yield Owner(image(self.builder, facts.path), Range(0, 1 << 60), root)
            return
        for kind, document in zip(facts.kinds, facts.documents):
            if kind in _WORKLOADS:
                yield Owner(workload(self.builder, facts, document), document.range, document)
        for role, node_kind in _OWNERS.items():
            for value in facts.values(role):
                id = self.builder.node(
                    node_kind,
                    _name(value),
                    Spot(facts.path, value.key or value.range),
                    id=f"{node_kind}:{facts.path}:{value.route}",
                )
                yield Owner(id, value.range, value)
                if role == "entry_point":
                    self._options(id, facts, value)
        if "compose" in facts.kinds:
            for value in facts.values("container"):
                yield Owner(service(self.builder, facts, value), value.range, value)

    def _options(self, id: str, facts: Facts, value: Value) -> None:
        for name, parameter in value.items["parameters"].items.items() if "parameters" in value.items else ():
            spot = Spot(facts.path, parameter.key or parameter.range)
            node = self.builder.node("parameter", name, spot, id=f"parameter:{facts.path}:{value.route}.{name}")
            self.builder.edge("uses", id, node, spot)


def image(builder: Builder, path: str) -> str:
    """Add the image that a Dockerfile describes."""
    return builder.node("image", path, Spot(path), id=f"image:{path}")


def service(builder: Builder, facts: Facts, value: Value) -> str:
    """Add a service of Docker Compose."""
    name = value.route.rpartition(".")[2]
    return builder.node("service", name, Spot(facts.path, value.key), id=f"service:{facts.path}:{name}")


def workload(builder: Builder, facts: Facts, document: Value) -> str:
    """Add what a manifest puts into a cluster: something that runs on, or a job that ends."""
    name, type = document.get("metadata.name"), document.get("kind")
    kind = "job" if type is not None and type.text in _FINITE else "deployment"
    text = name.text if name is not None and name.text and not name.templated else facts.path
    spot = Spot(facts.path, (name or document).range)
    return builder.node(kind, text, spot, id=f"{kind}:{facts.path}:{document.range.start}")


def _name(value: Value) -> str:
    """Return what people call a part of a config: its own name, or its key."""
    for key in ("name", "display_name"):
        named = value.items.get(key)
        if named is not None and named.text and value.route.endswith("]"):
            return named.text
    return value.route.rpartition(".")[2] or "job"


def _around(owners: list[Owner], range: Range) -> Owner | None:
    """Return the innermost owner of a stretch of a config."""
    around = [owner for owner in owners if owner.range.covers(range)]
    return min(around, key=lambda owner: owner.range.end - owner.range.start) if around else None
