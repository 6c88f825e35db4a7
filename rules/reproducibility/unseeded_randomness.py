"""A program draws from a global generator that nothing seeds."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP301",
    name="unseeded-randomness",
    summary="A program draws from a global generator that nothing seeds.",
    harm="Every run gives other numbers, so neither a result nor a bug can be had again.",
    remedy="Seed the generator once, at the start of the program, from your parameters.",
    ops=("mlops",),
    exploration=True,
)

EXPERIMENT = ("train", "estimator", "split_data", "load_data", "evaluate")
"""Roles of which a program must play one: chance elsewhere is nobody's experiment."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report the first unseeded draw of each family in every entry, each draw once."""
    reported: set[tuple[str, int]] = set()
    for entry in project.entries:
        if entry.context.test or next(project.calls_reached(entry, *EXPERIMENT), None) is None:
            continue
        for family, (file, draw) in first_draws(project, entry).items():
            if (file.path, draw.index) in reported or project.seeds(entry, family):
                continue
            reported.add((file.path, draw.index))
            message = f"draws from the global generator of `{family}`, which nothing seeds"
            yield RULE.at(draw, message, path=file.path)


def first_draws(project: Project, entry: Facts) -> dict[str, tuple[Facts, Call]]:
    """Return the first draw of each family that an entry may run, its own file's first.

    Making a model draws its first weights; that counts only where it is trained,
    since elsewhere saved weights replace them.
    """
    trains = next(project.calls_reached(entry, "train"), None) is not None
    roles = ("draw", "estimator", "data_loader") if trains else ("draw",)
    found: dict[str, tuple[Facts, Call]] = {}
    for file, call in sorted(project.calls_reached(entry, *roles), key=lambda pair: pair[0] is not entry):
        if call.entry and call.entry.draws and not call.takes("seed") and not file.context.test:
            found.setdefault(call.entry.draws, (file, call))
    return found
