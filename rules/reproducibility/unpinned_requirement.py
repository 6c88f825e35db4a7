"""A dependency has no bound, and no lock file pins it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.dependencies import Dependencies, Requirement, serves_development
from xops_lint.diagnostic import Finding, Related
from xops_lint.environments import in_library, is_auxiliary
from xops_lint.model import Project
from xops_lint.pinning import pinned
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP330",
    name="unpinned-requirement",
    summary="A dependency has no bound, and no lock file pins it.",
    harm="Next month's environment holds other versions, and the same commit gives another model or none.",
    remedy="Write the version you tried, or keep a lock file beside the declaration.",
    ops=("devops",),
)

MOST_FILES = 5
MOST_NAMES = 3


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report each file with loose requirements once; beyond a few files, all of them together."""
    files: dict[str, list[Requirement]] = {}
    for requirement in loose_requirements(project):
        files.setdefault(requirement.path, []).append(requirement)
    paths = sorted(files)
    shown = paths if len(paths) <= MOST_FILES else paths[:1]
    for path in shown:
        first = files[path][0]
        others = paths[1:] if len(shown) < len(paths) else []
        related = tuple(Related(files[other][0].range, "and in this file", other) for other in others[:MOST_FILES])
        fix = None if others else pinned(files[path], project.dependencies or Dependencies())
        yield RULE.at(first.range, message(files[path], len(others)), path=path, related=related, fix=fix)


def loose_requirements(project: Project) -> Iterator[Requirement]:
    """Yield the requirements of applications that admit any version, if any are shown; in production, more than one."""
    requirements = project.dependencies.requirements if project.dependencies is not None else ()
    declaring = {requirement.path for requirement in requirements}
    if project.dependencies is None or not any(facts.path in declaring for facts in project.shown.facts):
        return
    for requirement in requirements:
        file = project.files.get(requirement.path)
        if file is None or file.context.test or is_auxiliary(requirement) or in_library(project, requirement):
            continue
        strict = file.context.profile == "production"
        loose = not requirement.exact if strict else not requirement.specifier
        pinned = requirement.url or serves_development(requirement.name) or locked(project.dependencies, requirement)
        if loose and not pinned:
            yield requirement


def locked(dependencies: Dependencies, requirement: Requirement) -> bool:
    """Say whether a lock file, or an exact pin beside a loose source such as ``requirements.in``, decides."""
    folder = requirement.path.rpartition("/")[0]
    beside = (each for each in dependencies.declared(requirement.name) if each.path.rpartition("/")[0] == folder)
    return dependencies.covered_by_lock(requirement) or any(each.exact for each in beside)


def message(requirements: list[Requirement], files: int) -> str:
    """Name the first loose requirements of a file, and count the rest."""
    names = ", ".join(f"`{each.name}`" for each in requirements[:MOST_NAMES])
    more = f" and {len(requirements) - MOST_NAMES} more" if len(requirements) > MOST_NAMES else ""
    elsewhere = f"; so do {files} other files" if files else ""
    kind = "any version" if not any(each.specifier for each in requirements) else "more than one version"
    return f"leaves {names}{more} at {kind}{elsewhere}"
