"""A loop sets the same seed anew each time and draws the same numbers."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.chance import matters
from xops_lint.diagnostic import Finding, Related
from xops_lint.expression import UNKNOWN
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Confidence, Group, Rule

RULE = Rule(
    code="XOP312",
    name="reseeded-in-loop",
    summary="A loop sets the same seed anew each time and draws the same numbers.",
    harm="What looks like many draws is one draw, many times over.",
    remedy="Seed once before the loop, or derive each seed from the step.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
    group=Group.PREVIEW,
    exploration=True,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report constant seeds in loops where the next draw depends on nothing else and its numbers are used."""
    for file, seed in project.shown.calls("seed"):
        given = seed.argument("seed")
        constant = given is not None and given.value.constant not in (None, UNKNOWN)
        if not constant or not seed.loop or file.context.test or compares_models(file, seed):
            continue
        draw = next((call for call in drawn_after(file, seed) if matters(project, file, call)), None)
        if draw is not None:
            related = (Related(draw.range, "draws the same numbers each time", file.path),)
            yield RULE.at(seed, "seeds anew each time, so the loop repeats its draws", path=file.path, related=related)


def drawn_after(file: Facts, seed: Call) -> Iterator[Call]:
    """Yield the draws after a seed in its loop that take nothing but constants."""
    families = seed.entry.seeds if seed.entry else ()
    for call in after(file, seed):
        alone = all(argument.value.known for argument in call.arguments)
        if "draw" in call.roles and call.entry and call.entry.draws in families and alone and call.unseeded():
            yield call


def compares_models(file: Facts, seed: Call) -> bool:
    """Say whether the loop makes a model each time: models are compared on the same draws."""
    return any(not call.roles.isdisjoint(("estimator", "tune", "cross_validate")) for call in after(file, seed))


def after(file: Facts, seed: Call) -> Iterator[Call]:
    """Yield the calls after a seed in the same loop, as far as one can tell from how deep they stand."""
    for call in file.calls:
        if call.index > seed.index and call.scope == seed.scope:
            if call.loop < seed.loop:
                return
            yield call
