"""From images to what answers requests: what images hold, what runs them, and which services lead there."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import cached_property

from xops_lint.config import Value
from xops_lint.facts import Facts
from xops_lint.graph.copies import Copies
from xops_lint.graph.files import Files
from xops_lint.graph.images import Build, Images, last, service_build, untagged
from xops_lint.graph.model import Builder, Spot
from xops_lint.graph.stages import located
from xops_lint.graph.starters import image, service, workload
from xops_lint.graph.wiring import model_name
from xops_lint.names import registered_name
from xops_lint.project import Project


@dataclass
class Delivery:
    """Adds images, deployments and services to a graph."""

    project: Project
    builder: Builder
    files: Files
    images: Images

    def add(self) -> None:
        """Add all of them."""
        for build in self.images.actions:
            self._pushed(build)
        for facts in self.project.of_kind("dockerfile"):
            self._dockerfile(facts)
        for facts in self.project.of_kind("compose"):
            self._compose(facts)
        for facts in self.project.facts:
            self._workloads(facts)
        for facts in self.project.of_kind("kubernetes-service"):
            self._services(facts)

    def _pushed(self, build: Build) -> None:
        """Join the job of CI whose step is an action that builds an image."""
        if build.by is not None:
            facts, action = build.by
            for job in facts.values("job"):
                if job.range.covers(action.range):
                    id = f"job:{facts.path}:{job.route}"
                    spot = Spot(facts.path, action.range)
                    self.builder.edge("builds", id, image(self.builder, build.dockerfile), spot)

    def _dockerfile(self, facts: Facts) -> None:
        id = image(self.builder, facts.path)
        stages = {value.text for document in facts.documents for value in document.at("from[*].name") if value.text}
        for value in facts.values("image"):
            if value.text not in stages and not value.text.isdigit() and not value.templated:
                base = self._image(value)
                self.builder.edge("reads", id, base, Spot(facts.path, value.range))
        for path, value in Copies(self.project, self.builder, self.files, self.images).of(facts, id):
            spot = Spot(facts.path, value.range)
            self.builder.edge("reads", id, self.files.node(path, spot), spot)

    def _compose(self, facts: Facts) -> None:
        for value in facts.values("container"):
            id = service(self.builder, facts, value)
            build, named = service_build(facts, value), value.items.get("image")
            if build is not None and build[0] in self.project.files:
                spot = Spot(facts.path, value.items["build"].range)
                self.builder.edge("runs", id, image(self.builder, build[0]), spot)
            elif named is not None and named.text and not named.templated:
                self.builder.edge("runs", id, self._image(named), Spot(facts.path, named.range))
            for volume in value.at("volumes[*]"):
                path = located(posixpath.dirname(facts.path), volume.text.partition(":")[0])
                if volume.text.startswith(".") and f"path:{path}" in self.builder.nodes:
                    self.builder.edge("reads", id, f"path:{path}", Spot(facts.path, volume.range))

    def _workloads(self, facts: Facts) -> None:
        for kind, document in zip(facts.kinds, facts.documents):
            roles = facts.routes.get(kind, {})
            serves = "model_reference" in roles and "api_version" in roles
            if kind != "kubernetes" and "deployment" not in roles and not serves:
                continue
            id = workload(self.builder, facts, document)
            for value in facts.values("image", document):
                if value.text and not value.templated:
                    self._deployed(id, facts, value)
            for value in facts.values("model_reference", document):
                spot = Spot(facts.path, value.range)
                if value.text and not value.templated:
                    self.builder.edge("loads", id, self._model(value.text, spot), spot)
                elif value.templated:
                    self.builder.gap(id, "loads", spot)

    def _model(self, text: str, spot: Spot) -> str:
        registered = registered_name(text) or model_name(text)
        if registered:
            return self.builder.node("model", registered, spot)
        return self.builder.node("model", text, spot, id=f"path:{text}")

    def _image(self, value: Value) -> str:
        """Return the node of an image: that of its Dockerfile, if this project builds it."""
        dockerfile = self.images.dockerfile(value.text)
        if dockerfile is not None:
            return image(self.builder, dockerfile)
        text = untagged(value.text)
        return self.builder.node("image", text, None, id=f"image:{text}")

    def _deployed(self, id: str, facts: Facts, value: Value) -> None:
        """Join what runs with its image, and say so if nothing tells what that is built from."""
        spot = Spot(facts.path, value.range)
        found = self._image(value)
        self.builder.edge("runs", id, found, spot)
        if self._own(found.removeprefix("image:")):
            self.builder.gap(found, "builds", spot, self._guess(last(value.text)))

    def _own(self, name: str) -> bool:
        """Say whether an image may be one that this project is to build: public ones have no or one name twice."""
        owner, slash, last = name.rpartition("/")
        return name not in self.project.files and bool(slash) and owner != last and bool(self._dockerfiles)

    def _guess(self, name: str) -> str:
        """Return what a reader may want to look at, where nothing says which Dockerfile an image is built from."""
        like = [path for path in self._dockerfiles if f"/{path}".lower().endswith(f"/{name.lower()}/dockerfile")]
        return f"which Dockerfile, perhaps {like[0]}" if len(like) == 1 else "which Dockerfile"

    @cached_property
    def _dockerfiles(self) -> list[str]:
        return [facts.path for facts in self.project.of_kind("dockerfile")]

    def _services(self, facts: Facts) -> None:
        for document in facts.of_kind("kubernetes-service"):
            name, selector = document.get("metadata.name"), document.get("spec.selector")
            if name is None or selector is None or not selector.items:
                continue
            wanted = {key: value.text for key, value in selector.items.items()}
            if any(value.templated or not value.text for value in selector.items.values()):
                continue
            spot = Spot(facts.path, name.range)
            id = self.builder.node(
                "service", name.text or facts.path, spot, id=f"service:{facts.path}:{document.range.start}"
            )
            for other in self.project.of_kind("kubernetes"):
                for each in other.of_kind("kubernetes"):
                    labels = each.get("spec.template.metadata.labels") or each.get("metadata.labels")
                    given = {key: value.text for key, value in labels.items.items()} if labels is not None else {}
                    if wanted.items() <= given.items():
                        self.builder.edge(
                            "serves", workload(self.builder, other, each), id, Spot(facts.path, selector.range)
                        )
