"""The stages that DVC pipelines consist of, once their variables, loops and grids are filled in."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final, NamedTuple

from xops_lint.config import Value
from xops_lint.facts import Facts
from xops_lint.graph.templates import Plain, filled, is_composite, looked_up, merged, plain, resolved
from xops_lint.project import Project
from xops_lint.shell import Command
from xops_lint.text import Range

_PARAMETERS: Final = "params.yaml"
_REMOTE: Final = "://"

_OWN: Final = frozenset({"dvc", "dvc-file", "dvc-lock"})
"""Kinds whose stages are read with their loops and variables, and what is made of these."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A path or a name that a stage declares, and where; ``file`` is that of a parameter."""

    text: str
    range: Range
    file: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: what it takes and leaves, as paths from the root of the project.

    ``route`` is where it stands in its file, ``variables`` what its texts are filled in with,
    ``held`` marks one that runs every time or never, whatever changes.
    """

    name: str
    path: str
    range: Range
    route: str = ""
    folder: str | None = ""
    inputs: tuple[Entry, ...] = ()
    outputs: tuple[Entry, ...] = ()
    metrics: tuple[Entry, ...] = ()
    parameters: tuple[Entry, ...] = ()
    variables: Mapping[str, Plain] = field(default_factory=dict)
    held: bool = False

    @property
    def address(self) -> str:
        """The name by which DVC knows the stage."""
        if not self.name:
            return self.path
        return self.name if self.path == "dvc.yaml" else f"{self.path}:{self.name}"

    @property
    def left(self) -> Iterator[str]:
        """The paths it leaves."""
        return (entry.text for entry in (*self.outputs, *self.metrics))

    @property
    def taken(self) -> Iterator[str]:
        """The paths it takes, those of its parameters' files included."""
        yield from (entry.text for entry in self.inputs)
        yield from dict.fromkeys(entry.file for entry in self.parameters)


def stages(project: Project) -> list[Stage]:
    """Return the stages of all pipelines, and every single file under version control of data as one."""
    found = [stage for facts in project.of_kind("dvc") for stage in _of_pipeline(project, facts)]
    return found + [stage for facts in project.of_kind("dvc-file") for stage in _of_tracked(facts)]


def describes_stages(facts: Facts) -> bool:
    """Say whether a config declares stages, or tells what a run of them left."""
    return not _OWN.isdisjoint(facts.kinds)


def joined(stages: Sequence[Stage]) -> Iterator[tuple[Stage, Stage]]:
    """Yield pairs of stages, the second of which takes what the first one leaves."""
    left = [(path, stage) for stage in stages for path in stage.left]
    for taking in stages:
        taken = list(taking.taken)
        for path, leaving in left:
            if leaving is not taking and any(overlap(path, other) for other in taken):
                yield leaving, taking


def overlap(path: str, other: str) -> bool:
    """Say whether two paths are the same, or one lies in the other."""
    return path == other or path.startswith(f"{other}/") or other.startswith(f"{path}/")


def located(folder: str, path: str) -> str:
    """Return a path, relative to a folder, from the root of the project; addresses stay as they are."""
    if _REMOTE in path or path.startswith(("/", "~")):
        return path
    return posixpath.normpath(posixpath.join(folder, path))


def _of_tracked(facts: Facts) -> Iterator[Stage]:
    folder = posixpath.dirname(facts.path)
    for document in facts.of_kind("dvc-file"):
        wdir = document.get("wdir")
        base = located(folder, wdir.text) if wdir is not None else folder
        inputs, outputs = (
            tuple(Entry(located(base, value.text), value.range) for value in document.at(route) if value.text)
            for route in ("deps[*].path", "outs[*].path")
        )
        yield Stage("", facts.path, Range(0, 0), folder=base, inputs=inputs, outputs=outputs)


def _of_pipeline(project: Project, facts: Facts) -> Iterator[Stage]:
    folder = posixpath.dirname(facts.path)
    for document in facts.of_kind("dvc"):
        variables = _file(project, located(folder, _PARAMETERS))
        variables = _with_variables(project, folder, document.items.get("vars"), variables)
        declared = document.items.get("stages")
        for name, value in declared.items.items() if declared is not None else ():
            yield from _expanded(project, facts, name, value, variables)


