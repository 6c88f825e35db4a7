"""A run does not say in which environment it happens, or names one that moves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from xops_lint.assets import asset
from xops_lint.diagnostic import Finding, Fix, Related, Safety, Thing, Wanted
from xops_lint.elements import NewElements
from xops_lint.matching import regex
from xops_lint.model import Facts, Project, PythonFile, Range, Value
from xops_lint.pinning import Pinned
from xops_lint.rule import Ranged, Rule

RULE = Rule(
    code="XOP334",
    name="unpinned-environment",
    summary="A run does not say in which environment it happens, or names one that moves.",
    harm="The same commit trains with another Python and other libraries next month, and nobody can tell which it had.",
    remedy="Name the version of the environment, declare one where there is none, and write the version of Python.",
    ops=("mlops",),
)

MOVING_MESSAGE = "means whichever version of the environment is newest when the run starts"

PYTHON = regex(r"(?:[\w-]+::)?python(?![\w-])(?P<version>.*)", re.DOTALL)
"""Python itself among the packages of an environment, perhaps with its channel."""

MOST_OTHERS = 4


@RULE.project
def moving(project: Project) -> Iterator[Finding]:
    """Report environments that configs name by whichever version is newest, each once a file."""
    for file in project.shown.facts:
        named: dict[str, list[Ranged]] = {}
        for value in file.values("environment"):
            if moves(value.text):
                named.setdefault(value.text, []).append(value)
        for places in named.values():
            yield RULE.at(places[0], MOVING_MESSAGE, path=file.path, related=others(places, file.path))


@RULE.python
def moving_in_code(file: PythonFile) -> Iterator[Finding]:
    """Report environments that code names by whichever version is newest, each once a file."""
    named: dict[str, list[Ranged]] = {}
    for given in (call.argument("environment") for call in file.calls()):
        text = given.value.constant if given else None
        if given is not None and isinstance(text, str) and moves(text):
            named.setdefault(text, []).append(given)
    for places in named.values():
        yield RULE.at(places[0], MOVING_MESSAGE, related=others(places, file.path))


def moves(name: str) -> bool:
    """Say whether an environment is named by the label of whichever version is newest."""
    named = asset(name)
    return named is not None and named.label == "latest"


def others(places: Sequence[Ranged], path: str) -> tuple[Related, ...]:
    """Return the first few places behind the one that is reported."""
    return tuple(Related(place.range, "and here", path) for place in places[1 : 1 + MOST_OTHERS])


@RULE.project
def undeclared(project: Project) -> Iterator[Finding]:
    """Report projects that can be started as such and declare no environment, unless a lock file does."""
    for file in project.shown.facts:
        entries = list(file.values("entry_point"))
        may_declare = any({"entry_point", "environment"} <= file.routes.get(kind, {}).keys() for kind in file.kinds)
        if may_declare and entries and not declares(file) and not locked(project, file):
            name = next((key for document in file.documents for key in document.items.values()), entries[0])
            yield RULE.at(name.key or name, "starts a project that declares no environment to run in", path=file.path)


def declares(file: Facts) -> bool:
    """Say whether a project names an environment or an image."""
    return any(next(file.values(role), None) is not None for role in ("environment", "image"))


def locked(project: Project, file: Facts) -> bool:
    """Say whether a lock file stands at or above a file."""
    locks = project.dependencies.lock_files if project.dependencies is not None else ()
    return any(file.path.startswith(lock[: lock.rfind("/") + 1]) for lock in locks)


@RULE.project
def without_python(project: Project) -> Iterator[Finding]:
    """Report environments of packages that leave the version of Python itself open."""
    for file in project.shown.of_kind("conda-environment"):
        packages = [value for value in file.values("packages") if value.text]
        found = next((value for value in packages if PYTHON.fullmatch(value.text)), None)
        if file.context.test or not packages or locked(project, file) or bounded(found):
            continue
        where = found.range if found is not None else first_key(file.documents[0])
        yield RULE.at(where, "leaves the version of Python open", path=file.path, fix=versioned(found, packages[0]))


def versioned(python: Value | None, first: Value) -> Fix:
    """Return the fix that writes the version of Python in use, beside the first package if it is not listed."""
    version = "<version of Python>"
    text = f"python={version}"
    edit = NewElements(first.range, (text,)) if python is None else Pinned(python.range, version, conda=True)
    wants = (Wanted(Thing.PYTHON, "python", version),)
    return Fix("Write the version of Python in use", (edit,), Safety.UNSAFE, wants)


def bounded(package: Value | None) -> bool:
    """Say whether a package comes with any bound, or a template fills it in."""
    match = PYTHON.fullmatch(package.text) if package is not None else None
    return match is not None and bool(match["version"].strip(" *="))


def first_key(document: Value) -> Range:
    """Return the key of the list of packages."""
    packages = document.items["dependencies"]
    return packages.key or packages.range
