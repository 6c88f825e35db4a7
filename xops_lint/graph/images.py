"""Which images a project builds: their names, and the folders that they are built from."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from xops_lint.assets import split_image
from xops_lint.config import Value
from xops_lint.facts import Facts
from xops_lint.graph import effects
from xops_lint.graph.stages import located
from xops_lint.matching import regex
from xops_lint.project import Project

_PUSH: Final = "docker/build-push-action@"
_VARIABLE: Final = regex(r"\$\{?\{?[^}/]*\}?\}?")


class Build(NamedTuple):
    """One build of an image; ``by`` is the CI step that is somebody else's action, if it is one."""

    dockerfile: str
    context: str
    tags: tuple[str, ...]
    by: tuple[Facts, Value] | None = None


@dataclass
class Images:
    """What is known of the images that a project builds."""

    names: dict[str, str] = field(default_factory=dict)
    contexts: dict[str, str] = field(default_factory=dict)
    actions: list[Build] = field(default_factory=list)

    def dockerfile(self, image: str) -> str | None:
        """Return the Dockerfile that an image is built from, whatever its registry and tag."""
        return self.names.get(last(image))


def images(project: Project) -> Images:
    """Return all that commands, actions and Docker Compose say of the images they build."""
    found = Images()
    for facts in project.facts:
        for build in (*_by_commands(facts), *_by_actions(facts), *_by_services(facts)):
            if build.dockerfile in project.files:
                found.contexts.setdefault(build.dockerfile, build.context)
                found.names.update((last(tag), build.dockerfile) for tag in build.tags if last(tag))
                if build.by is not None:
                    found.actions.append(build)
    return found


def last(name: str) -> str:
    """Return the last part of an image's name, which stays the same from registry to registry."""
    return split_image(_VARIABLE.sub("", name)).name


def untagged(name: str) -> str:
    """Return an image's name without its tag or digest."""
    return split_image(name).repository


def service_build(facts: Facts, value: Value) -> tuple[str, str] | None:
    """Return the Dockerfile and the folder that a service of Docker Compose is built from."""
    build = value.items.get("build")
    if build is None or "dockerfile_inline" in build.items:
        return None
    context, file = build.items.get("context"), build.items.get("dockerfile")
    folder = located(posixpath.dirname(facts.path), context.text if context is not None else build.text or ".")
    return located(folder, file.text if file is not None else "Dockerfile"), folder


def _by_commands(facts: Facts) -> Iterator[Build]:
    base = "" if "github-workflow" in facts.kinds else posixpath.dirname(facts.path)
    for command in facts.commands:
        folder = None if command.folder is None else located(base, command.folder)
        dockerfile = effects.built(command, folder) if folder is not None else None
        if dockerfile is not None and folder is not None:
            yield Build(dockerfile, located(folder, effects.context(command)), tuple(effects.tags(command)))


def _by_actions(facts: Facts) -> Iterator[Build]:
    steps = list(facts.values("step"))
    for action in facts.values("action"):
        step = next((each for each in steps if each.range.covers(action.range)), None)
        given = step.items.get("with") if step is not None and action.text.startswith(_PUSH) else None
        if given is not None:
            context, file, tags = (
                given.items[key].text if key in given.items else "" for key in ("context", "file", "tags")
            )
            folder = located("", context if context and "{" not in context else ".")
            dockerfile = located("", file) if file else located(folder, "Dockerfile")
            yield Build(dockerfile, folder, tuple(re.split(r"[\s,]+", tags)), (facts, action))


def _by_services(facts: Facts) -> Iterator[Build]:
    for value in facts.values("container") if "compose" in facts.kinds else ():
        build, named = service_build(facts, value), value.items.get("image")
        if build is not None:
            yield Build(*build, (named.text,) if named is not None else ())