def _expanded(
    project: Project, facts: Facts, name: str, value: Value, variables: Mapping[str, Plain]
) -> Iterator[Stage]:
    """Yield a stage, or all that a loop or a grid makes of it."""
    loop, grid, body = value.items.get("foreach"), value.items.get("matrix"), value.items.get("do")
    if loop is not None and body is not None:
        for key, item in _rounds(resolved(plain(loop), variables)):
            yield _stage(project, facts, f"{name}@{key}", body, merged(variables, {"item": item, "key": key}))
    elif grid is not None:
        for key, item in _cells(resolved(plain(grid), variables)):
            yield _stage(project, facts, f"{name}@{key}", value, merged(variables, {"item": item, "key": key}))
    else:
        yield _stage(project, facts, name, value, variables)


def _rounds(items: Plain) -> Iterator[tuple[str, Plain]]:
    if isinstance(items, dict):
        yield from items.items()
    elif isinstance(items, list):
        counted = any(is_composite(item) for item in items)
        for index, item in enumerate(items):
            yield str(index) if counted else str(item), item


def _cells(grid: Plain) -> Iterator[tuple[str, Plain]]:
    if not isinstance(grid, dict):
        return
    axes = [list(enumerate(values)) for values in grid.values() if isinstance(values, list)]
    if len(axes) < len(grid):
        return
    for cell in product(*axes):
        parts = [f"{key}{index}" if is_composite(value) else str(value) for key, (index, value) in zip(grid, cell)]
        yield "-".join(parts), {key: value for key, (_, value) in zip(grid, cell)}


def _stage(project: Project, facts: Facts, name: str, value: Value, variables: Mapping[str, Plain]) -> Stage:
    folder: str | None = posixpath.dirname(facts.path)
    wdir = value.items.get("wdir")
    if wdir is not None:
        folder = located(folder or "", filled(wdir.text, variables))
    base = folder or ""
    variables = _with_variables(project, base, value.items.get("vars"), variables)

    def entries(*routes: str) -> tuple[Entry, ...]:
        found = (each for route in routes for each in value.at(route))
        return tuple(Entry(located(base, filled(each.text, variables)), each.range) for each in found if each.text)

    return Stage(
        name,
        facts.path,
        value.key or value.range,
        value.route,
        folder,
        entries("deps[].@"),
        entries("outs[].@"),
        entries("metrics[].@", "plots[].@"),
        tuple(_parameters(value, base, variables)),
        variables,
        any(
            (switch := value.items.get(name)) is not None and switch.text.lower() != "false"
            for name in ("frozen", "always_changed")
        ),
    )


def _parameters(value: Value, base: str, variables: Mapping[str, Plain]) -> Iterator[Entry]:
    default = located(base, _PARAMETERS)
    for entry in value.at("params[]"):
        if entry.text:
            yield Entry(filled(entry.text, variables), entry.range, default)
        for path, names in entry.items.items():
            file = located(base, filled(path, variables))
            # Without names, all that the file holds counts.
            if names.tag == "null":
                yield Entry("", names.key or names.range, file)
            for name in (*names.list, *(() if names.list or not names.text else (names,))):
                yield Entry(filled(name.text, variables), name.range, file)


def _with_variables(
    project: Project, folder: str, declared: Value | None, variables: Mapping[str, Plain]
) -> dict[str, Plain]:
    result = dict(variables)
    for entry in declared.list if declared is not None else ():
        if entry.items:
            result = merged(result, resolved(plain(entry), result))
            continue
        path, _, names = filled(entry.text, result).partition(":")
        content = _file(project, located(folder, path))
        if names:
            content = {name: looked_up(name, content) for name in names.split(",") if name in content}
        result = merged(result, content)
    return result


def _file(project: Project, path: str) -> dict[str, Plain]:
    facts = project.files.get(path)
    content = plain(facts.documents[0]) if facts is not None and facts.documents else None
    return content if isinstance(content, dict) else {}


class Targets(NamedTuple):
    """The stages that a command names, and all names under which the pipelines of a project have any."""

    targets: tuple[str, ...]
    known: frozenset[str]
    path: str = ""


def runnable(project: Project, command: Command) -> Targets:
    """Return what a command that runs stages names; nothing for the commands of other tools."""
    if command.words[:2] not in (("dvc", "repro"), ("dvc", "exp")):
        return Targets((), frozenset())
    named = [stage for stage in stages(project) if stage.name]
    known = {name for stage in named for name in (stage.name, stage.name.partition("@")[0], stage.address)}
    words = zip(command.words[1:], command.words[2:])
    targets = [
        word for before, word in words if not word.startswith("-") and not before.startswith("-") and word != "run"
    ]
    plain = tuple(word for word in targets if "=" not in word and "." not in word and ":" not in word)
    return Targets(plain, frozenset(known), named[0].path if named else "")
