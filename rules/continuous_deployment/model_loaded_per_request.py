"""A service loads its model anew for every request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xops_lint.diagnostic import Finding
from xops_lint.model import Call, Definition, PythonFile
from xops_lint.rule import Rule
from xops_lint.serving import handlers

RULE = Rule(
    code="XOP513",
    name="model-loaded-per-request",
    summary="A service loads its model anew for every request.",
    harm="Every answer waits for the disk, memory grows with the requests, and two of them may get different models.",
    remedy="Load the model once, when the service starts, and keep it in the application or behind a cache.",
    ops=("mlops",),
)

ELSEWHERE = frozenset({"remote", "per_thread"})
"""Traits of what loads nothing here, or is to be loaded by each thread anew."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report, once a handler, a load in it or in a function it comes to call, whose model is used right there."""
    functions = {definition.name: definition for definition in file.definitions}
    # What a name of the module holds outlives the request: it was loaded once, or to take the place of another.
    held = frozenset[int]().union(*(value.sources for value in file.names.values()))
    for handler in handlers(file):
        inside = [call for call in file.all_calls if call.scope == handler.name]
        run = run_by(file, handler, functions)
        for index in sorted(frozenset().union(*(call.flowing for call in inside))):
            load = file.call(index) if index >= 0 else None
            if load is not None and load.scope in run and loads(load) and index not in held:
                yield RULE.at(load.callee, f"loads the model in every call of `{handler.name}`")
                break


def run_by(file: PythonFile, handler: Definition, functions: Mapping[str, Definition]) -> frozenset[str]:
    """Return the names of the functions of this file that run anew for every request."""
    found, waiting = set[str](), [handler.name]
    while waiting:
        name = waiting.pop()
        if name in functions and name not in found and not kept(functions[name]):
            found.add(name)
            calls = (call for call in file.all_calls if call.scope == name and not call.conditional)
            waiting += [call.name.removeprefix(f"{file.module}.") for call in calls]
    return frozenset(found)


def loads(call: Call) -> bool:
    """Say whether a call reads a model here, each time that it is reached, one that threads could share."""
    excused = call.entry is not None and not ELSEWHERE.isdisjoint(call.entry.traits)
    return "load_model" in call.roles and not excused and not call.conditional


def kept(function: Definition) -> bool:
    """Say whether a decorator keeps what a function returned before."""
    return any("cache" in decorator for decorator in function.decorators)
