"""What decides which model is best has a name under which nothing is logged."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from xops_lint.diagnostic import Finding, Related
from xops_lint.matching import regex
from xops_lint.model import Argument, Call, Expression, Facts, Project
from xops_lint.rule import Confidence, Group, Rule, Severity

RULE = Rule(
    code="XOP227",
    name="monitored-metric-never-logged",
    summary="What decides which model is best has a name under which nothing is logged.",
    harm="Training stops with an error after the first epoch, or keeps no best model and never stops early.",
    remedy="Watch the metric under the very name that the model logs.",
    ops=("mlops",),
    severity=Severity.ERROR,
    confidence=Confidence.MEDIUM,
    group=Group.PREVIEW,
    exploration=True,
)

ADDED = regex(r"(?:_step|_epoch)?(?:/dataloader_idx_\d+)?\Z")
"""What a trainer adds to a name for a step, an epoch, or one loader of several."""

ALIKE = 0.6
"""How much of two names must be the same for one to be taken for a slip of the other."""

Logged = dict[str, tuple[Facts, Call]]


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report callbacks that watch a name that is like one of the logged ones, and is none of them."""
    watched = list(watched_names(project))
    logged = known_names(project) if watched else {}
    for file, objective, name in watched if logged else ():
        if ADDED.sub("", name) not in logged and name not in logged:
            near = next(iter(get_close_matches(name, logged, 1, ALIKE)), None)
            if near is not None:
                yield finding(file, objective, near, *logged[near])


def watched_names(project: Project) -> Iterator[tuple[Facts, Argument, str]]:
    """Yield the names that callbacks watch, with the files and arguments that name them."""
    for file in project.shown.python:
        for call in file.calls:
            objective = call.argument("objective") if has(call, "watches_logged") else None
            if objective is not None and isinstance(objective.value.constant, str):
                yield file, objective, objective.value.constant


def finding(file: Facts, objective: Argument, near: str, other: Facts, call: Call) -> Finding:
    """Return the finding of a watched name, with the place where the nearest one is logged."""
    related = (Related(call.range, "what is logged", other.path),)
    message = f"is logged by nothing in this project; the nearest name is `{near}`"
    return RULE.at(objective, message, path=file.path, related=related)


def known_names(project: Project) -> Logged:
    """Return the names that callbacks may look at; none at all if one is not known."""
    found: Logged = {}
    for file in project.python:
        for call in file.calls:
            if not has(call, "feeds_callbacks"):
                continue
            given = call.argument("name")
            named = names(given.value) if given is not None else None
            if named is None:
                return {}
            found.update((name, (file, call)) for name in named)
    return found


def names(value: Expression) -> list[str] | None:
    """Return the names that a text or the keys of a mapping give; None where one is not known."""
    given = [value.constant] if value.known else list(value.entries or ())
    return [each for each in given if isinstance(each, str)] if given and not value.pattern else None


def has(call: Call, trait: str) -> bool:
    """Say whether the catalog gives a trait to a called name."""
    return call.entry is not None and trait in call.entry.traits
