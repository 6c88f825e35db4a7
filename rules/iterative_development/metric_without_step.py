"""A metric is logged again and again in a loop, each time for step 0."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Fix, Safety
from xops_lint.edits import one_more
from xops_lint.insertions import counter_at
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP226",
    name="metric-without-step",
    summary="A metric is logged again and again in a loop, each time for step 0.",
    harm="All values land on one point: no curve is drawn, and only the last value counts.",
    remedy="Pass the loop's counter as the step.",
    ops=("mlops",),
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report metrics of one name in a loop that opens no run of its own, where the tool counts no steps."""
    for call in file.calls("log_metrics"):
        if call.conditional or not piles_up(call) or not (repeated(file, call) or called_in_loops(file, call)):
            continue
        name = constant_name(call)
        if name is not None:
            yield RULE.at(call, f"logs every value of `{name}` for step 0", fix=counted(file, call))


def counted(file: PythonFile, call: Call) -> Fix | None:
    """Return the fix that passes the counter of the one loop around a call."""
    counter = counter_at(file.text, call.range.start) if call.loop == 1 and call.takes("step") else None
    if counter is None:
        return None
    return Fix(f"Pass `{counter}` as the step", (one_more(call, call.spelling("step"), counter),), Safety.SAFE)


def repeated(file: PythonFile, call: Call) -> bool:
    """Say whether a loop around a call goes through one run."""
    opening = {(run.scope, run.cell) for run in file.calls("start_run", "end_run") if run.loop}
    return bool(call.loop) and (call.scope, call.cell) not in opening


def called_in_loops(file: PythonFile, call: Call) -> bool:
    """Say whether the function around a call is called in loops only, and surely opens no run of its own."""
    callers = file.callers(call.scope)
    if any(run.loop or run.scope == call.scope for run in file.calls("start_run", "end_run")):
        return False
    return bool(callers) and all(caller.loop and not caller.conditional for caller in callers)


def piles_up(call: Call) -> bool:
    """Say whether the values of a call without a step all stand at the same one."""
    traits = call.entry.traits if call.entry is not None else frozenset[str]()
    return "step_zero" in traits and not call.unpacks and call.argument("step") is None


def constant_name(call: Call) -> str | None:
    """Return the name that a metric has in every turn, or None if it may have another each time."""
    name = call.argument("name")
    if name is not None:
        return name.value.constant if isinstance(name.value.constant, str) else None
    metrics = call.argument("metrics")
    names = [name for name in metrics.value.entries or () if name != "**"] if metrics is not None else []
    return names[0] if names and all(isinstance(name, str) for name in names) else None
