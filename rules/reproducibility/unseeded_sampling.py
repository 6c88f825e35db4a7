"""Rows are sampled or shuffled at random and nothing seeds it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP305",
    name="unseeded-sampling",
    summary="Rows are sampled or shuffled at random and nothing seeds it.",
    harm="Every run works on other rows or in another order, so results cannot be compared.",
    remedy="Pass a seed, from your parameters if you keep any.",
    ops=("dataops",),
    exploration=True,
)

USES = (
    "train",
    "preprocess",
    "split_data",
    "save_data",
    "data_loader",
    "evaluate",
    "predict",
    "cross_validate",
    "tune",
)
"""Roles of calls that make a sample matter; one that is only looked at does no harm."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report unpinned samples whose rows go on to be used."""
    for file, call in project.left_to_chance("sample_data"):
        if not used(file, call):
            continue
        seed = call.argument("seed")
        spelling = call.spelling("seed")
        if seed is None:
            yield RULE.at(call, f"picks rows at random and no `{spelling}` pins it", path=file.path)
        else:
            yield RULE.at(seed, f"`{spelling}=None` leaves the rows to chance", path=file.path)


def used(file: Facts, sample: Call) -> bool:
    """Say whether the sample flows into a call that uses data, in this file."""
    return any(
        sample.index in use.data or (use.receiver is not None and sample.index in use.receiver.sources)
        for use in file.playing(*USES)
    )
