"""What running a file may execute, and which programs may execute a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from xops_lint.matching import regex

if TYPE_CHECKING:
    from xops_lint.call import Call
    from xops_lint.facts import Facts
    from xops_lint.project import Project

_REGISTERS: Final = regex(r"regist(?:er|ry)|^add_|plugin", re.IGNORECASE)
"""Words in the names of decorators that keep what they decorate for whoever asks for it."""

Scopes = Mapping[str, frozenset[str]]
"""The scopes that are reached, by the path of their file, in the order of the paths."""


class Reached(NamedTuple):
    """A scope of a project file: what one step of a walk over the code reaches."""

    path: str
    scope: str


@dataclass
class Running:
    """What a project's programs reach, each walk made once."""

    project: Project

    def reach(self, facts: Facts) -> frozenset[Reached]:
        """Return every scope that running a file may execute."""
        known = self._places.get(facts.path)
        if known is None:
            scopes = self.scopes(facts)
            known = frozenset(Reached(path, scope) for path, each in scopes.items() for scope in each)
            self._places[facts.path] = known
        return known

    def scopes(self, facts: Facts) -> Scopes:
        """Return the same by path."""
        known = self._scopes.get(facts.path)
        if known is None:
            known = self._scopes[facts.path] = self._walk(facts)
        return known

    def calls(self, facts: Facts, roles: Sequence[str]) -> Iterator[tuple[Facts, Call]]:
        """Yield the calls of these roles that running a file may execute; all without one."""
        scopes, files = self.scopes(facts), self.project.files
        for path in self._holding(roles, scopes) if roles else scopes:
            other, reached = files[path], scopes[path]
            for call in other.playing(*roles):
                if call.scope in reached:
                    yield other, call

    @cached_property
    def entries(self) -> Sequence[Facts]:
        """The files somebody runs: notebooks, scripts, and what configs start."""
        imported = {place.path for facts in self.project.python for place in self.imported(facts)}
        return [
            facts for facts in self.project.python if self._runs(facts) or (facts.acts and facts.path not in imported)
        ]

    def entries_reaching(self, facts: Facts) -> Sequence[Facts]:
        """Return the entries that may execute code of a file."""
        known = self._entries.get(facts.path)
        if known is None:
            known = self._entries[facts.path] = self._found_entries(facts)
        return known

    def _found_entries(self, facts: Facts) -> Sequence[Facts]:
        if self.project.shown_paths is None:
            # The programs of every file are asked for sooner or later.
            return self._by_path.get(facts.path, ())
        near = self.project.speaking.leading_to(facts)
        entries = (each for each in self.project.python if each.path in near and self.is_entry(each))
        return [entry for entry in entries if facts.path in self.scopes(entry)]

    def is_entry(self, facts: Facts) -> bool:
        """Say whether somebody runs a file, as ``entries`` does for all."""
        if self.project.shown_paths is None:
            return facts.path in self._entry_paths
        return self._runs(facts) or (facts.acts and not self._is_imported(facts))

    @cached_property
    def _entry_paths(self) -> frozenset[str]:
        return frozenset(entry.path for entry in self.entries)

    def _is_imported(self, facts: Facts) -> bool:
        naming = self.project.speaking.naming(facts)
        return any(place.path == facts.path for other in naming for place in self.imported(other))

    def _runs(self, facts: Facts) -> bool:
        return facts.notebook or facts.main or facts.path in self.project.started

    @cached_property
    def _by_path(self) -> Mapping[str, Sequence[Facts]]:
        found: dict[str, list[Facts]] = {}
        for entry in self.entries:
            for path in self.scopes(entry):
                found.setdefault(path, []).append(entry)
        return found

    def _holding(self, roles: Sequence[str], scopes: Scopes) -> Sequence[str]:
        """Return the paths of what is reached that may hold calls of these roles, in order."""
        holding = [self._paths_by_role.get(role, frozenset()) for role in roles]
        return sorted(frozenset().union(*(paths & scopes.keys() for paths in (*holding, self._unlisted))))

    @cached_property
    def _paths_by_role(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for facts in self.project.python:
            for role in facts.roles or ():
                found.setdefault(role, set()).add(facts.path)
        return {role: frozenset(paths) for role, paths in found.items()}

    @cached_property
    def _unlisted(self) -> frozenset[str]:
        """The files that do not say which roles their calls play."""
        return frozenset(facts.path for facts in self.project.python if facts.roles is None)

    @cached_property
    def _places(self) -> dict[str, frozenset[Reached]]:
        return {}

    @cached_property
    def _scopes(self) -> dict[str, Scopes]:
        return {}

    @cached_property
    def _entries(self) -> dict[str, Sequence[Facts]]:
        return {}

    @cached_property
    def _steps(self) -> dict[Reached, frozenset[Reached]]:
        return {}

    @cached_property
    def _imports(self) -> dict[str, Sequence[Reached]]:
        return {}

    @cached_property
    def _shared(self) -> dict[frozenset[str], frozenset[str]]:
        """Sets of scopes, each once: most programs reach the same ones of a file."""
        return {}

    def imported(self, facts: Facts) -> Sequence[Reached]:
        """Return the modules of the project that a file imports."""
        known = self._imports.get(facts.path)
        if known is None:
            means = (self.project.resolve(imported.target, facts) for imported in facts.imports)
            known = [Reached(found[0].path, "") for found in means if found is not None and found[0] is not facts]
            self._imports[facts.path] = known
        return known

    def _walk(self, start: Facts) -> Scopes:
        new = {Reached(start.path, scope) for scope in {"", *start.references}}
        reached: set[Reached] = set()
        while new:
            reached |= new
            new = set[Reached]().union(*map(self._step, new)) - reached
        found: dict[str, set[str]] = {}
        for place in reached:
            found.setdefault(place.path, set()).add(place.scope)
        scopes = {path: frozenset(found[path]) for path in sorted(found)}
        return {path: self._shared.setdefault(each, each) for path, each in scopes.items()}

    def _step(self, place: Reached) -> frozenset[Reached]:
        known = self._steps.get(place)
        if known is None:
            known = self._steps[place] = frozenset(self._next(place))
        return known

    def _next(self, place: Reached) -> Iterator[Reached]:
        """Yield what executing one scope may execute next."""
        facts = self.project.files[place.path]
        if place.scope:
            yield Reached(place.path, "")
            yield from standing_in(facts, place.scope)
        else:
            yield from self.imported(facts)
            yield from registered(self.project, facts)
        for name in facts.references.get(place.scope, ()):
            found = self.project.resolve(name, facts)
            if found is not None:
                yield Reached(found[0].path, found[1])


def standing_in(facts: Facts, scope: str) -> Iterator[Reached]:
    """Yield the functions and classes that stand in a function or class of a file."""
    inside = f"{scope}."
    return (Reached(facts.path, each) for each in facts.references if each.startswith(inside))


def registered(project: Project, facts: Facts) -> Iterator[Reached]:
    """Yield what a module enters into a registry of the project as soon as it is read, to be called by another name.

    A decorator that takes a name or other settings and is called as one that registers keeps what it decorates.
    """
    for definition in facts.definitions:
        for name in definition.decorators if "." not in definition.name else ():
            if _REGISTERS.search(name.rpartition(".")[2]) and project.resolve(name, facts) is not None:
                yield Reached(facts.path, definition.name)
                yield from standing_in(facts, definition.name)
