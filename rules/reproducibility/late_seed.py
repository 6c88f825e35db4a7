"""A generator is seeded after it has been drawn from."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP310",
    name="late-seed",
    summary="A generator is seeded after it has been drawn from.",
    harm="What was drawn before the seed differs on every run.",
    remedy="Seed at the start of the program, before anything draws.",
    ops=("mlops",),
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report the first draw of a family that a later seed in the same scope comes too late for."""
    for draw in file.calls():
        family = draw.entry.draws if draw.entry else None
        if family is None or draw.loop or not draw.unseeded():
            continue
        seeds = [call for call in file.calls("seed") if call.entry and family in call.entry.seeds]
        if not seeds or seeds[0].index < draw.index or seeds[0].scope != draw.scope or seeds[0].loop:
            continue
        # A draw that makes the seed itself is volatile-seed's business.
        if draw.index in seeds[0].data:
            continue
        related = (Related(seeds[0].range, "seeded only here"),)
        yield RULE.at(draw, f"draws from the generator of `{family}` before it is seeded", related=related)
