"""A program is installed from ranges of versions, and no lock file says which ones it had."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from xops_lint.dependencies import Dependencies, Requirement, serves_development
from xops_lint.diagnostic import Finding, Related
from xops_lint.environments import in_library, is_auxiliary
from xops_lint.matching import regex
from xops_lint.model import Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP331",
    name="missing-lock-file",
    summary="A program is installed from ranges of versions, and no lock file says which ones it had.",
    harm="Every installation resolves the ranges anew: training, serving and the colleague's machine drift apart.",
    remedy="Let the package manager write a lock file, commit it, and install from it.",
    ops=("devops",),
)

PROGRAMS = ("train", "tune", "serve", "load_model", "orchestrate", "step")
"""Roles of calls of which a program for which versions matter has one."""

TIGHT = regex(r"~=\s*\d+\.\d+\.\d+\S*|==\s*\d+\.\d+\.\*")
"""What leaves nothing but the corrections of one version open."""

FEWEST_RANGES = 2
MOST_NAMES = 3
MOST_OTHERS = 4


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a repository, the outermost declaration of ranges that nothing locks."""
    dependencies = project.dependencies
    if dependencies is None:
        return
    files: dict[str, list[Requirement]] = {}
    for requirement in dependencies.requirements:
        if counts(project, requirement):
            files.setdefault(requirement.path, []).append(requirement)
    open_files = [path for path, found in files.items() if is_open(project, dependencies, path, found)]
    if open_files:
        path, *others = sorted(open_files, key=lambda path: (path.count("/"), path))
        ranges = [each for each in files[path] if is_range(each)]
        related = [Related(files[other][0].range, "nor for these", other) for other in others[:MOST_OTHERS]]
        yield RULE.at(ranges[0].range, message(ranges), path=path, related=tuple(related))


def counts(project: Project, requirement: Requirement) -> bool:
    """Say whether the version of a requirement moves what the project computes."""
    file = project.files.get(requirement.path)
    if file is None or file.context.test or file.context.example or file.context.profile == "exploration":
        return False
    aside = requirement.group or requirement.url or serves_development(requirement.name) or is_auxiliary(requirement)
    return not aside and not in_library(project, requirement)


def is_open(project: Project, dependencies: Dependencies, path: str, found: Sequence[Requirement]) -> bool:
    """Say whether a file bounds what a program needs, but mostly by ranges, and nothing pins these.

    What has no bound at all is `unpinned-requirement`'s.
    """
    folder = posixpath.dirname(path)
    ranges = [each for each in found if is_range(each)]
    mostly = len(ranges) >= FEWEST_RANGES and 2 * len(ranges) >= len(found)
    if not mostly or not all(each.specifier for each in found) or not runs(project, folder):
        return False
    return not any(pinned(dependencies, each) for each in ranges)


def is_range(requirement: Requirement) -> bool:
    """Say whether a requirement admits versions that do different things."""
    return not requirement.exact and TIGHT.fullmatch(requirement.specifier) is None


def pinned(dependencies: Dependencies, requirement: Requirement) -> bool:
    """Say whether a lock file, or an exact version in the same folder, decides."""
    folder = posixpath.dirname(requirement.path)
    beside = (each for each in dependencies.declared(requirement.name) if posixpath.dirname(each.path) == folder)
    return dependencies.covered_by_lock(requirement) or any(each.exact for each in beside)


def runs(project: Project, folder: str) -> bool:
    """Say whether programs that learn or serve lie in a folder, and not a package that others install."""
    inside = f"{folder}/" if folder else ""
    if project.exists(f"{inside}setup.py"):
        return False
    calls = (file for file, _ in project.calls(*PROGRAMS) if file.path.startswith(inside))
    return any(not (file.context.test or file.context.example) for file in calls)


def message(ranges: Sequence[Requirement]) -> str:
    """Name the first ranges, and count the rest."""
    names = ", ".join(f"`{each.name}`" for each in ranges[:MOST_NAMES])
    more = f" and {len(ranges) - MOST_NAMES} more" if len(ranges) > MOST_NAMES else ""
    return f"gives ranges for {names}{more}, and no lock file says which versions are installed"
