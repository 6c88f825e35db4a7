"""A model is trained and the run is recorded nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Confidence, Rule

RULE = Rule(
    code="XOP340",
    name="untracked-training",
    summary="A model is trained and the run is recorded nowhere.",
    harm="Nobody can tell later which parameters, data and code made the model, or how good it was.",
    remedy="Open a tracked run around the training and log parameters, metrics and the model.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
)

KEEPING = ("save_model", "register_model", "deploy")
"""Roles that make a trained model matter beyond the program's end."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report the training call of entries that keep a model and track nothing."""
    reported: set[tuple[str, int]] = set()
    for entry in project.entries:
        if entry.context.test or project.tracks(entry):
            continue
        if next(project.calls_reached(entry, *KEEPING), None) is None:
            continue
        found = training(project, entry)
        if found is not None and (found[0].path, found[1].index) not in reported:
            reported.add((found[0].path, found[1].index))
            yield RULE.at(found[1], "trains a model in a run that nothing records", path=found[0].path)


def training(project: Project, entry: Facts) -> tuple[Facts, Call] | None:
    """Return the training call an entry reaches, one in its own file first."""
    calls = [(file, call) for file, call in project.calls_reached(entry, "train") if not file.context.test]
    return min(calls, key=lambda pair: pair[0] is not entry, default=None)
