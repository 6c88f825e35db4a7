"""A stage writes a file that it does not declare."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.graph.doings import Doing, Touch, doings
from xops_lint.matching import regex
from xops_lint.model import Project
from xops_lint.rule import Group, Rule
from xops_lint.undeclared import WRITES, undeclared

RULE = Rule(
    code="XOP361",
    name="undeclared-stage-output",
    summary="A stage writes a file that it does not declare.",
    harm="The file is neither kept with the run nor brought back, and whoever reads it may find one of another run.",
    remedy="List the file among the stage's outputs, or write it to a folder for scratch.",
    ops=("mlops",),
    group=Group.PREVIEW,
)

SCRATCH = regex(r"(?:^|/)(?:\.|tmp|temp|te?mp_|scratch|cache|logs?/|wandb|mlruns)|\.log$", re.IGNORECASE)
ELSEWHERE = regex(r"[/~]|\.\.|\w+:|\{")


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report data and models that the programs of a stage leave in the repository and the stage does not name."""
    for doing in doings(project):
        if doing.open or not doing.stage.outputs:
            continue
        for touch in {touch.path: touch for touch in doing.writes}.values():
            if not doing.names(touch.path) and wanted(project, doing, touch):
                yield undeclared(RULE, project, doing, touch, WRITES)


def wanted(project: Project, doing: Doing, touch: Touch) -> bool:
    """Say whether what is written is data or a model for somebody else, and recorded nowhere else."""
    path, graph = touch.path, project.plan.graph
    if SCRATCH.search(path) or ELSEWHERE.match(path) or not project.plan.sure(doing, touch):
        return False
    programs = {f"path:{launch.facts.path}" for launch in doing.launches}
    readers = {edge.start for edge in graph.arriving.get(touch.node, ()) if edge.kind in ("reads", "loads")}
    if not readers - programs and (readers or graph.nodes[touch.node].kind not in ("data", "model")):
        return False
    return not any(
        argument.value.string is not None and posixpath.basename(argument.value.string) == posixpath.basename(path)
        for call in project.files[touch.spot.path].playing("log_artifact")
        for argument in call.arguments
    )
