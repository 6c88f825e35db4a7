"""What code keeps of a model where a score on a test part is better than the one before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from xops_lint.call import Call
from xops_lint.expression import Expression
from xops_lint.leakage import by_folds, of_training, part_of, tested, turns_around, validates
from xops_lint.matching import regex
from xops_lint.selection import searched_for

if TYPE_CHECKING:
    from xops_lint.code import PythonFile
    from xops_lint.operations import Comparison

_WEIGHTS: Final = frozenset({"state_dict", "get_weights", "save", "save_weights", "save_pretrained", "save_checkpoint"})
"""Methods of a model, of whatever kind, that give or write what it has learned."""


_BEST: Final = regex(r"best|final|chosen|selected|winn")

_ANSWER: Final = regex(r"is_?best", re.IGNORECASE)

_TEST: Final = regex(r"(?<![a-z])test(?!ed|er)")

_STANDING: Final = regex(r"base|prod|champion|current|old|dummy|prev|naive")


def saved_by(file: PythonFile) -> Iterator[tuple[Comparison, int]]:
    """Yield the comparisons of a loop that keep the model which does best on a test part, and what divided the rows."""
    for comparison in file.comparisons:
        if not comparison.parts or comparison.literal or comparison.counts:
            continue
        if not turns_around(file, comparison.scope, comparison.loop) or not _takes_best(file, comparison):
            continue
        split = _test_part(file, comparison)
        if split is None:
            continue
        if split >= 0 and by_folds(file, split):
            chosen = _scored_fold(file, comparison, split)
        else:
            chosen = not validates(file, comparison.range, comparison.sources, split)
        if chosen:
            yield comparison, split


def better_of(file: PythonFile) -> Iterator[tuple[Comparison, int]]:
    """Yield the comparisons of the scores of two models on a test part, the better of which is then taken."""
    for comparison in file.comparisons:
        if len(comparison.sides) != 2 or not _takes_best(file, comparison):
            continue
        split = _test_part(file, comparison)
        if (
            split is None
            or split < 0
            or by_folds(file, split)
            or validates(file, comparison.range, comparison.sources, split)
        ):
            continue
        first, second = comparison.sides
        scored = all(any(_scores(file, index, split) for index in side) for side in comparison.sides)
        if scored and first - second and second - first and not _deployed(file, comparison):
            yield comparison, split


def _test_part(file: PythonFile, comparison: Comparison) -> int | None:
    """Return the split whose test part is compared, or the label of the parameter that is called test data."""
    if any(index >= 0 for index, _ in comparison.parts):
        split = part_of(file, Expression(parts=comparison.parts), "test")
        return None if split is None or of_training(file, comparison.parts, split) else split
    named = {index for index, _ in comparison.parts if _TEST.search(file.labels.get(index, ("", ""))[1])}
    return min(named, default=None) if len(named) == len(comparison.parts) else None


def _scored_fold(file: PythonFile, comparison: Comparison, split: int) -> bool:
    """Say whether the fold that decides what is kept of a model is one of those that score it afterwards."""
    scores = (score for score in file.calls("evaluate") if score.index >= comparison.held[1])
    searched = searched_for(file)
    return any(
        score.index not in searched and any(part_of(file, each.value, "test") == split for each in score.arguments)
        for score in scores
    )


def _takes_best(file: PythonFile, comparison: Comparison) -> bool:
    """Say whether something is taken for the best where a comparison holds."""
    if _keeps(file, comparison):
        return True
    # The largest of some rows is no choice between models.
    judged = file.sources(Expression(sources=comparison.sources), "evaluate", "predict", "train")
    return any(_BEST.search(name.lower()) for name in comparison.given) and next(judged, None) is not None


def _scores(file: PythonFile, index: int, split: int) -> bool:
    call = file.call(index) if index >= 0 else None
    if call is None or "evaluate" not in call.roles:
        return False
    # A function that scores any rows it is given has those of the caller.
    return tested(file, call) == split or all(part < 0 for part, _ in call.data_parts)


def _deployed(file: PythonFile, comparison: Comparison) -> bool:
    """Say whether one of two models stands in service or is a baseline, so that the other has to do better."""
    loaded = next(file.sources(Expression(sources=comparison.sources), "load_model"), None)
    return loaded is not None or _STANDING.search(file.source(comparison.range).lower()) is not None


def _keeps(file: PythonFile, comparison: Comparison) -> bool:
    """Say whether a model is saved or its weights are taken where a comparison holds, or its answer says best."""
    first, last = comparison.held
    asked = first == last and any(_ANSWER.match(name) for name in comparison.given)
    return asked or any(_saves(call) for call in file.every_call[first:last] if call.home is None)


def _saves(call: Call) -> bool:
    word = call.method or call.name.rpartition(".")[2]
    return not call.roles.isdisjoint(("save_model", "log_model")) or word in _WEIGHTS
