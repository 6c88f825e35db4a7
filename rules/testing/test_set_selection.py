"""The test part chooses the model that it then scores."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.kept import better_of, saved_by
from xops_lint.leakage import (
    called_validation,
    is_part,
    model_fits,
    of_training,
    reads_part,
    same_rows,
    scored_model,
    split_at,
    test_part_in,
    tested,
)
from xops_lint.model import Argument, Call, PythonFile
from xops_lint.picks import best_of, thresholds
from xops_lint.rule import Rule
from xops_lint.selection import (
    compared,
    held_out_for,
    kept_by,
    looked_through,
    never_scored,
    picks_best,
    searched_by,
    stopped_fold,
)

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
    yield from chosen(file)


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
    held_out = held_out_for(file, fit)
    split = test_part_in(held_out)
    if held_out is None or split is None or not picks_best(file, fit):
        return
    if stopped_fold(file, fit, split):
        related = (divided(file, split),)
        yield RULE.at(held_out, "stops the training, and is the fold that scores the model", related=related)
        return
    if named_validation(file, held_out):
        return
    scores = [
        score
        for score in file.calls("evaluate")
        if score.index > fit.index and fit in model_fits(file, scored_model(file, score))
    ]
    splits = {tested(file, score) for score in scores}
    if split in splits and not splits - {split, None}:
        related = (divided(file, split),)
        yield RULE.at(held_out, "stops the training, and is the test part that scores the model", related=related)
    elif not scores and never_scored(file, fit, held_out):
        message = "picks the best round of the training, and is the test part: no other rows score the model"
        yield RULE.at(held_out, message, related=(divided(file, split),))


def chosen(file: PythonFile) -> Iterator[Finding]:
    """Report, once each, the scores on the test part by which code or its author keeps the best of several models."""
    reported: set[int] = set()
    for score, split, message in choices(file):
        named = named_validation(file, score) or of_training(score.data_parts, split)
        if score.index not in reported and not named:
            reported.add(score.index)
            yield RULE.at(score, message, related=(divided(file, split),))
    for message, comparisons in (
        ("keeps the model that does best on the test part", saved_by(file)),
        ("takes the better of two models by their scores on the test part", better_of(file)),
    ):
        for comparison, split in comparisons:
            if reported.isdisjoint(comparison.sources):
                yield RULE.at(comparison, message, related=(divided(file, split),))


def choices(file: PythonFile) -> Iterator[tuple[Call, int, str]]:
    """Yield the scores that choose, the split whose test part they are taken on, and how they do so."""
    for score, split in compared(file):
        yield score, split, "is compared in a loop to keep the model that does best on the test part"
    for score, split in kept_by(file):
        yield score, split, "decides which model is kept, and is taken on the test part that scores it"
    for score, split in best_of(file):
        yield score, split, "is one of several on the test part, the best of which is picked"
    for score, split in thresholds(file):
        yield score, split, "chooses the threshold of the predictions, and is taken on the test part that scores them"
    for score, split in searched_by(file):
        yield score, split, "is what a search goes by, and is taken on the test part that scores the model"
    for score, split, made in looked_through(file):
        name = made.name.rpartition(".")[2]
        yield score, split, f"shows which setting of `{name}` does best on the test part that scores it in the end"


def divided(file: PythonFile, split: int) -> Related:
    """Return where rows were divided, or where those are read that stand in a place of their own."""
    if split < 0:
        function = next(each for each in file.definitions if each.name == file.labels[split][0])
        return Related(function.range, "handed over here")
    return Related(split_at(file, split).range, "read here" if reads_part(file, split) else "split here")


def named_validation(file: PythonFile, where: Call | Argument) -> bool:
    """Say whether the code calls rows validation data, whatever the split calls them."""
    return called_validation(file.source(where.range))
