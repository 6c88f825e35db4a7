"""A program imports a package that nothing in the repository declares or installs."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from xops_lint.dependencies import Requirement, is_around, normalised
from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Facts, Import, Project
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP335",
    name="undeclared-dependency",
    summary="A program imports a package that nothing in the repository declares or installs.",
    harm="It runs where somebody once installed the package by hand, and nowhere else.",
    remedy="Add the package, with its version, to what the project declares.",
    ops=("devops",),
    group=Group.PREVIEW,
)

FEWEST_DECLARED = 3
"""A shorter list is no list of what a project needs."""

MOST_OTHERS = 4


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report each package once, where a program of the project first imports it, and where it would be declared."""
    found: dict[str, list[tuple[Facts, Import]]] = {}
    for file in project.python:
        for imported in file.imports:
            if imported.lacking and counts(project, file) and comes_from_outside(project, file, imported):
                found.setdefault(imported.lacking[0], []).append((file, imported))
    for name, places in found.items():
        (file, imported), *others = places
        if not any(mentions(each, imported) for each in project.facts):
            list_of_needs = around(project, file)[0]
            related = [Related(list_of_needs.range, "what is declared begins here", list_of_needs.path)]
            related += (Related(each.range, "and here", other.path) for other, each in others[:MOST_OTHERS])
            message = f"is of `{name}`, which nothing here declares or installs"
            yield RULE.at(imported.range, message, path=file.path, related=tuple(related))


def counts(project: Project, file: Facts) -> bool:
    """Say whether a file is one of a project that declares what it needs, in ways that are all understood."""
    if file.notebook or file.context.test or file.context.example or file.context.profile == "exploration":
        return False
    folders = [file.path[:end] for end, letter in enumerate(file.path) if letter == "/"]
    if any(project.exists(posixpath.join(folder, "setup.py")) for folder in ("", *folders)):
        return False
    return len(around(project, file)) >= FEWEST_DECLARED and not is_nameless(project)


def around(project: Project, file: Facts) -> list[Requirement]:
    """Return what is declared for a file."""
    declared = project.dependencies.requirements if project.dependencies is not None else ()
    return [each for each in declared if is_around(each, file.path)]


def comes_from_outside(project: Project, file: Facts, imported: Import) -> bool:
    """Say whether no module or folder of the project is what a name means."""
    name = imported.target.partition(".")[0]
    beside = posixpath.join(posixpath.dirname(file.path), name)
    return project.resolve(name, file) is None and not (project.exists(name) or project.exists(beside))


def is_nameless(project: Project) -> bool:
    """Say whether something is installed of which only the address is known."""
    for file in project.of_kind("requirements", "constraints"):
        for document in file.documents:
            if any("name" not in each.items for each in document.at("requirements[*]")):
                return True
    return False


def mentions(file: Facts, imported: Import) -> bool:
    """Say whether a command or an image of a file may bring a package along, or a readme says how to install it."""
    shells = (file.commands, file.told, *(each.commands for each in file.shell))
    texts = [command.text for shell in shells for command in shell]
    texts += [value.text for role in ("image", "packages") for value in file.values(role)]
    return any(name in normalised(text) for text in texts for name in imported.lacking)
