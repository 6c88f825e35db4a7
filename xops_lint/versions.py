"""Which versions of a distribution a file may meet when it runs."""

from __future__ import annotations

from xops_lint.dependencies import Dependencies, Requirement, normalised, pip_installs
from xops_lint.facts import Facts
from xops_lint.project import Project
from xops_lint.text import Range


def may_use(project: Project, file: Facts, distribution: str, specifier: str) -> bool | None:
    """Say whether a file may run with some version in ``specifier``; None if nothing declares the distribution.

    What the file installs by itself decides before what the project declares.
    """
    own = tuple(_installed(file, normalised(distribution)))
    if own:
        return Dependencies(own).may_use(distribution, specifier)
    return None if project.dependencies is None else project.dependencies.may_use(distribution, specifier, file.path)


def _installed(file: Facts, name: str) -> list[Requirement]:
    """Return the versions of a distribution that the shell lines of a file ask for."""
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as Parsed

    found = []
    for line in file.shell:
        for word in pip_installs(line.command):
            try:
                parsed = Parsed(word)
            except InvalidRequirement:
                continue
            if normalised(parsed.name) == name and parsed.specifier:
                found.append(Requirement(name, str(parsed.specifier), False, file.path, Range(0, 0)))
    return found
