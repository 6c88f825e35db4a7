"""A seed differs on every run."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.chance import first_draws, pinned, starts_anew
from xops_lint.diagnostic import Finding, Related
from xops_lint.edits import seeded
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP309",
    name="volatile-seed",
    summary="A seed differs on every run.",
    harm="The run looks seeded and still cannot be repeated.",
    remedy="Take the seed from your parameters, or record the value that was drawn.",
    ops=("mlops",),
    group=Group.PREVIEW,
    exploration=True,
)

RECORDING = ("track", "log_parameters", "start_run", "save_data", "configuration")
"""Roles of calls that keep the value, so that the run can be repeated after all."""

SHOWING = frozenset({"print", "debug", "info", "warning", "log"})
"""Names of functions and methods that write a value where people read."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report seeds that come from a clock, from entropy, or from a draw that nothing seeds."""
    for file in project.shown.python:
        for call in file.calls:
            if starts_anew(call) and not releases(file, call) and matters_somewhere(project, file, call):
                message = "takes no value and seeds from the system's entropy"
                yield RULE.at(call, message, path=file.path, fix=seeded(file, call))
                continue
            seed = call.argument("seed")
            source = None if seed is None or seed.value.known else volatile(project, file, seed.value.sources)
            if seed is not None and source is not None:
                related = (Related(source.range, "this differs on every run", file.path),)
                message = "is a seed that differs on every run"
                yield RULE.at(seed, message, path=file.path, related=related, fix=seeded(file, call))


def matters_somewhere(project: Project, file: Facts, call: Call) -> bool:
    """Say whether a program that may run a seeding call draws something of weight from what it seeds."""
    families = call.entry.seeds if call.entry else ()
    return any(first_draws(project, entry).keys() & families for entry in project.entries_running(file, call))


def releases(file: Facts, call: Call) -> bool:
    """Say whether a call ends a seeded stretch of its function: an earlier one there seeds the same with a value."""
    families = frozenset(call.entry.seeds if call.entry else ())
    earlier = (each for each in file.playing("seed") if each.scope == call.scope and each.index < call.index)
    return any(each.entry and not starts_anew(each) and families & set(each.entry.seeds) for each in earlier)


def volatile(project: Project, file: Facts, sources: frozenset[int]) -> Call | None:
    """Return the unrecorded call among these that gives another value on every run, if any.

    One under a condition is what a program falls back on when it is given no seed.
    """
    for call in file.playing("clock", "draw"):
        known = call.index not in sources or call.conditional
        if not known and not recorded(file, call) and not pinned(project, file, call):
            return call
    return None


def recorded(file: Facts, source: Call) -> bool:
    """Say whether the drawn value is shown, tracked, stored or given back as well."""
    if source.index in file.returned.get(source.scope, ()):
        return True
    return any(
        source.index in call.data and (call.roles & frozenset(RECORDING) or (call.method or call.name) in SHOWING)
        for call in file.calls
    )
