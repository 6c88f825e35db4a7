"""A distributed sampler shuffles, and nobody tells it which epoch it is."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Fix, Safety
from xops_lint.facts import Facts
from xops_lint.insertions import ToldInLoop
from xops_lint.model import Call
from xops_lint.project import Project
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP434",
    name="sampler-without-set-epoch",
    summary="A distributed sampler shuffles, and nobody tells it which epoch it is.",
    harm="Every epoch brings the rows in the same order, and the model learns worse than with a new shuffle.",
    remedy="Call `sampler.set_epoch(epoch)` at the beginning of every epoch.",
    ops=("mlops",),
    group=Group.PREVIEW,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report the first such sampler of each function, in programs with a training loop of their own."""
    for facts in project.shown.python:
        if facts.context.test:
            continue
        seen: set[str] = set()
        for call in facts.calls:
            if not has(call, "same_order") or call.scope in seen or call.unpacks:
                continue
            # Where a function makes several, the first one is for training.
            seen.add(call.scope)
            if call.value("shuffle") is True and untold(project, facts, call):
                fix = Fix("Tell the sampler of every epoch", (ToldInLoop(call.range, "set_epoch"),), Safety.UNSAFE)
                yield RULE.at(call, "shuffles into the same order in every epoch", path=facts.path, fix=fix)


def untold(project: Project, facts: Facts, call: Call) -> bool:
    """Say whether a loader takes a sampler in programs that train by themselves, none of which tells of an epoch."""
    if not any(call.index in loader.flowing for loader in facts.playing("data_loader")):
        return False
    folder = facts.path.rpartition("/")[0]
    near = (other for other in project.python if other.path.startswith(f"{folder}/" if folder else ""))
    if any(has(each, "tells_epoch") for other in near for each in other.calls):
        return False
    entries = project.entries_running(facts, call)
    return all(trains_itself(project, entry) for entry in entries)


def trains_itself(project: Project, entry: Facts) -> bool:
    """Say whether a program takes steps of its own, so that no framework knows of epochs, and tells of none."""
    reached = [call for _, call in project.calls_reached(entry)]
    # What spends a privacy budget draws the rows itself, whatever sampler it is given.
    if any(has(call, "tells_epoch") or "privacy" in call.roles for call in reached):
        return False
    steps = [call for call in reached if "gradient" in call.roles or call.optimises]
    return bool(steps) and not any("train" in call.roles and "gradient" not in call.roles for call in reached)


def has(call: Call, trait: str) -> bool:
    """Say whether the catalog gives a trait to a call."""
    return call.entry is not None and trait in call.entry.traits
