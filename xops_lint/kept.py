"""What code keeps of a model where a score on a test part is better than the one before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from xops_lint.call import Call
from xops_lint.expression import Expression
from xops_lint.leakage import by_folds, called_validation, part_of, turns_around
from xops_lint.text import line_start

if TYPE_CHECKING:
    from xops_lint.code import PythonFile
    from xops_lint.operations import Comparison

_WEIGHTS: Final = frozenset({"state_dict", "get_weights", "save", "save_weights", "save_pretrained", "save_checkpoint"})
"""Methods of a model, of whatever kind, that give or write what it has learned."""


def saved_by(file: PythonFile) -> Iterator[tuple[Comparison, int]]:
    """Yield the comparisons of a loop that keep the model which does best on a test part, and what divided the rows."""
    for comparison in file.comparisons:
        if not comparison.parts or comparison.literal or comparison.counts:
            continue
        if not turns_around(file, comparison.scope, comparison.loop) or not _keeps(file, comparison):
            continue
        split = part_of(file, Expression(parts=comparison.parts), "test")
        if split is not None and not by_folds(file, split) and not _validates(file, comparison, split):
            yield comparison, split


def _keeps(file: PythonFile, comparison: Comparison) -> bool:
    """Say whether a model is saved, or its weights are taken, where a comparison holds."""
    first, last = comparison.held
    return any(_saves(call) for call in file.all_calls if first <= call.index < last)


def _saves(call: Call) -> bool:
    word = call.method or call.name.rpartition(".")[2]
    return not call.roles.isdisjoint(("save_model", "log_model")) or word in _WEIGHTS


def _validates(file: PythonFile, comparison: Comparison, split: int) -> bool:
    """Say whether the code calls what it compares, or the rows behind it, validation data."""
    if called_validation(file.source(comparison.range)):
        return True
    for call in file.behind(Expression(sources=comparison.sources)):
        given = (argument for argument in call.arguments if any(index == split for index, _ in argument.value.parts))
        if any(called_validation(file.source(argument.range)) for argument in given):
            return True
        if call.index == split or "data_loader" in call.roles:
            # What it is called stands before the call that makes it.
            if called_validation(file.text[line_start(file.text, call.range.start) : call.range.start]):
                return True
    return False
