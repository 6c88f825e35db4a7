"""A loop moves the learning rate on before the optimiser has taken a step."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Fix, Related, Safety
from xops_lint.insertions import AtEndOfBlock, NewStatement, Removed
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP432",
    name="scheduler-before-optimizer",
    summary="A loop moves the learning rate on before the optimiser has taken a step.",
    harm="The first value of the schedule is never used, and every later one comes a turn too early.",
    remedy="Call the scheduler's `step` after the optimiser's, at the end of the loop's body.",
    ops=("mlops",),
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report schedules that a loop moves on before the first step of their optimiser, which comes later in it."""
    for schedule in file.calls("learning_rate"):
        told = bool(schedule.arguments)
        if told or not schedule.loop or any(step.index < schedule.index for step in steps(file, schedule)):
            continue
        later = next((step for step in steps(file, schedule) if in_loop(file, schedule, step)), None)
        if later is not None:
            related = (Related(later.range, "takes its step later"),)
            fix = moved(file, schedule, later)
            yield RULE.at(schedule, "comes before the optimiser's step", related=related, fix=fix)


def moved(file: PythonFile, schedule: Call, step: Call) -> Fix | None:
    """Return the fix that puts a schedule's step right after the optimiser's, or at the end of the loop's body."""
    if not schedule.discarded or schedule.conditional:
        return None
    beside = step.discarded and not step.conditional and (step.scope, step.loop) == (schedule.scope, schedule.loop)
    text = file.source(schedule.range)
    put = NewStatement(step.range, text, after=True) if beside else AtEndOfBlock(schedule.range)
    return Fix("Move the schedule on after the step", (Removed(schedule.range), put), Safety.UNSAFE)


def steps(file: PythonFile, schedule: Call) -> Iterator[Call]:
    """Yield the steps of optimisers, of the schedule's own if it is known which that is."""
    own = optimisers(file, schedule)
    for call in file.calls("optimise"):
        stepping = call.receiver is not None and not call.receiver.name
        others = optimisers(file, call)
        if stepping and not (own and others and own.isdisjoint(others)):
            yield call


def optimisers(file: PythonFile, call: Call) -> set[int]:
    """Return the calls that made the optimiser a call works on."""
    return {index for index in call.flowing if index >= 0 and "optimise" in file.call(index).roles}


def in_loop(file: PythonFile, schedule: Call, step: Call) -> bool:
    """Say whether a step follows in the same loop, there or in a function that the loop calls."""
    for call in file.all_calls:
        if call.index <= schedule.index or call.scope != schedule.scope:
            continue
        if call.loop < schedule.loop:
            return False
        if call is step or call.name == f"{file.module}.{step.scope}":
            return not call.conditional or call is step
    return False
