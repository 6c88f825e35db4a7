"""A call stands in no current version of its library, or is on its way out."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Safety
from xops_lint.entry import Deprecation
from xops_lint.model import Facts, Project
from xops_lint.outdated import further, outdated, renaming
from xops_lint.rule import Rule
from xops_lint.versions import lacks, may_use

RULE = Rule(
    code="XOP223",
    name="deprecated-ml-api",
    summary="A call stands in no current version of its library, or is on its way out.",
    harm="The next update or fresh installation ends the pipeline, on a day when nobody changed its code.",
    remedy="Use what came after it, or pin the version that still has it until you do.",
    ops=("mlops",),
    exploration=True,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report names that are out of date in a version the project may use, each once a file."""
    for file in project.shown.python:
        for mentions in outdated(project, file):
            removal = mentions[0].removal
            if may_meet(project, file, removal):
                message = f"is {removal.state} from {removal.distribution} {removal.since} on: {removal.advice}"
                fix = renaming(file, mentions, Safety.UNSAFE)
                yield RULE.at(mentions[0].range, message, path=file.path, related=further(file, mentions), fix=fix)


def may_meet(project: Project, file: Facts, deprecation: Deprecation) -> bool:
    """Say whether a file may meet a version without a name, or is known to meet one that only warns of it.

    What nobody declares is installed in its newest version: names that are merely superseded still work in it.
    That a name is surely gone is another rule's.
    """
    if deprecation.state == "superseded":
        return may_use(project.dependencies, file, deprecation.distribution, f">={deprecation.since}") is True
    return not deprecation.until and lacks(project.dependencies, file, deprecation) is None
