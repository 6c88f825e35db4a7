"""What the functions of a module do for other modules, in a form that travels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from xops_lint.cut import FIRST_CUT
from xops_lint.helpers import Helper

if TYPE_CHECKING:
    from xops_lint.call import Call
    from xops_lint.code import PythonFile
    from xops_lint.expression import Expression
    from xops_lint.languages.python.functions import Function
    from xops_lint.languages.python.survey import Survey

_TELLING: Final = frozenset(
    {"load_data", "split_data", "preprocess", "resample", "sample_data", "train", "tune", "cross_validate", "evaluate"}
)
"""Roles that make a function worth knowing elsewhere."""

_LENT: Final = _TELLING | {"estimator", "predict", "statistic", "transform", "transformer"}
"""Roles of what is told of such a function."""

_MOST_CALLS: Final = 60
"""A function with more calls than this that matter is a program, and no helper."""


def helpers(survey: Survey, file: PythonFile) -> dict[str, Helper]:
    """Return the module's functions that handle data or models, by their names within it.

    Ask before the callers of the module settle what its parameters stand for.
    """
    by_scope: dict[str, list[Call]] = {}
    for call in survey.record.calls:
        if _is_lent(survey, call):
            by_scope.setdefault(call.scope, []).append(call)
    functions = survey.functions.functions.values() if by_scope else ()
    found = (_helper(survey, file, function, by_scope.get(function.inner, ())) for function in functions)
    return {helper.name: helper for helper in found if helper is not None}


def _helper(survey: Survey, file: PythonFile, function: Function, own: list[Call] | tuple[()]) -> Helper | None:
    summary = function.summary
    # A function in a function is not for others.
    if function.inner.count(".") > bool(function.owner):
        return None
    values = [*summary.effects.values(), *([summary.returns] if summary.returns is not None else [])]
    indices = _behind(survey, {call.index for call in own}, values)
    calls = [survey.record.calls[index] for index in sorted(indices) if index < FIRST_CUT]
    if len(calls) > _MOST_CALLS or not any(_is_settled_later(survey, each) or each.roles & _TELLING for each in calls):
        return None
    return Helper(
        name=function.inner,
        parameters=function.parameters,
        labels=summary.labels,
        calls=tuple(_lent(file, call) for call in calls),
        returns=summary.returns,
        effects=summary.effects,
        cuts={index: replace(survey.record.cuts[index]) for index in indices if index >= FIRST_CUT},
        owner=function.owner,
    )


def _behind(survey: Survey, own: set[int], values: list[Expression]) -> set[int]:
    """Return the calls that matter in a function, and those and the cuts that its values come from."""
    calls, cuts = survey.record.calls, survey.record.cuts
    found: set[int] = set()
    waiting = [*own, *(index for value in values for index in _indices(value))]
    while waiting:
        index = waiting.pop()
        if index < 0 or index in found:
            continue
        if index >= FIRST_CUT:
            if len(cuts[index].sides) > 1:
                found.add(index)
                waiting += _indices(cuts[index].rows)
        elif _is_lent(survey, calls[index]):
            found.add(index)
            waiting += [index for value in _values(calls[index]) for index in _indices(value)]
    return found


def _is_lent(survey: Survey, call: Call) -> bool:
    return bool(call.roles & _LENT) or _is_settled_later(survey, call)


def _is_settled_later(survey: Survey, call: Call) -> bool:
    """Say whether a call does something to a parameter of which only callers know what it holds."""
    shared = survey.catalog.methods.shared
    return call.entry is None and call.method in shared and call.receiver is not None and call.receiver.identity < 0


def _values(call: Call) -> Iterator[Expression]:
    yield from (argument.value for argument in call.arguments)
    if call.receiver is not None:
        yield call.receiver


def _indices(value: Expression) -> Iterator[int]:
    """Yield the calls and cuts that a value comes from, labels of parameters among them."""
    yield from value.sources
    yield from value.figures
    for index, _ in value.parts | value.learned:
        yield index


def _lent(file: PythonFile, call: Call) -> Call:
    """Return a call as it stands now, with its place: callers will change it."""
    arguments = tuple(replace(argument) for argument in call.arguments)
    return replace(call, arguments=arguments, home=call.home or file.place(call.range))
