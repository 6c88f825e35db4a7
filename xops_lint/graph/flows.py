"""Pipelines that are written in Python: their steps, and which step takes what another one gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from xops_lint.call import Call
from xops_lint.code import Definition
from xops_lint.facts import Facts
from xops_lint.graph.files import Files
from xops_lint.graph.images import Images, untagged
from xops_lint.graph.model import Builder, Spot
from xops_lint.project import Project


@dataclass
class Flows:
    """Adds pipelines and steps that functions of the project define."""

    project: Project
    builder: Builder
    files: Files
    images: Images

    def add(self) -> None:
        """Add all pipelines, each with the steps that its function calls."""
        for facts in self.project.python:
            if not facts.context.test:
                for definition in facts.definitions:
                    if "orchestrate" in definition.roles and definition.kind in ("function", "method"):
                        self._pipeline(facts, definition)

    def step(self, facts: Facts, scope: str) -> str | None:
        """Return the step in whose function a scope lies, or None."""
        parts = scope.split(".")
        for length in range(len(parts), 0, -1):
            definition = self._steps.get((facts.path, ".".join(parts[:length])))
            if definition is not None:
                return self._node("stage", facts, definition)
        return None

    def _pipeline(self, facts: Facts, definition: Definition) -> None:
        id = self._node("pipeline", facts, definition)
        self.builder.edge("runs", self.files.node(facts.path, Spot(facts.path)), id, Spot(facts.path, definition.range))
        steps = dict(self._called(facts, definition.name))
        for index, (step, call) in steps.items():
            spot = Spot(facts.path, call.range if call.range.end else definition.range)
            self.builder.edge("runs", id, step, spot)
            for source in sorted(call.flowing & steps.keys() - {index}):
                self.builder.edge("reads", step, steps[source][0], spot)

    def _called(self, facts: Facts, scope: str) -> Iterator[tuple[int, tuple[str, Call]]]:
        """Yield the calls of steps in a pipeline's function, by their index."""
        decorating = {
            entry.name
            for definition in facts.definitions
            if definition.name.startswith(f"{scope}.")
            for entry in definition.entries
        }
        for call in facts.calls:
            inside = call.scope == scope or call.scope.startswith(f"{scope}.")
            if not inside or (call.entry is not None and call.entry.name in decorating):
                continue
            meant = self._meant(facts, call)
            if meant is not None:
                yield call.index, (self._node("stage", *meant), call)
            elif "step" in call.roles:
                yield call.index, (self.described(facts, call), call)

    def described(self, facts: Facts, call: Call) -> str:
        """Add a step that a call describes, with the image that it runs in."""
        name, function, image = call.value("name"), call.argument("function"), call.value("image")
        called = (function.value.name if function is not None else "") or call.name
        text = name if isinstance(name, str) else called.rpartition(".")[2]
        spot = Spot(facts.path, call.range if call.range.end else None)
        id = self.builder.node("stage", text, spot, id=f"stage:{facts.path}:{call.index}")
        if isinstance(image, str) and image:
            built = self.images.dockerfile(image) or untagged(image)
            place = Spot(built) if built in self.project.files else None
            self.builder.edge("runs", id, self.builder.node("image", built, place, id=f"image:{built}"), spot)
        return id

    def _meant(self, facts: Facts, call: Call) -> tuple[Facts, Definition] | None:
        """Return the step that a call means: by import, or as the only one of that name in another package."""
        found = self.project.resolve(call.name, facts) if call.name else None
        definition = self._steps.get((found[0].path, found[1])) if found is not None else None
        if found is not None and definition is not None:
            return found[0], definition
        last = call.name.rpartition(".")[2]
        like = [place for place in self._steps if place[1] == last] if found is None and "." in call.name else []
        return (self.project.files[like[0][0]], self._steps[like[0]]) if len(like) == 1 else None

    @cached_property
    def _steps(self) -> dict[tuple[str, str], Definition]:
        return {
            (facts.path, definition.name): definition
            for facts in self.project.python
            if not facts.context.test
            for definition in facts.definitions
            if "step" in definition.roles and definition.kind in ("function", "method")
        }

    def _node(self, kind: str, facts: Facts, definition: Definition) -> str:
        name = definition.name.rpartition(".")[2]
        id = f"{kind}:{facts.path}:{definition.name}"
        return self.builder.node(kind, name, Spot(facts.path, definition.range), id=id)
