"""A program draws from a global generator that nothing seeds."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.chance import first_draws, is_experiment, partial_seedings
from xops_lint.diagnostic import Finding
from xops_lint.edits import seeded_first
from xops_lint.model import Project
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


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report the first unseeded draw of each family in every program, each draw once.

    Where the program seeds several other libraries in one place, that place is at fault.
    """
    reported: set[tuple[str, int]] = set()
    for entry in project.shown.entries_making("draw", "estimator"):
        if entry.context.test or not is_experiment(project, entry):
            continue
        for family, (file, draw) in first_draws(project, entry).items():
            known = (file.path, draw.index) in reported or project.seeds(entry, family)
            if known or next(partial_seedings(project, entry), None) is not None:
                continue
            reported.add((file.path, draw.index))
            when = "" if file is entry else f" when `{entry.path}` runs"
            message = f"draws from the global generator of `{family}`, which nothing seeds{when}"
            # Seeding a module that others import would begin their numbers anew.
            alone = file is entry and file.path not in project.libraries
            fix = seeded_first(file, draw) if alone else None
            yield RULE.at(draw, message, path=file.path, fix=fix)
