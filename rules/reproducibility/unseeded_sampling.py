"""Rows are sampled or shuffled at random and nothing seeds it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.chance import feeds, matters
from xops_lint.diagnostic import Finding
from xops_lint.edits import seeded
from xops_lint.model import Call, Project
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

HANDFUL = 20
"""As few rows are drawn to be looked at or to try a service."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report unpinned samples whose rows go on to be used."""
    for file, call in project.shown.left_to_chance("sample_data"):
        if is_handful(call) or not (feeds(file, call) or matters(project, file, call)):
            continue
        seed = call.argument("seed")
        spelling = call.spelling("seed")
        fix = seeded(file, call)
        if seed is None:
            message = f"draws rows or their order and no `{spelling}` pins it"
            yield RULE.at(call, message, path=file.path, fix=fix)
        else:
            yield RULE.at(seed, f"`{spelling}=None` leaves the rows to chance", path=file.path, fix=fix)


def is_handful(call: Call) -> bool:
    """Say whether a known, small number of rows is drawn."""
    sizes = call.value("sizes")
    return isinstance(sizes, int) and sizes <= HANDFUL
