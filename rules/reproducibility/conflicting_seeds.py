"""One program seeds the same library with different numbers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP314",
    name="conflicting-seeds",
    summary="One program seeds the same library with different numbers.",
    harm="The last seed wins: changing the one that everybody knows of no longer changes what is drawn.",
    remedy="Seed once, where the program starts, and give other code a generator of its own.",
    ops=("mlops",),
    group=Group.PREVIEW,
)


class Seed(NamedTuple):
    """A call that seeds a library's global generator with a number."""

    file: Facts
    call: Call
    number: int


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report each place that seeds a library anew with another number than the program around it."""
    reported: set[tuple[str, int]] = set()
    for entry in project.shown.entries_making("seed"):
        if entry.context.test or entry.notebook:
            continue
        found = sorted(seeds(project, entry), key=lambda seed: seed.file is not entry)
        for one, other in combinations(found, 2):
            place = (other.file.path, other.call.index)
            families = sorted(set(covered(one)) & set(covered(other)))
            # Two functions of a library that a program uses may each seed for themselves: the program says nothing.
            if (
                one.file is entry
                and families
                and one.number != other.number
                and place not in reported
                and meet(one, other)
            ):
                reported.add(place)
                yield finding(one, other, families)


def seeds(project: Project, entry: Facts) -> Iterator[Seed]:
    """Yield what a program surely seeds with a number, each library once in a scope."""
    for file, call in project.calls_reached(entry, "seed"):
        number = call.value("seed")
        chosen = call.conditional or call.loop
        # What stands in another program's own lines is under its main guard, and does not run here.
        elsewhere = file is not entry and file.main and not call.scope
        if type(number) is int and not (chosen or elsewhere or file.context.test):
            yield Seed(file, call, number)


def covered(seed: Seed) -> tuple[str, ...]:
    """Return the libraries whose generators a call seeds."""
    return seed.call.entry.seeds if seed.call.entry is not None else ()


def meet(one: Seed, other: Seed) -> bool:
    """Say whether both are of one run, and not one after the other in the very same lines, which is on purpose."""
    if one.file is not other.file:
        return True
    return one.call.scope != other.call.scope and not (one.call.scope and other.call.scope)


def finding(one: Seed, other: Seed, families: list[str]) -> Finding:
    """Return the finding at the place that is further from the start of the program."""
    names = " and ".join(f"`{family}`" for family in families)
    message = f"seeds {names} with {other.number}, and `{one.file.path}` with {one.number} in the same run"
    related = (Related(one.call.range, f"seeds with {one.number} here", one.file.path),)
    return RULE.at(other.call, message, path=other.file.path, related=related)
