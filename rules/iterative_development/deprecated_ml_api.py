"""A call stands in no current version of its library, or is on its way out."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Fix, Related, Safety
from xops_lint.entry import Deprecation
from xops_lint.insertions import Renamed
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Rule
from xops_lint.versions import may_use

RULE = Rule(
    code="XOP223",
    name="deprecated-ml-api",
    summary="A call stands in no current version of its library, or is on its way out.",
    harm="The next update or fresh installation ends the pipeline, on a day when nobody changed its code.",
    remedy="Use what came after it, or pin the version that still has it until you do.",
    ops=("mlops",),
    exploration=True,
)

MOST_OTHERS = 4

PIPELINE = frozenset({"orchestrate", "step"})
"""Roles of calls whose generation is a question of its own: `deprecated-pipeline-api` asks it."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report calls that are out of date in a version the project may use, each name once a file."""
    for file in project.python:
        if not project.develops_tool(file):
            for calls in outdated(project, file):
                others = tuple(Related(call.callee, "and here", file.path) for call in calls[1 : 1 + MOST_OTHERS])
                fix = renamed(calls)
                yield RULE.at(calls[0].callee, message(calls[0]), path=file.path, related=others, fix=fix)


def outdated(project: Project, file: Facts) -> Iterator[list[Call]]:
    """Yield the calls of a file that are out of date, together by name."""
    found: dict[str, list[Call]] = {}
    for call in file.calls:
        entry = call.entry
        if entry is None or entry.deprecated is None or not call.roles.isdisjoint(PIPELINE):
            continue
        if may_meet(project, file, entry.deprecated):
            found.setdefault(entry.name, []).append(call)
    yield from found.values()


def may_meet(project: Project, file: Facts, deprecation: Deprecation) -> bool:
    """Say whether a file may meet a version without a name, or is known to meet one that only warns of it.

    What nobody declares is installed in its newest version: names that are merely superseded still work in it.
    """
    met = may_use(project.dependencies, file, deprecation.distribution, f">={deprecation.since}")
    return met is True if deprecation.state == "superseded" else met is not False


def renamed(calls: list[Call]) -> Fix | None:
    """Return the fix that writes the name that took a name's place, where nothing but the name is another."""
    entry = calls[0].entry
    if entry is None or entry.deprecated is None or not entry.deprecated.renamed:
        return None
    known = entry.deprecated.renamed
    owner = f"{entry.name.rpartition('.')[0]}."
    name = known.removeprefix(owner) if known.startswith(owner) else known.rpartition(".")[2]
    edits = tuple(Renamed(call.callee, name) for call in calls)
    return Fix(f"Write `{known}`", edits, Safety.UNSAFE)


def message(call: Call) -> str:
    """Say what became of a name and what to write instead."""
    deprecation = call.entry.deprecated if call.entry is not None else None
    assert deprecation is not None
    return f"is {deprecation.state} from {deprecation.distribution} {deprecation.since} on: {deprecation.advice}"
