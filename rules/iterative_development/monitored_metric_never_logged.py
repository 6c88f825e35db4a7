"""What decides which model is best has a name under which nothing is logged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from xops_lint import names
from xops_lint.diagnostic import Finding, Related
from xops_lint.matching import regex
from xops_lint.model import Argument, Call, Facts, Project, Value
from xops_lint.names import Name
from xops_lint.rule import Confidence, Group, Rule, Severity
from xops_lint.words import pattern, spoken

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


@RULE.project
def in_code(project: Project) -> Iterator[Finding]:
    """Report callbacks that watch a name that is like one of those that the model hands over, and is none of them."""
    watched = list(watched_names(project))
    logged = list(names.handed(project)) if watched else []
    for file, objective, name in watched:
        near = None if known(ADDED.sub("", name), logged) or known(name, logged) else nearest(name, logged)
        if near is not None:
            yield finding(file, objective, near)


@RULE.project
def in_configs(project: Project) -> Iterator[Finding]:
    """Report searches that go by a name that is like a recorded one, where no code speaks of it."""
    sought = [(file, value) for file, value in project.shown.values("objective") if re.search(r"\w", value.text)]
    logged = list(names.recorded(project)) if sought else []
    words = spoken(project.python) if sought else frozenset[str]()
    for file, value in sought:
        said = not value.templated and words.issuperset(re.findall(r"\w+", value.text))
        near = None if value.templated or said or known(value.text, logged) else nearest(value.text, logged)
        if near is not None:
            yield finding(file, value, near)


def watched_names(project: Project) -> Iterator[tuple[Facts, Argument, str]]:
    """Yield the names that callbacks watch, with the files and arguments that name them."""
    for file in project.shown.python:
        for call in file.calls:
            objective = call.argument("objective") if watches(call) else None
            if objective is not None and isinstance(objective.value.constant, str):
                yield file, objective, objective.value.constant


def watches(call: Call) -> bool:
    """Say whether a call makes a callback that looks at what the model hands over."""
    return call.entry is not None and "watches_logged" in call.entry.traits


def known(name: str, logged: Sequence[Name]) -> bool:
    """Say whether a name may be one of some; ``{}`` in these stands for anything."""
    return any(name == each.text or ("{}" in each.text and pattern(each.text).fullmatch(name)) for each in logged)


def nearest(name: str, logged: Sequence[Name]) -> Name | None:
    """Return the name for which another is a slip."""
    texts = {each.text: each for each in logged}
    return next((texts[text] for text in get_close_matches(name, texts, 1, ALIKE)), None)


def finding(file: Facts, objective: Argument | Value, near: Name) -> Finding:
    """Return the finding of a name, with the place where the nearest one is logged."""
    related = (Related(near.range, "what is logged", near.path),)
    message = f"is logged by nothing in this project; the nearest name is `{near.text}`"
    return RULE.at(objective, message, path=file.path, related=related)
