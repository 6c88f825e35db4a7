"""A stage uses a parameter that it does not declare."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from xops_lint.diagnostic import Finding, Related
from xops_lint.edits import declared
from xops_lint.graph.doings import Doing, Touch, doings
from xops_lint.matching import regex
from xops_lint.model import Project, Value
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP364",
    name="undeclared-stage-parameter",
    summary="A stage uses a parameter that it does not declare.",
    harm="After a change of the parameter the stage counts as up to date, and its outputs are those of the old value.",
    remedy="List the parameter among those of the stage.",
    ops=("mlops",),
    group=Group.PREVIEW,
)

VARIABLE = regex(r"\$\{\s*([\w.]+)")
DEFAULT = "params.yaml"
ASIDE = regex(
    r"(?:log(?:ging|ger)?(?:_?level|_?dir)?|verbos\w*|debug|quiet|n_jobs|(?:num_)?workers|device)", re.IGNORECASE
)
"""Parameters on which no output hangs."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a stage and file, the parameters that its script takes and it does not name."""
    for doing in doings(project):
        value = doing.value(project)
        if value is None or doing.open or doing.stage.held or not (doing.stage.inputs or doing.stage.parameters):
            continue
        filled = set(variables(value))
        default = posixpath.normpath(posixpath.join(doing.folder, DEFAULT))
        for file in dict.fromkeys((default, *(entry.file for entry in doing.stage.parameters))):
            missing = [touch for touch in taken(doing, file) if not named(doing, file, name(touch), filled)]
            if missing and all(entry.text != file for entry in doing.stage.inputs):
                yield finding(project, doing, file, value, missing, fixable=file == default)


def taken(doing: Doing, file: str) -> list[Touch]:
    """Return the parameters of a file that the scripts of a stage use themselves: modules may serve others."""
    own = {launch.facts.path for launch in doing.launches}
    found = {touch.path: touch for touch in doing.uses if touch.spot.path in own}
    inside = (touch for path, touch in found.items() if path.startswith(f"{file}:"))
    return [touch for touch in inside if not ASIDE.fullmatch(name(touch).rpartition(".")[2])]


def name(touch: Touch) -> str:
    """Return the route of a parameter within its file."""
    return touch.path.rpartition(":")[2]


def variables(value: Value) -> Iterator[str]:
    """Yield what the texts of a stage are filled in with: a change there changes the stage itself."""
    for part in value.walk():
        yield from VARIABLE.findall(part.text)
        for key in part.items:
            yield from VARIABLE.findall(key)


def named(doing: Doing, file: str, route: str, filled: set[str]) -> bool:
    """Say whether a stage names a parameter, a group around it or a part of it."""
    declared = {entry.text for entry in doing.stage.parameters if entry.file == file} | filled
    return any(
        not each or each == route or each.startswith(f"{route}.") or route.startswith(f"{each}.") for each in declared
    )


def finding(
    project: Project, doing: Doing, file: str, value: Value, missing: Sequence[Touch], *, fixable: bool
) -> Finding:
    """Return the finding at the stage's command, with the places that use the parameters."""
    routes = [name(touch) for touch in missing]
    more = f" and {len(routes) - 1} more" if len(routes) > 1 else ""
    path = posixpath.relpath(file, doing.folder or ".")
    text = f"uses `{routes[0]}`{more} of `{path}`, which the stage does not declare"
    related = tuple(
        Related(touch.spot.range, f"`{name(touch)}` is used here", touch.spot.path)
        for touch in missing
        if touch.spot.range is not None
    )
    facts = project.files[doing.stage.path]
    fix = declared(facts, value, "parameter", routes, "parameters") if fixable else None
    return RULE.at(doing.command, text, path=doing.stage.path, related=related, fix=fix)
