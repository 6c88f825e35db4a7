"""A freshly trained model goes into service and no metric decides it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Confidence, Rule

RULE = Rule(
    code="XOP506",
    name="ungated-promotion",
    summary="A freshly trained model goes into service and no metric decides it.",
    harm="A model that got worse, or learned from broken data, replaces the good one by itself.",
    remedy="Evaluate first, compare with a threshold or the model in service, and go on only if it is better.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
)

WAITING = frozenset({"none", "staging", "archived", "development", "dev", "test", "challenger", "candidate", "shadow"})
"""Stages and aliases that put nothing into service."""

GATES = ("gate", "validate_data")
"""Roles of calls that stop a flow by themselves."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a file, a promotion or deployment by a program that trains and compares nothing."""
    for file in project.shown.python:
        # Whoever runs a notebook by hand sees the scores before the next cell.
        if file.notebook and file.context.profile == "exploration":
            continue
        for call in file.acting("promote", "deploy"):
            fit = None if decided(file, call) else trained_before(project, file, call)
            if fit is not None:
                what = "promotes" if "promote" in call.roles else "deploys"
                related = (Related(fit[1].range, "trained here", fit[0].path),)
                yield RULE.at(call, f"{what} a model that no metric was compared for", path=file.path, related=related)
                break


def decided(file: Facts, call: Call) -> bool:
    """Say whether a condition stands around a call, or its target is a place where models wait."""
    stage = call.value("stage")
    waits = isinstance(stage, str) and stage.lower() in WAITING
    return call.conditional or call.scope in file.guarded or waits


def trained_before(project: Project, file: Facts, call: Call) -> tuple[Facts, Call] | None:
    """Return a training that every program running the call does, if none of them compares figures."""
    entries = project.entries_running(file, call)
    trained = [next(training(project, entry, file, call), None) for entry in entries]
    if not all(trained) or any(gated(project, entry) for entry in entries):
        return None
    return trained[0]


def training(project: Project, entry: Facts, file: Facts, call: Call) -> Iterator[tuple[Facts, Call]]:
    """Yield where running an entry trains a model, unless it does so after the call."""
    for owner, fit in project.calls_reached(entry, "train", "tune"):
        if owner is not file or fit.scope != call.scope or fit.index < call.index:
            yield owner, fit


def gated(project: Project, entry: Facts) -> bool:
    """Say whether running an entry compares figures, takes the best of its runs, or asks what may stop it."""
    if next(project.calls_reached(entry, *GATES), None) is not None:
        return True
    if any(call.argument("objective") for _, call in project.calls_reached(entry, "find_runs")):
        return True
    for place in project.reach(entry):
        comparisons = project.files[place.path].comparisons
        if any(comparison.scope == place.scope and not comparison.counts for comparison in comparisons):
            return True
    return False
