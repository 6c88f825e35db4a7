"""A generator is seeded after it has been drawn from."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.chance import draws_weights, matters, sounds_like_seeding
from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP310",
    name="late-seed",
    summary="A generator is seeded after it has been drawn from.",
    harm="What was drawn before the seed differs on every run.",
    remedy="Seed at the start of the program, before anything draws.",
    ops=("mlops",),
    group=Group.PREVIEW,
    exploration=True,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report the first draw of each family and scope that the first seed there comes too late for."""
    for file in project.shown.python:
        reported: set[tuple[str, str]] = set()
        for draw in file.playing("draw", "split_data", "sample_data", "estimator"):
            family = draw.entry.draws if draw.entry else None
            if family is None or draw.loop or (draw.scope, family) in reported or not draws_at_once(file, draw):
                continue
            beside = (call for call in file.calls if call.scope == draw.scope)
            seed = next((call for call in beside if covers(project, file, call, family)), None)
            if seed is None or seed.index < draw.index or seed.loop:
                continue
            if seeded_elsewhere(project, file, draw, family):
                continue
            if "draw" not in draw.roles or matters(project, file, draw):
                reported.add((draw.scope, family))
                related = (Related(seed.range, "seeded only here", file.path),)
                message = f"draws from the generator of `{family}` before it is seeded"
                yield RULE.at(draw, message, path=file.path, related=related)


def draws_at_once(file: Facts, call: Call) -> bool:
    """Say whether a call draws when it is made: functions and most layers do, steps draw when they are used."""
    if call.entry is not None and "at_use" in call.entry.traits:
        return False
    if "estimator" in call.roles:
        return draws_weights(call) and next(file.playing("train"), None) is not None
    return call.unseeded() and call.name.rpartition(".")[2].islower()


def covers(project: Project, file: Facts, call: Call, family: str) -> bool:
    """Say whether a call seeds a family, itself or as a helper of this project."""
    if call.entry is not None:
        return family in call.entry.seeds
    found = helper(project, file, call)
    return found is not None and any(
        each.scope == found[1] and each.entry and family in each.entry.seeds for each in found[0].playing("seed")
    )


def helper(project: Project, file: Facts, call: Call) -> tuple[Facts, str] | None:
    """Return the file and the name of the project's function that is called, if it is one."""
    found = project.resolve(call.name, file) if call.name else None
    return found if found is not None and found[1] else None


def seeded_elsewhere(project: Project, file: Facts, draw: Call, family: str) -> bool:
    """Say whether a program seeds in yet another function, which may run before, or by one that nobody knows."""
    own = {(file.path, draw.scope)}
    for call in file.calls:
        found = helper(project, file, call) if call.scope == draw.scope and call.entry is None else None
        if found is not None and covers(project, file, call, family):
            own.add((found[0].path, found[1]))
    return any(
        (call.entry is not None and family in call.entry.seeds and (other.path, call.scope) not in own)
        or (sounds_like_seeding(call) and helper(project, other, call) is None)
        for entry in project.entries_running(file, draw)
        for other, call in project.calls_reached(entry)
    )
