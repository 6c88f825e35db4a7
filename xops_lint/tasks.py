"""Which functions of a module are tasks of a pipeline that a scheduler runs again and again."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.call import Call
from xops_lint.code import Definition, PythonFile
from xops_lint.facts import Facts


def tasks(file: PythonFile) -> Iterator[Definition]:
    """Yield the functions whose results a scheduler keeps for other tasks."""
    run = {file_name(file, call) for call in file.calls("step") if _hands_on(call)}
    for definition in file.definitions:
        if "by_message" in definition.traits or definition.name in run:
            yield definition


def task_scopes(file: PythonFile) -> frozenset[str]:
    """Return the functions of a module that its tasks run: themselves, and what they mention."""
    return mentioned_by(file, *(task.name for task in tasks(file)))


def mentioned_by(file: PythonFile | Facts, *functions: str) -> frozenset[str]:
    """Return functions of a module, and those of it that they come to mention."""
    prefix = f"{file.module}." if file.module else ""
    found: set[str] = set()
    waiting = list(functions)
    while waiting:
        scope = waiting.pop()
        if scope not in found:
            found.add(scope)
            waiting += [name.removeprefix(prefix) for name in file.references.get(scope, ()) if name.startswith(prefix)]
    return frozenset(found)


def file_name(file: PythonFile | Facts, call: Call) -> str:
    """Return the name within the module of the function that a call makes a step."""
    function = call.argument("function")
    name = function.value.name if function is not None else ""
    return name.removeprefix(f"{file.module}.") if file.module else name


def _hands_on(call: Call) -> bool:
    return call.entry is not None and "by_message" in call.entry.traits
