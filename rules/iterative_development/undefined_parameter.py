"""A stage names a parameter that its file does not hold."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.graph.stages import Entry, stages
from xops_lint.graph.templates import unfilled
from xops_lint.model import Project, Range
from xops_lint.nearest import nearest
from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP208",
    name="undefined-parameter",
    summary="A stage names a parameter that its file does not hold.",
    harm="The pipeline stops at the stage, or the stage no longer runs anew when the parameter that was meant changes.",
    remedy="Correct the name, or add the parameter to the file.",
    ops=("mlops",),
    severity=Severity.ERROR,
    group=Group.PREVIEW,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report the parameters of stages that a readable file of parameters lacks."""
    seen: set[tuple[str, Range]] = set()
    for stage in stages(project):
        for entry in stage.parameters:
            if (stage.path, entry.range) not in seen and lacks(project, entry):
                seen.add((stage.path, entry.range))
                known = nearest(entry.text, names(project, entry.file))
                hint = f"; near it is `{known}`" if known else ""
                file = posixpath.relpath(entry.file, stage.folder or ".")
                related = (Related(Range(0, 0), "the parameters", entry.file),)
                message = f"is not in `{file}`{hint}"
                yield RULE.at(entry.range, message, path=stage.path, related=related)


def lacks(project: Project, entry: Entry) -> bool:
    """Say whether a file is read as a whole, and a route leads nowhere in it."""
    facts = project.files.get(entry.file)
    known = facts is not None and len(facts.documents) == 1 and bool(facts.documents[0].items)
    if facts is None or not known or not entry.text or unfilled(entry.text) or "\\" in entry.text:
        return False
    return facts.documents[0].get(entry.text) is None


def names(project: Project, path: str) -> list[str]:
    """Return the routes of all parameters of a file."""
    return [value.route for value in project.files[path].documents[0].walk() if value.route]
