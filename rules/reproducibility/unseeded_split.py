"""Data is split at random and nothing seeds the split."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.edits import seeded
from xops_lint.model import Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP302",
    name="unseeded-split",
    summary="Data is split at random and nothing seeds the split.",
    harm="Two runs train and test on different rows, so their scores cannot be compared.",
    remedy="Pass a seed, from your parameters if you keep any: `random_state=SEED`.",
    ops=("mlops",),
    exploration=True,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report splits that neither their own seed nor a global one pins."""
    for file, call in project.shown.left_to_chance("split_data"):
        seed = call.argument("seed")
        spelling = call.spelling("seed")
        fix = seeded(file, call)
        if seed is None:
            message = f"splits at random and no `{spelling}` pins it"
            yield RULE.at(call, message, path=file.path, fix=fix)
        else:
            yield RULE.at(seed, f"`{spelling}=None` leaves the split to chance", path=file.path, fix=fix)
