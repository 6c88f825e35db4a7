"""Calls by the roles they play."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xops_lint.code import Call


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
