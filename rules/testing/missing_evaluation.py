"""A model is trained and saved, and nothing evaluates it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP404",
    name="missing-evaluation",
    summary="A model is trained and saved, and nothing evaluates it.",
    harm="A model that got worse is saved and served like any other.",
    remedy="Score the model on held-out data before you keep it, and record the score.",
    ops=("mlops",),
)

EVALUATION = ("evaluate", "cross_validate", "tune", "predict", "log_metrics", "validate_data")
"""Roles that look at what a model does; any of them is taken as an evaluation."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report saves of entries that train and never look at the model's output."""
    if project.evaluates_saved_models:
        return
    for entry in project.entries:
        if entry.context.example:
            continue
        trained = [(file, call) for file, call in project.calls_reached(entry, "train") if call.argument("target")]
        held_out = any(call.argument("evaluation_data") for _, call in trained)
        if not trained or held_out or next(project.calls_reached(entry, *EVALUATION), None) is not None:
            continue
        for file, save in project.calls_reached(entry, "save_model", "log_model"):
            if file is entry and set(save.data) & {call.index for owner, call in trained if owner is file}:
                fit = trained[-1][1]
                related = (Related(fit.range, "trained here", trained[-1][0].path),)
                yield RULE.at(save, "keeps a model that nothing evaluates", path=file.path, related=related)
