"""The test part chooses the model that it then scores."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.kept import better_of, saved_by
from xops_lint.leakage import (
    called_validation,
    divided,
    of_training,
    test_part_in,
)
from xops_lint.model import Call, PythonFile
from xops_lint.picks import best_of, thresholds
from xops_lint.rule import Rule
from xops_lint.selection import (
    compared,
    held_out_for,
    kept_by,
    looked_through,
    never_scored,
    picks_best,
    scored_on,
    scored_within,
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

CHOICES = (
    (compared, "is compared in a loop to keep the model that does best on the test part"),
    (kept_by, "decides which model is kept, and is taken on the test part that scores it"),
    (best_of, "is one of several on the test part, the best of which is picked"),
    (thresholds, "chooses the threshold of the predictions, and is taken on the test part that scores them"),
    (searched_by, "is what a search goes by, and is taken on the test part that scores the model"),
)

COMPARISONS = (
    (saved_by, "keeps the model that does best on the test part"),
    (better_of, "takes the better of two models by their scores on the test part"),
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
    for score in scored_within(file, fit):
        related = (Related(score.range, "scored on some of these rows"),)
        yield RULE.at(fit, "chooses by rows that the test part consists of", related=related)


def stopped(file: PythonFile, fit: Call) -> Iterator[Finding]:
    """Report a fit that ends, or keeps its model, by the test part, if the same part scores it."""
    held_out = held_out_for(file, fit)
    split = test_part_in(held_out)
    if held_out is None or split is None or not picks_best(file, fit):
        return
    splits = scored_on(file, fit)
    if stopped_fold(file, fit, split):
        message = "stops the training, and is the fold that scores the model"
    elif called_validation(file.source(held_out.range)):
        return
    elif split in splits and not splits - {split, None}:
        message = "stops the training, and is the test part that scores the model"
    elif not splits and never_scored(file, fit, held_out):
        message = "picks the best round of the training, and is the test part: no other rows score the model"
    else:
        return
    yield RULE.at(held_out, message, related=(divided(file, split),))


def chosen(file: PythonFile) -> Iterator[Finding]:
    """Report, once each, the scores on the test part by which code or its author keeps the best of several models."""
    reported: set[int] = set()
    for score, split, message in choices(file):
        named = called_validation(file.source(score.range)) or of_training(file, score.data_parts, split)
        if score.index not in reported and not named:
            reported.add(score.index)
            yield RULE.at(score, message, related=(divided(file, split),))
    for compares, message in COMPARISONS:
        for comparison, split in compares(file):
            if reported.isdisjoint(comparison.sources):
                yield RULE.at(comparison, message, related=(divided(file, split),))


def choices(file: PythonFile) -> Iterator[tuple[Call, int, str]]:
    """Yield the scores that choose, the split whose test part they are taken on, and how they do so."""
    for found, message in CHOICES:
        for score, split in found(file):
            yield score, split, message
    for score, split, made in looked_through(file):
        name = made.name.rpartition(".")[2]
        yield score, split, f"shows which setting of `{name}` does best on the test part that scores it in the end"
