"""A step whose result is cached reads data that moves on without it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.locations import is_moving, is_mutable, reads_live_table
from xops_lint.model import Argument, Call, Definition, Facts, Project
from xops_lint.rule import Group, Rule
from xops_lint.sql import clock

RULE = Rule(
    code="XOP368",
    name="cached-mutable-input",
    summary="A step whose result is cached reads data that moves on without it.",
    harm="The cache sees the step's code and arguments alone: later runs train on what the first one read.",
    remedy="Switch caching off for the step, let its cache expire, or hand it the version or the day of the data.",
    ops=("mlops",),
    group=Group.PREVIEW,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report what cached steps load from where it changes."""
    by_default = not switched_off(project)
    for facts in project.shown.python:
        for step in facts.definitions:
            if "step" in step.roles and is_cached(facts, step, by_default):
                for load in facts.playing("load_data", "download"):
                    moving = moves(facts, load) if load.scope == step.name else None
                    if moving is not None:
                        what = (
                            f"is read once, then taken from the cache of `{step.name}`, whatever stands there by then"
                        )
                        yield RULE.at(moving, what, path=facts.path)


def switched_off(project: Project) -> bool:
    """Say whether any pipeline or config of the project switches caching off for more than one step."""
    pipelines = (call for _, call in project.calls("orchestrate"))
    unset = any(call.takes("cache") and call.value("cache") is not None for call in pipelines)
    return unset or any(value.text == "false" for _, value in project.values("cache"))


def is_cached(facts: Facts, step: Definition, by_default: bool) -> bool:
    """Say whether the results of a step are kept for later runs, for as long as its code and arguments stay."""
    makers = [call for call in facts.calls if call.index in step.settings and "step" in call.roles]
    for call in makers:
        given = call.argument("cache")
        if given is not None:
            word = given.value.name.rpartition(".")[2].lower()
            return given.value.constant not in (False, None) and not word.startswith("no_") and expires(call) is None
    defaults = [entry.parameters["cache"].default for entry in step.entries if "cache" in entry.parameters]
    return by_default and any(defaults) and not any(call.unpacks for call in makers)


def expires(call: Call) -> Argument | None:
    """Return what says how long a cached result counts."""
    return call.argument("expiry")


def moves(facts: Facts, load: Call) -> Argument | None:
    """Return the argument by which a call reads what may be another thing tomorrow."""
    for meaning in ("path", "version", "stage"):
        given = load.argument(meaning)
        if given is None:
            continue
        text = given.value.string or ""
        if next(facts.sources(given.value, "clock"), None) or is_moving(text) or is_mutable(text):
            return given
        if reads_live_table(text) or clock(text):
            return given
    return None
