"""A stage reads a file that it does not declare."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.graph.doings import Doing, Touch, doings, holds_parameters
from xops_lint.model import Project
from xops_lint.rule import Group, Rule
from xops_lint.undeclared import READS, undeclared

RULE = Rule(
    code="XOP360",
    name="undeclared-stage-input",
    summary="A stage reads a file that it does not declare.",
    harm="When that file changes, the stage counts as up to date, and its outputs are those of the old file.",
    remedy="List the file, or the folder it lies in, among the stage's dependencies.",
    ops=("mlops",),
    group=Group.PREVIEW,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report what the programs of a stage read from the repository and the stage does not name."""
    for doing in doings(project):
        # A stage that declares nothing runs every time.
        if doing.stage.held or doing.open or not any((*doing.declared, *doing.stage.parameters)):
            continue
        for touch in {touch.path: touch for touch in doing.reads}.values():
            if belongs(project, doing, touch):
                yield undeclared(RULE, project, doing, touch, READS)


def belongs(project: Project, doing: Doing, touch: Touch) -> bool:
    """Say whether what is read is data of the project that comes from outside the stage, which does not name it."""
    path = touch.path
    if doing.names(path) or doing.makes(path) or posixpath.basename(path).startswith("."):
        return False
    facts = project.files.get(path)
    # Of a file of parameters a stage names those that it uses.
    if any(entry.file == path for other in project.plan.stages for entry in other.parameters):
        return False
    if facts is not None and (facts.python or holds_parameters(facts)):
        return False
    here = facts is not None or path in (project.tracked or ()) or project.plan.known(path)
    return here and project.plan.sure(doing, touch)
