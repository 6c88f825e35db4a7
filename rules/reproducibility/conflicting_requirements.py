"""Two declarations of one environment ask for versions of which none satisfies both."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.dependencies import Requirement
from xops_lint.diagnostic import Finding, Related
from xops_lint.environments import Conflict, conflicts
from xops_lint.model import Project
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP336",
    name="conflicting-requirements",
    summary="Two declarations of one environment ask for versions of which none satisfies both.",
    harm="Which libraries a run has hangs on who installed it, and how: results differ from machine to machine.",
    remedy="Declare the version in one file, and let the other one include it or be generated from it.",
    ops=("devops",),
    group=Group.PREVIEW,
)

MOST_OTHERS = 4


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report each file that contradicts others once, at its first such requirement."""
    files: dict[str, list[Conflict]] = {}
    for conflict in conflicts(project):
        files.setdefault(conflict.other.path, []).append(conflict)
    for path, found in files.items():
        file = project.files.get(path)
        if file is None or file.context.test or file.context.example:
            continue
        firsts = {conflict.first: None for conflict in found}
        related = tuple(Related(each.range, f"asks for {shown(each)}", each.path) for each in firsts)[:MOST_OTHERS]
        names = {conflict.other.name for conflict in found}
        yield RULE.at(found[0].other.range, message(found[0], len(names) - 1), path=path, related=related)


def message(conflict: Conflict, more: int) -> str:
    """Say what the two ask for, and of how many more libraries that holds."""
    first, other = conflict
    where = "the same file" if first.path == other.path else f"`{first.path}`"
    rest = f"; they differ in {more} more" if more else ""
    return f"asks for {shown(other)}, and {where} for {shown(first)}{rest}"


def shown(requirement: Requirement) -> str:
    """Return a requirement as pip writes it."""
    return f"`{requirement.name}{requirement.specifier}`"
