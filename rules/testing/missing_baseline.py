"""A model's score is compared with nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.matching import regex
from xops_lint.model import Facts, Project
from xops_lint.rule import Confidence, Group, Rule

RULE = Rule(
    code="XOP422",
    name="missing-baseline",
    summary="A model's score is compared with nothing.",
    harm="Nobody knows whether it beats a guess, or the model before it: a broken one looks like any other.",
    remedy="Score a simple model, or the one in service, on the same rows, and compare the two.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
    group=Group.OPTIONAL,
)

COMPARED = regex(
    r"baseline|dummy|naive|benchmark|champion|challenger|incumbent|previous|majority|random_guess|threshold|compare|leaderboard"
    r"|(?:best|production|current|old|min|required|target)_(?:model|score|metric|accuracy|auc|rmse|r2|f1|loss)",
    re.IGNORECASE,
)
"""Words of programs that hold a score against something."""

COMPARING = ("tune", "cross_validate", "load_model", "gate", "assertion", "promote")
"""Roles of calls that choose among models, or bring in another one."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a project, a program that fits one kind of model, scores it, and holds nothing against the score."""
    for entry in project.entries:
        if entry.context.test or entry.context.example:
            continue
        fits = list(project.calls_reached(entry, "train"))
        scores = list(project.calls_reached(entry, "evaluate")) if fits else []
        # Who fits several kinds of models looks at them side by side.
        if scores and len({call.name for _, call in fits}) == 1 and not compares(project, entry):
            file, score = scores[0]
            related = (Related(fits[0][1].range, "the one model, fitted here", fits[0][0].path),)
            yield RULE.at(score, "scores a model and compares it with nothing", path=file.path, related=related)
            return


def compares(project: Project, entry: Facts) -> bool:
    """Say whether running an entry compares figures, chooses among models, or speaks of it."""
    if next(project.calls_reached(entry, *COMPARING), None) is not None:
        return True
    reached = project.reach(entry)
    if any(COMPARED.search(project.files[path].words) for path in {place.path for place in reached}):
        return True
    return any(
        comparison.scope == place.scope and not comparison.counts and comparison.sources
        for place in reached
        for comparison in project.files[place.path].comparisons
    )
