"""A model that depends on chance is made without a seed."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.edits import seeded
from xops_lint.model import Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP303",
    name="unseeded-estimator",
    summary="A model that depends on chance is made without a seed.",
    harm="The same data and parameters give another model on every run.",
    remedy="Pass a seed, from your parameters if you keep any: `random_state=SEED`.",
    ops=("mlops",),
    exploration=True,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report estimators and steps that no seed of any kind pins; searches and explainers are other rules'."""
    for file, call in project.shown.left_to_chance("estimator", "transformer"):
        # One that is made and dropped only shows how to write it.
        if "tune" in call.roles or call.discarded or not call.takes("seed"):
            continue
        seed = call.argument("seed")
        spelling = call.spelling("seed")
        fix = seeded(file, call)
        if seed is None:
            message = f"depends on chance and no `{spelling}` pins it"
            yield RULE.at(call, message, path=file.path, fix=fix)
        else:
            yield RULE.at(seed, f"`{spelling}=None` leaves the model to chance", path=file.path, fix=fix)
