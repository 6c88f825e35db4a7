"""Something is fitted on the test part of a split."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.held_out import fitted_on_all, learned_apart
from xops_lint.leakage import (
    by_folds,
    fitted_before,
    kinds,
    learns_nothing,
    lessons,
    part_of,
    parts_handed,
    reads_part,
    split_at,
    steps,
    switched_off,
    told_there,
    transductive,
)
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP407",
    name="fit-on-test-data",
    summary="Something is fitted on the test part of a split.",
    harm="What is measured on that part afterwards is no measure of unseen data.",
    remedy="Fit on the training part and only transform, predict or score the test part.",
    ops=("mlops",),
    severity=Severity.ERROR,
    exploration=True,
)

USES = ("predict", "evaluate")
KEEPS = ("train", "save_data")
"""What makes rows matter that a step was fitted on; the latter only if it was fitted on the training part before."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report fits and figures whose data comes from test parts and from no training part."""
    for fit in file.calls_anywhere("train", "preprocess", "resample", "statistic"):
        if transductive(file, fit) or learns_nothing(file, fit) or switched_off(file, fit):
            continue
        for split in held_out_by(file, fit):
            place = split_at(file, split).range
            if matters(file, fit, split) and not told_there(fit, place):
                related = (*steps((fit, "learned here")), Related(place, "split here"))
                yield RULE.at(fit, f"{verb(fit)} the test part of the split", related=related)
                break
    yield from in_files_of_their_own(file)
    for fit, split, score in {fit.index: (fit, split, score) for fit, split, score in fitted_on_all(file)}.values():
        related = (Related(split_at(file, split).range, "split here"), Related(score.range, "scored here"))
        yield RULE.at(fit, "is fitted on all rows, those of the test part that scores it among them", related=related)


def in_files_of_their_own(file: PythonFile) -> Iterator[Finding]:
    """Report what test rows are scaled or filled by if they stand in a file of their own and it is their own figures.

    What tells of the rows of a group, such as those of one customer, may well come from the rows at hand.
    """
    for fit, read in learned_apart(file):
        grouped = fit.entry is None or not fit.entry.traits.isdisjoint(("applies", "rows_of_its_own"))
        if "statistics" in kinds(file, fit) and not grouped and not transductive(file, fit):
            related = (*steps((fit, "learned here")), Related(read.range, "read here"))
            yield RULE.at(fit, f"{verb(fit)} test rows, which a model is only used on", related=related)


def verb(fit: Call) -> str:
    """Say what a call, or the function of another module that makes it, does with rows."""
    if fit.home is not None:
        return f"calls `{fit.method or fit.name}` on"
    return "is computed over" if "statistic" in fit.roles else "is fitted on"


def held_out_by(file: PythonFile, fit: Call) -> Iterator[int]:
    """Yield the splits whose test part a call works on, also as what callers hand to its function."""
    # Not every caller need take every branch.
    for value in (fit.rows, *(parts_handed(file, fit.rows) if not fit.conditional else ())):
        split = part_of(file, value, "test")
        if split is not None and reads_part(file, split):
            continue
        if split is not None and by_folds(file, split) and not within(fit, file.call(split)):
            continue
        if split is not None and next(file.sources(value, "predict", "explain"), None) is None:
            yield split


def within(fit: Call, split: Call) -> bool:
    """Say whether a fit is made anew in every fold; what has gathered through all of them is no test part."""
    return fit.scope == split.scope and fit.loop > split.loop


def matters(file: PythonFile, fit: Call, split: int) -> bool:
    """Say whether what was fitted on the test part is used on it, so that the parts are not just swapped."""
    if "train" in fit.roles and "preprocess" not in fit.roles:
        uses = (call for call in file.calls_anywhere("predict", "evaluate") if call.receiver is not None)
        return any(use.receiver and fit.index in use.receiver.sources and on_part(use, split) for use in uses)
    again = "statistic" not in fit.roles and fitted_before(file, fit, split)
    if again and any(fit.index in made for made in file.returned.values()):
        return True
    roles = (*USES, *(KEEPS if again else ()))
    uses = (call for call in file.calls_anywhere(*roles) if on_part(call, split))
    return any(
        fit.index in lessons(file, value)
        for use in uses
        for value in (use.rows, *(given.value for given in (*use.arguments[:1], use.argument("predictions")) if given))
    )


def on_part(call: Call, split: int) -> bool:
    """Say whether a call works on the test part of a split."""
    values = [argument.value for argument in call.arguments] + ([call.receiver] if call.receiver else [])
    return any((split, "test") in value.parts for value in values)
