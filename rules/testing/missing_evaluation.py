"""A model is trained and saved, and nothing evaluates it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Call, Project
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
    entries = project.shown.entries_making("save_model", "log_model")
    scored = scored_files(project) if entries else frozenset()
    for entry in entries:
        if entry.context.example:
            continue
        trained = [(file, call) for file, call in project.calls_reached(entry, "train") if call.argument("target")]
        held_out = any(call.argument("evaluation_data") for _, call in trained)
        if not trained or held_out or next(project.calls_reached(entry, *EVALUATION), None) is not None:
            continue
        for file, save in project.calls_reached(entry, "save_model", "log_model"):
            kept = file is entry and set(save.data) & {call.index for owner, call in trained if owner is file}
            if kept and not may_be_among(file_name(save), scored):
                fit = trained[-1][1]
                related = (Related(fit.range, "trained here", trained[-1][0].path),)
                yield RULE.at(save, "keeps a model that nothing evaluates", path=file.path, related=related)


def scored_files(project: Project) -> frozenset[str]:
    """Return the names of the model files that programs load and score, nothing for one that is not known."""
    scoring = {facts.path: facts for facts, _ in project.calls("evaluate")}
    return frozenset(file_name(load) for facts in scoring.values() for load in facts.playing("load_model"))


def may_be_among(name: str, names: frozenset[str]) -> bool:
    """Say whether a file may be one of several, as far as their names are known."""
    return name in names or "" in names or (bool(names) and not name)


def file_name(call: Call) -> str:
    """Return the base name of the file that a call writes or reads, or nothing if it is not known."""
    path = call.argument("path")
    text = path.value.string if path else None
    return posixpath.basename(text) if text and "{}" not in text else ""
