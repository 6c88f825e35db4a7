"""What rows have learned of one another, and across which split they should not have."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xops_lint.call import Argument, Call
from xops_lint.cut import FIRST_CUT
from xops_lint.diagnostic import Related
from xops_lint.expression import Expression
from xops_lint.matching import regex
from xops_lint.text import line_start

if TYPE_CHECKING:
    from xops_lint.code import PythonFile
    from xops_lint.text import Range

_FARTHEST: Final = 3
"""Rows handed on through more functions than this are given up."""

_VALIDATION: Final = regex(r"(?<![er])val(?!ue)|dev(?!ice)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Split:
    """A place that divides rows: a splitting call, a search that does so within, or a cut."""

    index: int
    inputs: tuple[Expression, ...]
    range: Range

    def follows(self, call: Call) -> bool:
        """Say whether the rows are divided after a call has run."""
        return self.range.start > call.range.start if self.index >= FIRST_CUT else self.index > call.index


def splits(file: PythonFile) -> Iterator[Split]:
    """Yield everything that divides rows into some to learn from and others to judge by."""
    for call in file.calls_anywhere("split_data", "cross_validate"):
        yield _by_call(call)
    for call in file.calls_anywhere("tune"):
        data = call.argument("data")
        if data is not None and "train" in call.roles:
            yield Split(call.index, (data.value,), call.range)
    for index in file.cuts:
        yield split_at(file, index)


def split_at(file: PythonFile, index: int) -> Split:
    """Return the split that a part of ``Expression.parts`` comes from."""
    if index >= FIRST_CUT:
        cut = file.cuts[index]
        return Split(index, (cut.rows,), cut.range)
    return _by_call(file.call(index))


def divided(file: PythonFile, split: int) -> Related:
    """Say where rows were divided, are read that stand in a place of their own, or come in as a parameter."""
    if split < 0:
        function = next(each for each in file.definitions if each.name == file.labels[split][0])
        return Related(function.range, "handed over here")
    return Related(split_at(file, split).range, "read here" if reads_part(file, split) else "split here")


def is_part(file: PythonFile, value: Expression) -> bool:
    """Say whether rows were cut from others before: some, but not all, of the parts of a split."""
    taken: dict[int, set[str]] = defaultdict(set)
    for index, part in value.parts:
        taken[index].add(part)
    return any(not sides <= taken[index] for index in taken if (sides := _sides(file, index)))


def part_of(file: PythonFile, value: Expression, name: str) -> int | None:
    """Return the last split that rows went through if they are the part of this name of it, and no other."""
    taken = [(index, part) for index, part in value.parts if index in file.cuts or 0 <= index < FIRST_CUT]
    last = max((index for index, _ in taken), default=None)
    if last is None or any(part != name for index, part in taken if index == last):
        return None
    # Beside what was read from another place, rows of one file are no longer a part of their own.
    mixed = reads_part(file, last) and any(part != name and reads_part(file, index) for index, part in taken)
    return None if mixed else last


def of_training(file: PythonFile, parts: frozenset[tuple[int, str]], split: int) -> bool:
    """Say whether a split divides what was the training part before: its test part is there to choose by."""
    return any(part == "train" and index != split and _leaves_test(file, index) for index, part in parts)


def _leaves_test(file: PythonFile, index: int) -> bool:
    """Say whether what gives a training part has a test part with targets; beside a file called so, they may lack."""
    entry = file.call(index).entry if reads_part(file, index) else None
    return not reads_part(file, index) or (entry is not None and (bool(entry.parts) or "part" in entry.parameters))


def reads_part(file: PythonFile, index: int) -> bool:
    """Say whether a part stands in a place of its own, from which a call reads it."""
    return index < FIRST_CUT and "split_data" not in file.call(index).roles


def by_folds(file: PythonFile, index: int) -> bool:
    """Say whether a split gives its parts once a fold, so that in time each row is in every part."""
    entry = file.call(index).entry if index < FIRST_CUT else None
    return entry is not None and "folds" in entry.traits


def lessons(file: PythonFile, value: Expression, depth: int = 0) -> frozenset[int]:
    """Return the calls whose fits and figures shaped rows, also those in functions that hand them on."""
    found = {index for index, _ in value.learned if index >= 0}
    for index, _ in value.learned:
        if index < 0 and depth < _FARTHEST:
            for argument in arguments_behind(file, index):
                found |= lessons(file, argument.value, depth + 1)
    return frozenset(found)


def parts_handed(file: PythonFile, value: Expression) -> Iterator[Expression]:
    """Yield what callers hand to the parameters whose rows a value is."""
    for index in sorted(value.sources):
        if index < 0:
            yield from (argument.value for argument in arguments_behind(file, index))


def arguments_behind(file: PythonFile, label: int) -> Iterator[Argument]:
    """Yield the arguments that calls in the file pass for the parameter behind a label."""
    function, parameter = file.labels.get(label, ("", ""))
    definition = next((each for each in reversed(file.definitions) if each.name == function), None)
    if definition is None or parameter not in definition.parameters:
        return
    position = definition.parameters.index(parameter)
    for call in file.callers(function):
        bound = call.receiver is not None and definition.parameters[0] in ("self", "cls")
        given = call.keyword(parameter) or call.positional(position - bound)
        if given is not None:
            yield given


def kinds(file: PythonFile, lesson: Call) -> frozenset[str]:
    """Return what a fit or figure takes from its rows, as far as the catalog knows."""
    entry = lesson.entry
    if entry is None:
        return frozenset()
    if "statistic" in entry.roles or "applies" in entry.traits:
        return frozenset({"statistics"})
    makers = tuple(file.sources(lesson.receiver, "transformer")) if lesson.receiver else ()
    if lesson.roles & {"sample_data", "resample"}:
        repeats = any(step.entry and "repeats_rows" in step.entry.traits for step in (lesson, *makers))
        return frozenset({"rows"}) if repeats or "sample_data" in lesson.roles else frozenset()
    return frozenset(step.entry.learns for step in (lesson, *makers) if step.entry and step.entry.learns)


def learns_nothing(file: PythonFile, fit: Call) -> bool:
    """Say whether all steps that a call fits are the same whatever rows they are fitted on, as polynomials are."""
    makers = tuple(file.sources(fit.receiver, "transformer")) if fit.receiver else ()
    return bool(makers) and all(step.entry is not None and "stateless" in step.entry.traits for step in makers)


def switched_off(file: PythonFile, fit: Call) -> bool:
    """Say whether a function of another module fits on a branch, and this call of it says no to something."""
    if fit.home is None or not fit.conditional:
        return False
    calls = (call for call in file.all_calls if call.range == fit.range and call.home is None)
    return any(argument.value.constant is False for call in calls for argument in call.arguments)


def fitted_before(file: PythonFile, fit: Call, split: int) -> bool:
    """Say whether the same step was fitted on the training part already."""
    steps = frozenset(step.index for step in file.sources(fit.receiver, "transformer")) if fit.receiver else frozenset()
    return any(
        other.receiver is not None
        and not steps.isdisjoint(other.receiver.sources)
        and (split, "train") in other.data_parts
        for other in file.calls_anywhere("preprocess")
        if other.index < fit.index
    )


def transductive(file: PythonFile, fit: Call) -> bool:
    """Say whether the step has no other way to handle rows than to be fitted on them."""
    makers = file.sources(fit.receiver, "transformer", "estimator") if fit.receiver else ()
    return any(step.entry is not None and "transductive" in step.entry.traits for step in (fit, *makers))


def encodes_target(file: PythonFile, lesson: Call) -> bool:
    """Say whether a lesson puts figures of the target in the place of categories."""
    makers = (lesson, *(file.sources(lesson.receiver, "transformer") if lesson.receiver else ()))
    if any(step.entry is not None and "target_encoding" in step.entry.traits for step in makers):
        return True
    column = lesson.rows.columns.single if lesson.rows.columns and "statistic" in lesson.roles else None
    return column is not None and column in targets(file)


def targets(file: PythonFile) -> frozenset[str]:
    """Return the names of the columns that some model of the file is fitted to."""
    columns = (fit.argument("target") for fit in file.calls("train", "cross_validate"))
    names = (target.value.columns.single for target in columns if target and target.value.columns)
    return frozenset(name for name in names if name)


def before(file: PythonFile, split: Split) -> Iterator[Call]:
    """Yield the fits and figures over all rows whose lesson goes into what a split divides."""
    trained = [data for data in _trained(file) if any(index == split.index for index, _ in data.parts)]
    used = frozenset[int]().union(*(lessons(file, data) for data in trained))
    for value in split.inputs:
        for index in sorted(lessons(file, value)):
            lesson = file.call(index)
            # What no model is fitted on stayed behind in a column that nobody took.
            taken = index in used or not trained
            if taken and lesson.rows.sources and not is_part(file, lesson.rows) and not told_there(lesson, split.range):
                yield lesson


def _trained(file: PythonFile) -> Iterator[Expression]:
    for train in file.calls_anywhere("train"):
        yield from (argument.value for argument in train.arguments)


def told_there(call: Call, other: Range) -> bool:
    """Say whether one call of another module's function does both: its own file tells of that."""
    return call.home is not None and other == call.range


