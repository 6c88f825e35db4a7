"""Places where code takes the best of several scores: by its key, its position, or as the first in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xops_lint.call import Call
from xops_lint.expression import Expression
from xops_lint.leakage import by_folds, model_fits, of_training, part_of, scored_model, tested, turns, validates

if TYPE_CHECKING:
    from xops_lint.code import PythonFile

_PLACES: Final = frozenset({"argmax", "argmin", "nanargmax", "nanargmin", "idxmax", "idxmin"})
"""Functions and methods that tell where the largest or smallest value stands."""

_EXTREMES: Final = frozenset({"max", "min"})
_ORDERS: Final = frozenset({"sorted", "sort", "sort_values"})


@dataclass(frozen=True, slots=True)
class Pick:
    """The call that finds the best of some values, those it looks at, and whether it says that they are test scores.

    ``parts`` are those of splits whose rows the values tell of.
    """

    index: int
    flowing: frozenset[int]
    named: bool = False
    parts: frozenset[tuple[int, str]] = frozenset()


def picks(file: PythonFile) -> Iterator[Pick]:
    """Yield the calls that tell which of several values is the best."""
    for call in file.all_calls:
        word = call.method or call.name.rpartition(".")[2]
        if word in _PLACES or (word in _EXTREMES and call.keyword("key") is not None):
            held = call.receiver.parts if call.receiver is not None else frozenset()
            yield Pick(call.index, call.flowing, parts=call.data_parts | held)
        elif word == "index" and call.receiver is not None and len(call.arguments) == 1:
            yield Pick(call.index, call.receiver.sources & call.data)
        elif word in _ORDERS and any(call.index < place and call.flowing <= taken for place, taken in file.firsts):
            yield Pick(call.index, call.flowing, _by_test(call))


def best_of(file: PythonFile) -> Iterator[tuple[Call, int]]:
    """Yield a test score for each pick whose choice is between models that the same test part has scored."""
    evaluated = [score for score in file.calls("evaluate") if score.entry is not None and not _many(score)]
    if not evaluated:
        return
    for pick in picks(file):
        scores = [score for score in evaluated if score.index in pick.flowing]
        if not scores or (not pick.named and _mixed(file, pick)):
            continue
        splits = [(score, split) for score in scores if (split := tested(file, score)) is not None]
        if not splits:
            yield from _handed_in(file, pick, scores)
        if len(splits) < len(scores) and not pick.named:
            continue
        tried = _tried(file, splits)
        if tried is not None:
            yield tried


def _handed_in(file: PythonFile, pick: Pick, scores: list[Call]) -> Iterator[tuple[Call, int]]:
    """Yield a score of functions that take any rows, if the values picked from are of several models on a test part."""
    split = part_of(file, Expression(parts=pick.parts), "test")
    if split is None or by_folds(file, split) or of_training(file, pick.parts, split):
        return
    fits = [file.call(index) for index in sorted(pick.flowing) if index >= 0 and "train" in file.call(index).roles]
    several = len(fits) > 1 or any(_often(file, fit) for fit in fits)
    if several and not validates(file, scores[0].range, pick.flowing, split):
        yield scores[0], split


def thresholds(file: PythonFile) -> Iterator[tuple[Call, int]]:
    """Yield the test scores that choose the threshold by which predictions are then made for the same test part."""
    found: tuple[Pick, ...] | None = None
    for last in file.calls("evaluate"):
        given, target = last.argument("predictions"), last.argument("target")
        split = tested(file, last) if not last.loop else None
        if given is None or target is None or split is None:
            continue
        for score in file.sources(given.value, "evaluate"):
            if score.index in target.value.sources or not _limits(file, score, given.value):
                continue
            if score.index >= last.index or tested(file, score) != split:
                continue
            found = tuple(picks(file)) if found is None else found
            if any(pick.index < last.index and score.index in pick.flowing for pick in found):
                yield score, split
                break


def cut_in_turn(file: PythonFile, score: Call) -> bool:
    """Say whether the predictions that a loop scores are cut by another threshold in each of its turns."""
    given = score.argument("predictions")
    if given is None or not score.loop:
        return False
    predictions = frozenset(call.index for call in file.sources(given.value, "predict"))
    return any(
        comparison.loop
        and not comparison.literal
        and not predictions.isdisjoint(comparison.sources)
        and not any("evaluate" in file.call(index).roles for index in comparison.sources if index >= 0)
        for comparison in file.comparisons
    )


def _limits(file: PythonFile, score: Call, predictions: Expression) -> bool:
    """Say whether predictions are compared with what a score has chosen; it may have chosen their model as well."""
    made = frozenset(call.index for call in file.sources(predictions, "predict"))
    return any(
        score.index in comparison.sources and not made.isdisjoint(comparison.sources) for comparison in file.comparisons
    )


def _tried(file: PythonFile, scores: list[tuple[Call, int]]) -> tuple[Call, int] | None:
    """Return the first of the scores of several models, be they fitted by a loop, a function or code of their own."""
    first: dict[int, int] = {}
    for score, split in scores:
        fits = model_fits(file, scored_model(file, score))
        if not fits:
            continue
        if (_often(file, score) and _often(file, fits[-1])) or first.setdefault(split, fits[-1].index) != fits[
            -1
        ].index:
            return score, split
        if cut_in_turn(file, score):
            return score, split
    return None


def _often(file: PythonFile, call: Call) -> bool:
    """Say whether a call is made several times: in a loop, or by a function that is called more than once."""
    return bool(turns(file, call)) or len(file.callers(call.scope)) > 1


def _mixed(file: PythonFile, pick: Pick) -> bool:
    """Say whether a pick may go by the scores of folds, which lie beside those on the test part."""
    return any(
        index >= 0 and ("cross_validate" in file.call(index).roles or "tune" in file.call(index).roles)
        for index in pick.flowing
    )


def _many(score: Call) -> bool:
    return score.entry is not None and not score.entry.traits.isdisjoint(("many_figures", "curve"))


def _by_test(call: Call) -> bool:
    """Say whether the column by which rows are put in order is called that of test scores."""
    given = call.argument("keys") or call.keyword("by") or call.positional(0)
    return given is not None and isinstance(given.value.constant, str) and "test" in given.value.constant.lower()
