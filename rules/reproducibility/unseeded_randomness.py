"""A program draws from a global generator that nothing seeds."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.chance import feeds, is_experiment, matters
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


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report the first unseeded draw of each family in every program, each draw once."""
    reported: set[tuple[str, int]] = set()
    for entry in project.entries:
        if entry.context.test or not is_experiment(project, entry):
            continue
        for family, (file, draw) in first_draws(project, entry).items():
            if (file.path, draw.index) in reported or project.seeds(entry, family):
                continue
            reported.add((file.path, draw.index))
            when = "" if file is entry else f" when `{entry.path}` runs"
            yield RULE.at(
                draw, f"draws from the global generator of `{family}`, which nothing seeds{when}", path=file.path
            )


def first_draws(project: Project, entry: Facts) -> dict[str, tuple[Facts, Call]]:
    """Return the first draw of each family that an entry may run, its own file's first.

    What a class draws to feed a model matters only where a model is trained.
    """
    trains = next(project.calls_reached(entry, "train"), None) is not None
    found: dict[str, tuple[Facts, Call]] = {}
    for file, call in sorted(project.calls_reached(entry, "draw", "estimator"), key=lambda pair: pair[0] is not entry):
        family = call.entry.draws if call.entry else None
        if family is None or family in found or file.context.test:
            continue
        if first_weights(call) or feeds(file, call):
            counts = trains and ("draw" not in call.roles or call.unseeded())
        else:
            counts = "draw" in call.roles and call.unseeded() and matters(project, file, call)
        if counts:
            found[family] = (file, call)
    return found


def first_weights(call: Call) -> bool:
    """Say whether making a model draws its weights; they matter only where it is trained.

    Elsewhere saved weights replace them.
    """
    return "estimator" in call.roles and not call.takes("seed")
