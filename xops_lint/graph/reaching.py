"""Which programs execute a piece of code, where programs that others import count for themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from xops_lint.facts import Facts
from xops_lint.project import Project, Reached
from xops_lint.running import registered, standing_in


class Contact(NamedTuple):
    """One program that another one imports; ``runs`` says that its work is done there and then."""

    path: str
    runs: bool


@dataclass
class Reaching:
    """What each program executes of its own and of shared modules, and which other programs it meets there."""

    project: Project
    programs: frozenset[str]

    def runners(self, place: Reached) -> list[Facts]:
        """Return the programs that may execute a place themselves; its own file if none does."""
        own = self.project.files[place.path]
        if place.path in self.programs:
            return [own]
        return [self.project.files[path] for path in self._executing.get(place, ())] or [own]

    def executes(self, program: Facts, place: Reached) -> bool:
        """Say whether a program may execute a place; what stands outside of functions comes with its file."""
        walk = self._walks.get(program.path)
        if walk is None or place.path == program.path or place in walk:
            return True
        return not place.scope and Reached(place.path, "<import>") in walk

    def contacts(self, path: str) -> list[Contact]:
        """Return the programs that a program meets on its way, without going on in them."""
        met: dict[str, bool] = {}
        for place in self._walks[path]:
            if place.path != path and place.path in self.programs:
                met[place.path] = met.get(place.path, False) or self._works(place)
        return [Contact(other, met[other]) for other in sorted(met)]

    @cached_property
    def _executing(self) -> dict[Reached, list[str]]:
        found: dict[Reached, list[str]] = {}
        for path in sorted(self.programs):
            for place in self._walks[path]:
                found.setdefault(place, []).append(path)
        return found

    @cached_property
    def _walks(self) -> dict[str, frozenset[Reached]]:
        return {path: frozenset(self._walk(self.project.files[path])) for path in self.programs}

    def _walk(self, start: Facts) -> set[Reached]:
        todo = [Reached(start.path, scope) for scope in sorted({"", *start.references})]
        reached: set[Reached] = set()
        while todo:
            place = todo.pop()
            if place not in reached:
                reached.add(place)
                # The body of another program is not executed on import, and its functions are followed on demand.
                if place.path == start.path or place.path not in self.programs:
                    todo.extend(self._next(place))
        return reached

    def _next(self, place: Reached) -> tuple[Reached, ...]:
        known = self._steps.get(place)
        if known is None:
            known = self._steps[place] = tuple(dict.fromkeys(self._found(place)))
        return known

    @cached_property
    def _steps(self) -> dict[Reached, tuple[Reached, ...]]:
        return {}

    def _found(self, place: Reached) -> Iterator[Reached]:
        facts = self.project.files[place.path]
        if place.scope:
            yield Reached(place.path, "")
            yield from standing_in(facts, place.scope)
        else:
            for imported in facts.imports:
                found = self.project.resolve(imported.target, facts)
                if found is not None and found[0] is not facts:
                    yield Reached(found[0].path, "<import>" if found[0].path in self.programs else "")
            yield from registered(self.project, facts)
        names = facts.references.get(place.scope, frozenset())
        for name in names:
            # A module is a value of its own only where no name of it is taken.
            found = self.project.resolve(name, facts)
            whole = found is not None and not found[1] and found[0].path in self.programs
            if found is not None and not (whole and any(other.startswith(f"{name}.") for other in names)):
                yield Reached(found[0].path, found[1])

    def _works(self, place: Reached) -> bool:
        """Say whether what is reached in a program moves data or models, or is the program as a whole."""
        if place.scope in ("", "<import>"):
            return not place.scope
        todo, seen = [place], set[Reached]()
        while todo:
            place = todo.pop()
            # The body of a program runs it, if it is the one that was started.
            if place in seen or (not place.scope and place.path in self.programs):
                continue
            if place in self._working:
                return True
            seen.add(place)
            todo.extend(self._next(place))
        return False

    @cached_property
    def _working(self) -> frozenset[Reached]:
        return frozenset(
            Reached(facts.path, call.scope)
            for facts in self.project.python
            for call in facts.calls
            if call.roles & _WORK or call.writes
        )


_WORK = frozenset(
    {"load_data", "save_data", "load_model", "save_model", "train", "log_model", "register_model", "serve"}
)
"""Roles of calls that a program is there for."""
