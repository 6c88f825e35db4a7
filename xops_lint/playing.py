"""Calls by the roles they play, and what flows into them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from xops_lint.call import Call
    from xops_lint.expression import Expression


def calls_by_role(calls: Iterable[Call]) -> Mapping[str, Sequence[Call]]:
    """Return calls by role: every rule asks for some, and most calls play none."""
    found: dict[str, list[Call]] = {}
    for call in calls:
        for role in call.roles:
            found.setdefault(role, []).append(call)
    return found


def playing(by_role: Mapping[str, Sequence[Call]], roles: Sequence[str]) -> Iterator[Call]:
    """Yield the calls that play any of some roles, each once and in order."""
    if len(roles) == 1:
        return iter(by_role.get(roles[0], ()))
    found = {call.index: call for role in roles for call in by_role.get(role, ())}
    return iter([found[index] for index in sorted(found)])


def followed(
    sources: frozenset[int], handed: Mapping[int, Sequence[frozenset[int]]], callers: int = sys.maxsize
) -> frozenset[int]:
    """Return sources with what flows into the parameters among them, where no more callers than these pass any."""
    found, waiting = set[int](), list(sources)
    while waiting:
        index = waiting.pop()
        if index not in found:
            found.add(index)
            passed = handed.get(index, ()) if index < 0 else ()
            waiting.extend(source for each in passed if len(passed) <= callers for source in each)
    return frozenset(found)


class _Holder(Protocol):
    """What knows the sources of expressions: a file, or its facts."""

    def sources(self, expression: Expression, *roles: str) -> Iterator[Call]: ...


def acting(holder: _Holder, calls: Iterable[Call], roles: Sequence[str]) -> Iterator[Call]:
    """Yield the calls that act: no descriptions, no local tries, and of calls that do as told those told to."""
    for call in calls:
        traits = call.entry.traits if call.entry else frozenset[str]()
        if "description" in traits or call.local:
            continue
        told = any(next(holder.sources(argument.value, *roles), None) for argument in call.arguments)
        if "by_argument" not in traits or told:
            yield call
