"""A tracked run saves its model to a file that nothing logs or versions."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.keeping import keeps_trained
from xops_lint.model import Call, Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP341",
    name="untracked-model",
    summary="A tracked run saves its model to a file that nothing logs or versions.",
    harm="The record of the run and the file drift apart: nobody can tell which run made the model in use.",
    remedy="Log the model with the run, register it, or declare it as an output of a versioned stage.",
    ops=("mlops",),
)

RECORDING = ("log_model", "log_artifact", "register_model", "autolog", "version_data")
"""Roles that tie a model to its run or to a version."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report model files of entries that track a run and leave the model out."""
    reported: set[tuple[str, int]] = set()
    for entry in project.shown.entries_making("save_model"):
        tracked = project.calls_reached(entry, "start_run", "log_metrics", "log_parameters")
        run = next(((file, call) for file, call in tracked if holds_models(call)), None)
        if run is None or entry.context.test or project.recorded(entry):
            continue
        if next(project.calls_reached(entry, *RECORDING), None) is not None:
            continue
        for file, save in project.calls_reached(entry, "save_model"):
            if (file.path, save.index) in reported or not keeps_trained(file, save):
                continue
            reported.add((file.path, save.index))
            related = (Related(run[1].range, "the run is tracked here", run[0].path),)
            yield RULE.at(save, "saves a model that its tracked run does not hold", path=file.path, related=related)
            break


def holds_models(call: Call) -> bool:
    """Say whether a call belongs to a tracker that keeps models, and does not only draw."""
    return call.entry is None or "charts" not in call.entry.traits
