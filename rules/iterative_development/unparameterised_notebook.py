"""A notebook is run with a parameter that it does not take."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Project
from xops_lint.notebooks import NotebookRun, runs
from xops_lint.rule import Group, Rule
from xops_lint.text import Range

RULE = Rule(
    code="XOP233",
    name="unparameterised-notebook",
    summary="A notebook is run with a parameter that it does not take.",
    harm="Every run of the job computes the same, whatever it is told, and none of them fails.",
    remedy="Tag the cell with the defaults `parameters`, and set in it what the job hands over.",
    ops=("mlops",),
    group=Group.OPTIONAL,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report each run of a notebook once, at the place that starts it."""
    for run in runs(project):
        name = next((name for name in run.names if fault(run, name)), None)
        if name is not None:
            notebook = posixpath.basename(run.notebook.path)
            message = f"hands `{name}` to `{notebook}`, {fault(run, name)}"
            related = (Related(Range(0, 1), "the notebook", run.notebook.path),)
            yield RULE.at(run.range, message, path=run.path, related=related)


def fault(run: NotebookRun, name: str) -> str:
    """Return what becomes of a parameter that a notebook does not take, or nothing."""
    taken = run.notebook.taken
    if taken is None or name in taken.parameters:
        return ""
    if name in taken.others and not taken.marked:
        return "which sets it anew, as no cell is tagged `parameters`"
    return "" if name in run.notebook.words.split() else "which does not know it"
