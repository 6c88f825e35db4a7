"""What the jobs of one pipeline hand to each other by the names of their inputs and outputs."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from xops_lint.config import Value
from xops_lint.facts import Facts
from xops_lint.graph.files import Files
from xops_lint.graph.model import Builder, Spot
from xops_lint.graph.stages import located
from xops_lint.matching import regex
from xops_lint.project import Project
from xops_lint.shell import Command

_PIPELINE: Final = "azureml-pipeline-job"
_DECLARED: Final = "azureml-data"
_MADE: Final = regex(r"\$\{\{\s*parent\.jobs\.(?P<job>[\w-]+)\.outputs\.(?P<name>[\w-]+)\s*\}\}")
_TAKEN: Final = regex(r"\$\{\{\s*parent\.inputs\.(?P<name>[\w-]+)\s*\}\}")
_GIVEN: Final = regex(r"\$\{\{\s*inputs\.(?P<name>[\w-]+)\s*\}\}")
_ASSET: Final = regex(r"azureml:(?P<name>[^/@:]+)(?:[@:][^/]*)?")


@dataclass
class Wiring:
    """Adds what jobs take and leave under names to a graph."""

    project: Project
    builder: Builder
    files: Files

    def add(self) -> None:
        """Add it for all pipelines."""
        for facts in self.project.of_kind(_PIPELINE):
            for document in facts.of_kind(_PIPELINE):
                given = document.items.get("inputs")
                jobs = document.items.get("jobs")
                for job in jobs.items.values() if jobs is not None else ():
                    self._job(facts, job, given.items if given is not None else {})

    def _job(self, facts: Facts, job: Value, given: Mapping[str, Value]) -> None:
        id, name = f"stage:{facts.path}:{job.route}", job.route.rpartition(".")[2]
        if id not in self.builder.nodes:
            return
        for key, value in _entries(job, "outputs"):
            spot = Spot(facts.path, value.key or value.range)
            self.builder.edge("writes", id, self._output(facts, name, key, spot), spot)
        for _, value in _entries(job, "inputs"):
            text, spot = _text(value), Spot(facts.path, value.range)
            made, taken = _MADE.fullmatch(text), _TAKEN.fullmatch(text)
            if made is not None:
                self.builder.edge("reads", id, self._output(facts, made["job"], made["name"], spot), spot)
            elif taken is not None and taken["name"] in given:
                self._source(facts, id, given[taken["name"]], spot)
            else:
                self._source(facts, id, value, spot)

    def _output(self, facts: Facts, job: str, name: str, spot: Spot) -> str:
        return self.builder.node("data", f"{job}.{name}", spot, id=f"output:{facts.path}:{job}.{name}")

    def _source(self, facts: Facts, id: str, value: Value, spot: Spot) -> None:
        """Join a job with the data that an input names; one without a path is a plain value."""
        path = value.items.get("path")
        if path is None or not path.text or path.templated:
            return
        asset = _ASSET.fullmatch(path.text)
        if asset is None:
            node = self.files.node(located(posixpath.dirname(facts.path), path.text), Spot(facts.path, path.range))
        elif asset["name"] in self._assets:
            node = self.files.node(self._assets[asset["name"]], Spot(facts.path, path.range))
        else:
            node = self.builder.node("data", asset["name"], Spot(facts.path, path.range), id=f"asset:{asset['name']}")
        self.builder.edge("reads", id, node, spot)

    @cached_property
    def _assets(self) -> dict[str, str]:
        """The paths of the data that this project declares under a name."""
        found: dict[str, str] = {}
        for facts in self.project.of_kind(_DECLARED):
            for document in facts.of_kind(_DECLARED):
                name, path = document.items.get("name"), document.items.get("path")
                if name is not None and path is not None and path.text and not path.templated:
                    found.setdefault(name.text, located(posixpath.dirname(facts.path), path.text))
        return found


def told(job: Value, command: Command) -> Command:
    """Return the command of a job with the plain values of its inputs put in."""
    plain = {key: text for key, value in _entries(job, "inputs") if (text := value.text) and not value.templated}
    if not plain:
        return command
    words = tuple(_GIVEN.sub(lambda match: plain.get(match["name"], match[0]), word) for word in command.words)
    return command if words == command.words else replace(command, words=words)


def folder(facts: Facts, command: Command) -> str | None:
    """Return the folder with code that a job sends along, in which its command runs; None if it names none."""
    around = command.route.rpartition(".")[0]
    code = next((each for each in facts.values("code") if each.route.rpartition(".")[0] == around), None)
    if code is None or not code.text or code.templated or "://" in code.text or command.folder is None:
        return None
    path = posixpath.dirname(code.text) if posixpath.splitext(code.text)[1] else code.text
    return located(located(posixpath.dirname(facts.path), path), command.folder)


def model_name(text: str) -> str:
    """Return the name of the registered model that a job or a deployment asks for, or nothing."""
    asset = _ASSET.fullmatch(text)
    return asset["name"] if asset is not None and "$" not in text else ""


def _entries(job: Value, key: str) -> Iterator[tuple[str, Value]]:
    found = job.items.get(key)
    yield from found.items.items() if found is not None else ()


def _text(value: Value) -> str:
    path = value.items.get("path")
    return path.text if path is not None else value.text