def steps(*done: tuple[Call, str]) -> Iterator[Related]:
    """Yield where calls truly stand that functions of other modules make, each with what it does there."""
    for call, what in done:
        if call.home is not None:
            yield Related(call.range, what, place=call.home)


def across(file: PythonFile, train: Call) -> Iterator[tuple[Call, Split]]:
    """Yield the fits and figures over all rows whose lesson goes into the training part alone."""
    data = train.argument("data") or train.positional(0)
    if data is None or not is_part(file, data.value):
        return
    for index in sorted(lessons(file, data.value)):
        lesson = file.call(index)
        if is_part(file, lesson.rows):
            continue
        for cut, _ in sorted(data.value.parts):
            split = split_at(file, cut) if _sides(file, cut) else None
            if split is None or any(index in lessons(file, each) for each in split.inputs):
                continue
            if any(same_rows(file, each, lesson.rows) for each in split.inputs):
                yield lesson, split
                break


def same_rows(file: PythonFile, first: Expression, second: Expression) -> bool:
    """Say whether two values surely hold rows of the same data."""
    if first is second:
        return bool(first.sources)
    common = first.sources & second.sources
    return any(index < 0 or file.call(index).roles & {"load_data", "receive"} for index in common)


def model_fits(file: PythonFile, model: Expression | None, *roles: str) -> Sequence[Call]:
    """Return the fits that a model has behind it, in order."""
    return tuple(file.sources(model, *(roles or ("train",)))) if model is not None else ()


