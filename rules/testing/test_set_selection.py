"""The test part chooses the model that it then scores."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.leakage import is_part, model_fits, same_rows, scored_model, split_at, test_part_in, tested, turns
from xops_lint.model import Argument, Call, PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP408",
    name="test-set-selection",
    summary="The test part chooses the model that it then scores.",
    harm="The best of many scores on the same rows is luck as much as merit, and says little of new data.",
    remedy="Choose on a validation part or by cross-validation, and score the test part once, at the end.",
    ops=("mlops",),
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report searches over the test rows, and training that stops at its best score on them."""
    for fit in file.calls("train"):
        if "tune" in fit.roles:
            yield from searched(file, fit)
        else:
            yield from stopped(file, fit)
    yield from compared(file)


def searched(file: PythonFile, fit: Call) -> Iterator[Finding]:
    """Report a search over all rows if what it chose is scored on some of them."""
    if not fit.rows.sources or is_part(file, fit.rows):
        return
    for score in file.calls("evaluate"):
        split = tested(file, score)
        searches = model_fits(file, scored_model(file, score), "tune")
        if split is None or not searches or searches[-1].index != fit.index or split > score.index:
            continue
        if any(same_rows(file, fit.rows, each) for each in split_at(file, split).inputs):
            related = (Related(score.range, "scored on some of these rows"),)
            yield RULE.at(fit, "chooses by rows that the test part consists of", related=related)
            return


def stopped(file: PythonFile, fit: Call) -> Iterator[Finding]:
    """Report a fit that ends, or keeps its model, by the test part, if the same part scores it."""
    held_out = fit.argument("evaluation_data")
    split = test_part_in(held_out)
    if held_out is None or split is None or named_validation(file, held_out) or not picks_best(file, fit):
        return
    scores = [
        score
        for score in file.calls("evaluate")
        if score.index > fit.index and fit in model_fits(file, scored_model(file, score))
    ]
    splits = {tested(file, score) for score in scores}
    if split in splits and not splits - {split, None}:
        related = (Related(split_at(file, split).range, "split here"),)
        yield RULE.at(held_out, "stops the training, and is the test part that scores the model", related=related)


def compared(file: PythonFile) -> Iterator[Finding]:
    """Report scores on the test part that a loop compares, turn by turn, to keep the best of its fits."""
    reported: set[int] = set()
    for comparison in file.comparisons:
        if not comparison.loop or comparison.literal or comparison.counts:
            continue
        for score in file.calls("evaluate"):
            split = tested(file, score) if score.index in comparison.sources and turns(file, score) else None
            fits = model_fits(file, scored_model(file, score)) if split is not None else ()
            if (
                split is None
                or score.index in reported
                or named_validation(file, score)
                or not (fits and turns(file, fits[-1]))
            ):
                continue
            reported.add(score.index)
            related = (Related(split_at(file, split).range, "split here"),)
            yield RULE.at(
                score, "is compared in a loop to keep the model that does best on the test part", related=related
            )


def named_validation(file: PythonFile, where: Call | Argument) -> bool:
    """Say whether the code calls rows validation data, whatever the split calls them."""
    return any(word in file.source(where.range).lower() for word in ("val", "dev"))


def picks_best(file: PythonFile, fit: Call) -> bool:
    """Say whether a fit surely stops, or keeps its model, at the best score on held-out data."""
    makers = file.sources(fit.receiver, "estimator") if fit.receiver else ()
    for step in (fit, *makers):
        patience = step.argument("patience")
        if patience is not None and patience.value.constant not in (None, 0, False):
            return True
    return any(
        index >= 0 and (entry := file.call(index).entry) is not None and "picks_best" in entry.traits
        for index in fit.data
    )
