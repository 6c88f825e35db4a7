"""A tracked run is opened and not closed on every path."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP345",
    name="unclosed-run",
    summary="A tracked run is opened and not closed on every path.",
    harm="After an exception, or in the next turn or cell, results land in the wrong run or it stays `running`.",
    remedy="Open the run with `with`, so that it is closed whatever happens.",
    ops=("mlops",),
    group=Group.PREVIEW,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report runs outside `with` that are reopened in a loop or never ended in this file."""
    ends = list(file.calls("end_run"))
    for run in file.calls("start_run"):
        if run.managed or returned(file, run) or closed_by_sweep(file, run):
            continue
        closing = (*ends, *(caller for end in ends for caller in file.callers(end.scope)))
        ended = any(end.scope == run.scope and end.index > run.index and end.loop >= run.loop for end in closing)
        if run.loop and not ended:
            yield RULE.at(run, "opens a run in every turn of a loop and closes none")
        elif not ends and (run.scope or file.notebook) and not closes_itself(run, file):
            yield RULE.at(run, "opens a run that nothing closes")


def closes_itself(run: Call, file: PythonFile) -> bool:
    """Say whether the run is closed, with its true status, when the process ends."""
    return not file.notebook and run.entry is not None and "ends_itself" in run.entry.traits


def returned(file: PythonFile, run: Call) -> bool:
    """Say whether the run is handed to code that may close it: as an argument or as a result."""
    if run.index in file.returned.get(run.scope, ()):
        return True
    return any(run.index in call.data for call in file.calls() if call.index > run.index and not call.roles)


def closed_by_sweep(file: PythonFile, run: Call) -> bool:
    """Say whether a sweep calls the function around the run, and closes what that leaves open."""
    functions = (sweep.argument("function") for sweep in file.calls("tune"))
    return bool(run.scope) and any(given and given.value.name.endswith(f".{run.scope}") for given in functions)