def scored_model(file: PythonFile, score: Call) -> Expression | None:
    """Return the model whose quality a call scores, or whose predictions it does."""
    if score.receiver is not None and score.method and score.receiver.sources:
        return score.receiver
    predictions = [each for argument in score.arguments for each in file.sources(argument.value, "predict")]
    # Earlier ones may have led to the choice of the model whose predictions come last.
    return next((each.receiver for each in reversed(predictions) if each.receiver is not None), None)


def tested(file: PythonFile, score: Call) -> int | None:
    """Return the split whose test part a score is taken on; folds are none, as each is a test part in its turn."""
    found = (part_of(file, argument.value, "test") for argument in score.arguments)
    return next((split for split in found if split is not None and not by_folds(file, split)), None)


def turns(file: PythonFile, call: Call) -> int:
    """Return how many loops surround a call, and the only call of the function that it stands in."""
    return turns_around(file, call.scope, call.loop)


def turns_around(file: PythonFile, scope: str, loops: int) -> int:
    """Return how many loops surround a place in a function, which stands in some loops of that itself."""
    seen = set[str]()
    while scope not in seen and len(callers := file.callers(scope)) == 1:
        seen.add(scope)
        scope = callers[0].scope
        loops += callers[0].loop
    return loops


def called_validation(text: str) -> bool:
    """Say whether code calls something validation data; to evaluate, a value and a device are none."""
    return _VALIDATION.search(text) is not None


def validates(file: PythonFile, where: Range, sources: frozenset[int], split: int) -> bool:
    """Say whether code calls what stands at a place, or the rows of a split behind it, validation data."""
    if called_validation(file.source(where)):
        return True
    for call in file.behind(Expression(sources=sources)):
        given = (argument for argument in call.arguments if any(index == split for index, _ in argument.value.parts))
        if any(called_validation(file.source(argument.range)) for argument in given):
            return True
        # What it is called stands before the call that makes it.
        made = call.index == split or "data_loader" in call.roles
        if made and called_validation(file.text[line_start(file.text, call.range.start) : call.range.start]):
            return True
    return False


def test_part_in(argument: Argument | None) -> int | None:
    """Return the last split whose test part is among the rows of an argument."""
    return (
        max((index for index, part in argument.value.parts if index >= 0 and part == "test"), default=None)
        if argument
        else None
    )


def _by_call(call: Call) -> Split:
    values = [argument.value for argument in call.arguments]
    if call.receiver is not None:
        values.append(call.receiver)
    return Split(call.index, tuple(values), call.range)


def _sides(file: PythonFile, index: int) -> frozenset[str]:
    if index < 0:
        return frozenset()
    if index >= FIRST_CUT:
        return frozenset(file.cuts[index].sides) if index in file.cuts and file.cuts[index].scored else frozenset()
    entry = file.call(index).entry
    return frozenset(entry.parts) if entry else frozenset()
