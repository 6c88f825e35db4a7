"""Calls that ask a language model for text: their settings, and where they are asked again and again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xops_lint.expression import UNKNOWN
from xops_lint.facts import Facts
from xops_lint.project import Reached

if TYPE_CHECKING:
    from xops_lint.call import Argument, Call
    from xops_lint.code import PythonFile
    from xops_lint.project import Project

_STARTED = frozenset({"serve", "step", "orchestrate"})
"""Roles of decorators and calls of files whose functions a service or a scheduler runs."""


def questions(project: Project) -> Iterator[tuple[Facts, Call]]:
    """Yield the calls that ask for text, with their files; tests and what only tries something out aside."""
    for file, call in project.calls("generate"):
        tries = file.context.profile == "exploration" or file.context.test or project.develops_tool(file)
        if not tries and asks_for_text(file, call):
            yield file, call


def asks_for_text(file: PythonFile | Facts, call: Call) -> bool:
    """Say whether a call asks a language model for text, which may go on and on, and not for numbers."""
    return any(each.takes("limit") for each in (call, *clients(file, call)))


def clients(file: PythonFile | Facts, call: Call) -> list[Call]:
    """Return the calls that made or changed the client by which a question is asked."""
    return [] if call.receiver is None else list(file.sources(call.receiver, "connect"))


def setting(file: PythonFile | Facts, call: Call, meaning: str) -> Any:
    """Return what a question's setting is, by its own argument, its client's or a default; or UNKNOWN."""
    asked = [call, *clients(file, call)]
    for each in asked:
        given = each.argument(meaning)
        if given is not None:
            return given.value.constant
    if any(each.unpacks for each in asked) or _made_elsewhere(call, asked) or _set_for_all(file, call, meaning):
        return UNKNOWN
    return next((each.value(meaning) for each in asked if each.takes(meaning)), UNKNOWN)


def asked_model(file: PythonFile | Facts, call: Call) -> tuple[Call, Argument] | None:
    """Return the argument that names the model of a question, with the call that is given it."""
    asked = ((each, each.argument("model")) for each in (call, *clients(file, call)))
    return next(((each, model) for each, model in asked if model is not None), None)


def _made_elsewhere(call: Call, asked: list[Call]) -> bool:
    """Say whether nobody sees how the client was made; a module that is asked has not been made."""
    return call.receiver is not None and not call.receiver.name and len(asked) == 1


def _set_for_all(file: PythonFile | Facts, call: Call, meaning: str) -> bool:
    """Say whether a file sets something for all questions of a tool."""
    calls = file.playing("configuration") if isinstance(file, Facts) else file.calls("configuration")
    tool = call.entry.tool if call.entry else ""
    return any(each.entry is not None and each.entry.tool == tool and each.takes(meaning) for each in calls)


def run_for_others(project: Project, roles: frozenset[str] = _STARTED) -> frozenset[Reached]:
    """Return the scopes that services and pipelines may run, or what is started by other roles."""
    started = (file for file in project.python if not file.context.test and _is_started(file, roles))
    return frozenset[Reached]().union(*(project.reach(file) for file in started))


def _is_started(file: Facts, roles: frozenset[str]) -> bool:
    decorated = any(definition.roles & roles for definition in file.definitions)
    entries = (call.entry for call in file.playing(*roles))
    return decorated or any("demo" not in entry.traits for entry in entries if entry is not None)


def repeated(file: Facts, call: Call) -> bool:
    """Say whether a loop of its file asks a question again and again, with what it is given and not for a person."""
    if any(other.loop and other.entry is not None and "interactive" in other.entry.traits for other in file.calls):
        return False
    # A loop over what stands in the code ends soon.
    return (call.loop > 0 and bool(call.data)) or call.scope in file.repeated
