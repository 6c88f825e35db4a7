"""A pipeline's file asks other machines or reads data whenever the scheduler looks at it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP611",
    name="work-at-import",
    summary="A pipeline's file asks other machines or reads data whenever the scheduler looks at it.",
    harm="The scheduler slows down for all pipelines, and this one disappears while what it asks does not answer.",
    remedy="Do the work in a task, and hand settings over in templates that are filled in when the task runs.",
    ops=("dataops",),
)

WORK = ("load_data", "download", "train", "tune", "predict", "evaluate", "load_model")
CHEAP = frozenset({"local", "generated", "description"})
MOST_RELATED = 4


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report, once a file, the first call that works where the pipeline is only defined."""
    defining = {item.name for item in file.definitions if "rescanned" in item.traits}
    if file.notebook or not (defining or any(rescanned(call) for call in file.calls("orchestrate"))):
        return
    scopes = run_when_read(file, {"", *defining})
    found = [call for call in file.calls_with_roles() if call.scope in scopes and not call.conditional and works(call)]
    if found:
        first = found[0]
        related = tuple(Related(call.range, "and here") for call in found[1 : 1 + MOST_RELATED])
        what = "asks a service" if asks(first) else "does its work"
        yield RULE.at(first, f"{what} every time the scheduler reads this file", related=related)


def rescanned(call: Call) -> bool:
    """Say whether a call makes a pipeline for whose changes a scheduler looks."""
    return call.entry is not None and "rescanned" in call.entry.traits


def run_when_read(file: PythonFile, scopes: set[str]) -> set[str]:
    """Return the scopes that run when the file is read: tasks and callbacks do not."""
    tasks = {item.name for item in file.definitions if "step" in item.roles}
    prefix = f"{file.module}."
    grown = True
    while grown:
        called = {
            call.name.removeprefix(prefix)
            for call in file.all_calls
            if call.scope in scopes and not call.conditional and call.name.startswith(prefix)
        }
        grown = not called - tasks <= scopes
        scopes = scopes | (called - tasks)
    return scopes


def asks(call: Call) -> bool:
    """Say whether a call reaches another machine."""
    return call.entry is not None and "network" in call.entry.traits


def works(call: Call) -> bool:
    """Say whether a call takes time, or needs what may be out of reach."""
    if "step" in call.roles or call.entry is None or not call.entry.traits.isdisjoint(CHEAP):
        return False
    if "load_data" in call.roles and "remote" in call.entry.traits:
        # Says where another machine will find its data.
        return False
    return asks(call) or not call.roles.isdisjoint(WORK)
