"""Scores on a test part by which a model is chosen that the same part then scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from xops_lint.call import Argument, Call
from xops_lint.expression import Expression
from xops_lint.leakage import by_folds, is_part, model_fits, part_of, same_rows, scored_model, split_at, tested, turns
from xops_lint.picks import cut_in_turn

if TYPE_CHECKING:
    from xops_lint.code import PythonFile


def compared(file: PythonFile) -> Iterator[tuple[Call, int]]:
    """Yield scores on the test part that a loop compares, turn by turn, to keep the best of its fits."""
    for comparison in file.comparisons:
        if not comparison.loop or comparison.literal or comparison.counts:
            continue
        for score in file.calls("evaluate"):
            split = tested(file, score) if score.index in comparison.sources and turns(file, score) else None
            if split is None or (score.entry is not None and "many_figures" in score.entry.traits):
                continue
            fits = model_fits(file, scored_model(file, score))
            if fits and (turns(file, fits[-1]) or cut_in_turn(file, score)):
                yield score, split


def searched_by(file: PythonFile) -> Iterator[tuple[Call, int]]:
    """Yield the test scores that the function of a search gives back, if the same part scores once more."""
    for search in file.calls("tune"):
        function = search.argument("function")
        for score in _scores(file, function.value.sources) if function is not None else ():
            split = tested(file, score)
            if split is not None and _scored_again(file, score, split):
                yield score, split
                break


def kept_by(file: PythonFile) -> Iterator[tuple[Call, int]]:
    """Yield the test scores, one a turn of a loop, of which the best says which model is scored on that part again."""
    for last in file.calls("evaluate"):
        model, split = scored_model(file, last), tested(file, last)
        if model is None or split is None:
            continue
        for score in _scores(file, model.sources):
            if score.index < last.index and turns(file, score) and tested(file, score) == split:
                yield score, split


def looked_through(file: PythonFile) -> Iterator[tuple[Call, int, Call]]:
    """Yield the test scores of a loop over a setting, and the model that then gets one of its values by hand."""
    makers = [call for call in file.calls("estimator") if call.entry is not None]
    # The share of wrong predictions is a score as well.
    for score in file.calls("evaluate", "statistic"):
        if not score.loop:
            continue
        split = tested(file, score)
        if split is None:
            continue
        for tried in _tried(makers, model_fits(file, scored_model(file, score))):
            chosen = _chosen(file, makers, tried, split)
            if chosen is not None:
                yield score, split, chosen
                break


def stopped_fold(file: PythonFile, fit: Call, split: int) -> bool:
    """Say whether the fold that stops a fit is the one that scores it, or one of all that do together."""
    if not by_folds(file, split):
        return False
    searched = searched_for(file)
    for score in file.calls("evaluate"):
        given = (argument.value for argument in score.arguments)
        # What a search goes by compares settings, and is no measure of the model in the end.
        if (
            score.index > fit.index
            and score.index not in searched
            and any(fit.index in _behind(file, value) and part_of(file, value, "test") == split for value in given)
        ):
            return True
    return False


def searched_for(file: PythonFile) -> frozenset[int]:
    """Return what the functions give back that searches are given: it compares settings."""
    handed = [search.argument("function") for search in file.calls("tune")]
    return frozenset[int]().union(*(given.value.sources for given in handed if given is not None))


def picks_best(file: PythonFile, fit: Call) -> bool:
    """Say whether a fit surely stops, or keeps its model, at the best score on held-out data."""
    makers = tuple(file.sources(fit.receiver, "estimator")) if fit.receiver else ()
    holders = tuple(_holders(file, fit))
    for step in (fit, *makers):
        patience = step.argument("patience")
        if patience is not None and patience.value.constant not in (None, 0, False):
            return True
    given = fit.data.union(*(holder.data for holder in holders))
    return any(_picks(file, file.call(index), fit) for index in given if index >= 0)


def held_out_for(file: PythonFile, fit: Call) -> Argument | None:
    """Return the held-out data that a fit is given, or that its object was when it was made."""
    return next((held for call in (fit, *_holders(file, fit)) if (held := call.argument("evaluation_data"))), None)


def _holders(file: PythonFile, fit: Call) -> Iterator[Call]:
    for call in file.behind(fit.receiver) if fit.receiver is not None else ():
        if call.entry is not None and "holds_data" in call.entry.traits:
            yield call


def _picks(file: PythonFile, callback: Call, fit: Call) -> bool:
    """Say whether what a fit is given makes it end with the best model, or keep that one, which is read again later."""
    if callback.entry is None or "picks_best" in callback.entry.traits:
        return callback.entry is not None
    if callback.value("best_only") is not True:
        return False
    return "save_model" not in callback.roles or any(
        call.index > fit.index for call in file.calls_anywhere("load_model")
    )


def scored_within(file: PythonFile, search: Call) -> Iterator[Call]:
    """Yield the first score of what a search over all rows chose that is taken on some of these."""
    if not search.rows.sources or is_part(file, search.rows):
        return
    for score in file.calls("evaluate"):
        split = tested(file, score)
        searches = model_fits(file, scored_model(file, score), "tune")
        if split is None or not searches or searches[-1].index != search.index or split > score.index:
            continue
        if any(same_rows(file, search.rows, each) for each in split_at(file, split).inputs):
            yield score
            return


def scored_on(file: PythonFile, fit: Call) -> frozenset[int | None]:
    """Return the splits whose test parts score a model after a fit; None stands among them for other rows."""
    scores = (score for score in file.calls("evaluate") if score.index > fit.index)
    return frozenset(tested(file, score) for score in scores if fit in model_fits(file, scored_model(file, score)))


def never_scored(file: PythonFile, fit: Call, held_out: Argument) -> bool:
    """Say whether rows that are called test data judge a model in training, and nothing else does afterwards."""
    if "test" not in file.source(held_out.range).lower():
        return False
    # What the object that trains is given to score with says nothing of other rows.
    given = {argument.value.name for holder in _holders(file, fit) for argument in holder.arguments}
    own = {name.removeprefix(f"{file.module}.") for name in given}
    later = file.calls_anywhere("evaluate", "predict", "cross_validate", "split_data")
    return not any(call.index > fit.index and call.scope not in own for call in later)


def _behind(file: PythonFile, value: Expression) -> frozenset[int]:
    """Return the fits of the models whose predictions a value holds."""
    predictions = [each for each in file.sources(value, "predict") if each.receiver is not None]
    return frozenset(fit.index for each in predictions for fit in model_fits(file, each.receiver))


def _scores(file: PythonFile, indices: frozenset[int]) -> Iterator[Call]:
    return (call for index in sorted(indices) if index >= 0 and "evaluate" in (call := file.call(index)).roles)


def _tried(makers: Sequence[Call], fits: Sequence[Call]) -> Iterator[tuple[Call, str | int]]:
    """Yield what makes the models that a loop tries, with each setting whose value may be another in every turn."""
    for maker in makers:
        if maker.loop and any(fit.receiver is not None and maker.index in fit.receiver.sources for fit in fits):
            for argument in maker.arguments:
                setting = argument.name or argument.position
                if not argument.value.known and not argument.value.name and setting is not None:
                    yield maker, setting


def _chosen(file: PythonFile, makers: Sequence[Call], tried: tuple[Call, str | int], split: int) -> Call | None:
    """Return the model of the same kind, made after the loop with a value of the setting, that the split scores."""
    maker, setting = tried
    alike = [each for each in makers if each.index > maker.index and each.name == maker.name]
    # A later loop over the same kind of model has shown more, perhaps on other rows.
    last = next((each.index for each in alike if each.loop and _varies(each)), alike[-1].index + 1 if alike else 0)
    for later in alike:
        if later.loop or later.index > last or _differ(maker, later):
            continue
        given = later.keyword(setting) if isinstance(setting, str) else later.positional(setting)
        given = given or (later.positional(0) if isinstance(setting, str) else next(iter(later.arguments), None))
        if (
            given is None
            or isinstance(given.value.constant, bool)
            or not isinstance(given.value.constant, (int, float))
        ):
            continue
        for score in file.calls("evaluate"):
            model = scored_model(file, score) if score.index > later.index else None
            if model is not None and later.index in model.sources and tested(file, score) == split:
                return later
    return None


def _varies(maker: Call) -> bool:
    return any(not argument.value.known and not argument.value.name for argument in maker.arguments)


def _differ(first: Call, second: Call) -> bool:
    """Say whether the first of two models of one kind has a setting of known value that the second has not."""
    for argument in first.arguments:
        if argument.name and argument.value.known:
            other = second.keyword(argument.name)
            if other is None or other.value.constant != argument.value.constant:
                return True
    return False


def _scored_again(file: PythonFile, score: Call, split: int) -> bool:
    """Say whether a score outside of the function is taken on the same test part, or on other rows of the same data."""
    rows = [each for each in split_at(file, split).inputs if not is_part(file, each)]
    for other in file.calls("evaluate"):
        again = tested(file, other) if other.scope != score.scope else None
        if again is not None and (
            again == split
            or any(same_rows(file, one, another) for one in rows for another in split_at(file, again).inputs)
        ):
            return True
    return False
