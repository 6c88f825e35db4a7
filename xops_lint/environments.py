"""Which declarations of a project are for one and the same environment, and where these contradict each other."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from itertools import combinations, product
from typing import TYPE_CHECKING, Final, NamedTuple

from xops_lint.dependencies import CONSTRAINTS, DECLARING, Requirement, disjoint, is_around
from xops_lint.facts import Facts
from xops_lint.locations import known_name
from xops_lint.matching import regex
from xops_lint.project import Project
from xops_lint.text import Range

if TYPE_CHECKING:
    from xops_lint.graph.deployments import ServedModel

_PLAIN: Final = regex(
    r"requirements?|environment|env|conda|pyproject|setup|pipfile|dockerfile|pixi|python|base|core|common|main|all|full"
    r"|prod(?:uction)?|dev(?:elop|elopment)?|tests?|testing|ci|txt|in|ya?ml|toml|cfg"
)
"""Words in the names of files that declare the one environment of a project; others tell of a second one."""

_IMAGE: Final = regex(r"(?:docker|container)file", re.IGNORECASE)


_AUXILIARY: Final = frozenset(
    {"dev", "develop", "development", "devtools", "devstack", "test", "tests", "testing", "doc", "docs"}
    | {"lint", "typing", "build", "ci"}
)
"""Groups and files of what a project needs to be worked on, not to run."""

_MODELLING: Final = (
    "scikit-learn",
    "xgboost",
    "lightgbm",
    "catboost",
    "tensorflow",
    "keras",
    "torch",
    "statsmodels",
    "prophet",
)
"""Distributions whose objects models consist of; a stored model holds with the version that made it."""

_WORKSHOPS: Final = frozenset({"devtools", "test", "tests", "testing", "doc", "docs", "ci"})
"""Folders with the same; so are those whose names begin with a dot."""


class Conflict(NamedTuple):
    """Two requirements of one environment that no version satisfies."""

    first: Requirement
    other: Requirement


class Place(NamedTuple):
    """Where something is written."""

    path: str
    range: Range


class Skew(NamedTuple):
    """A library of which a model that is served was made with other versions than it is loaded with."""

    served: Requirement
    trained: Requirement
    loading: ServedModel
    saving: Place


def conflicts(project: Project) -> Iterator[Conflict]:
    """Yield the requirements that contradict each other, where they stand in one environment."""
    named: dict[tuple[str, str], list[Requirement]] = {}
    paths: dict[str, list[Requirement]] = {}
    for requirement in project.dependencies.requirements if project.dependencies is not None else ():
        if _counts(requirement):
            paths.setdefault(requirement.path, []).append(requirement)
            if _is_plain(requirement):
                named.setdefault((_home(requirement), requirement.name), []).append(requirement)
    found = {pair for together in named.values() for pair in _disjoint(combinations(together, 2))}
    for taking, taken in _taken(project):
        found.update(_disjoint(product(paths.get(taken, ()), paths.get(taking, ()))))
    yield from sorted(found, key=lambda pair: [(each.path, each.range) for each in (pair.other, pair.first)])


def is_auxiliary(requirement: Requirement) -> bool:
    """Say whether a requirement serves development, or only bounds others."""
    *folders, name = requirement.path.lower().split("/")
    words = set(re.split(r"[-._ ]", f"{name}-{requirement.group.lower()}"))
    apart = any(folder.startswith(".") or folder in _WORKSHOPS for folder in folders)
    return requirement.group == "constraints" or apart or not words.isdisjoint(_AUXILIARY)


def in_library(project: Project, requirement: Requirement) -> bool:
    """Say whether a requirement is declared by what others install, whose users choose the versions."""
    return any(
        (document.get("build-system") is not None and document.get("project.version") is not None)
        or any(document.get(route) is not None for route in ("project.dynamic", "project.classifiers", "metadata.name"))
        for document in project.files[requirement.path].documents
    )


def _disjoint(pairs: Iterable[tuple[Requirement, Requirement]]) -> Iterator[Conflict]:
    for one, other in pairs:
        if one.name == other.name and disjoint(one.specifier, other.specifier):
            yield Conflict(one, other)


def _counts(requirement: Requirement) -> bool:
    """Say whether a requirement names versions that every user of its environment gets."""
    return bool(requirement.specifier) and not requirement.conditional and requirement.group in ("", CONSTRAINTS)


def _is_plain(requirement: Requirement) -> bool:
    """Say whether a file is called as what declares the environment of a project, not one for a use or a machine."""
    name = posixpath.basename(requirement.path).lower()
    return all(_PLAIN.fullmatch(word) for word in re.findall(r"[a-z]+|\d+", name))


def _home(requirement: Requirement) -> str:
    """Return the folder of the project for which a requirement is declared."""
    *folders, name = requirement.path.split("/")
    # An image that is not beside the declarations of a project may be another service's.
    while folders and not _IMAGE.search(name) and DECLARING.search(folders[-1]):
        folders.pop()
    return "/".join(folders)


def _taken(project: Project) -> Iterator[tuple[str, str]]:
    """Yield files and those that are installed together with them: what they include, what an image installs."""
    for file in project.of_kind("requirements", "constraints"):
        for value in file.values("input"):
            yield file.path, posixpath.normpath(posixpath.join(posixpath.dirname(file.path), value.text))
    for file in project.of_kind("dockerfile"):
        for command in file.commands:
            for path in command.files if "install" in command.roles else ():
                found = _copied(project, file, path)
                if found is not None:
                    yield file.path, found


def _copied(project: Project, file: Facts, path: str) -> str | None:
    """Return the file that an image installs from, which lies in a folder above its Dockerfile or in its own."""
    folder = posixpath.dirname(file.path)
    while True:
        found = posixpath.normpath(posixpath.join(folder, path))
        if found in project.files:
            return found
        if not folder:
            return None
        folder = posixpath.dirname(folder)


def skews(project: Project) -> Iterator[Skew]:
    """Yield what the program that saves a model surely has in another version than the service."""
    services = [each for each in project.deployments if each.service and each.models]
    if project.dependencies is None or not services:
        return
    saved = project.searched.saving
    found: dict[tuple[str, str], Skew] = {}
    for model in (model for service in services for model in service.models):
        for file, call in saved.get(known_name(model.text) or "", ()):
            for one, other in _differing(project, model.path, file.path):
                found.setdefault((one.path, one.name), Skew(one, other, model, Place(file.path, call.range)))
    yield from found.values()


def _differing(project: Project, serving: str, training: str) -> Iterator[tuple[Requirement, Requirement]]:
    """Yield what is declared of a library that models are made with, where two programs surely meet other versions."""
    for library in _MODELLING:
        served, trained = _met(project, library, serving), _met(project, library, training)
        pairs = list(product(served, trained))
        if pairs and all(disjoint(one.specifier, other.specifier) for one, other in pairs):
            yield pairs[0]


def _met(project: Project, library: str, path: str) -> list[Requirement]:
    """Return the declarations of a library that are made for a path."""
    near = project.dependencies.near(library, path) if project.dependencies is not None else ()
    return [each for each in near if each.specifier and is_around(each, path) and not is_auxiliary(each)]
