"""The files whose findings are shown: all of a project, or the few that somebody names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xops_lint.call import Call
    from xops_lint.config import Value
    from xops_lint.facts import Facts
    from xops_lint.project import Project


@dataclass
class Shown:
    """The part of a project that a rule judges, where it judges one file after the other.

    It answers as the project does, of these files alone; what speaks for or against a
    finding may stand anywhere, and is asked of the project itself.
    """

    project: Project

    @cached_property
    def facts(self) -> Sequence[Facts]:
        """The files whose findings are shown, and those that stand in them."""
        paths = self.project.shown_paths
        if paths is None:
            return self.project.facts
        return [facts for facts in self.project.facts if (facts.host or facts.path) in paths]

    def holds(self, path: str) -> bool:
        """Say whether findings in a file are shown."""
        paths = self.project.shown_paths
        return paths is None or (self.project.files[path].host or path) in paths

    @property
    def python(self) -> Iterator[Facts]:
        """The modules and notebooks among them."""
        return (facts for facts in self.facts if facts.python)

    def calls(self, *roles: str) -> Iterator[tuple[Facts, Call]]:
        """Yield their calls of these roles."""
        return ((facts, call) for facts in self.python for call in facts.playing(*roles))

    def calls_given(self, *roles: str) -> Iterator[tuple[Facts, Call]]:
        """Yield the calls of these roles, of any file, that may be given a text that stands in one of them.

        Code passes texts to what it reaches; what stands in a config may be read by any code.
        """
        if self.project.shown_paths is None or not all(facts.python for facts in self.facts):
            yield from self.project.calls(*roles)
            return
        reached = frozenset(path for facts in self.facts for path in self.project.running.scopes(facts))
        for facts in self.project.python:
            if facts.path in reached:
                yield from ((facts, call) for call in facts.playing(*roles))

    def values(self, role: str) -> Iterator[tuple[Facts, Value]]:
        """Yield their config values of a role."""
        return ((facts, value) for facts in self.facts for value in facts.values(role))

    def of_kind(self, *kinds: str) -> Iterator[Facts]:
        """Yield the configs of these kinds among them."""
        return (facts for facts in self.facts if not set(facts.kinds).isdisjoint(kinds))

    def left_to_chance(self, *roles: str) -> Iterator[tuple[Facts, Call]]:
        """Yield their calls of these roles that no seed of their own or global seed pins."""
        return self.project.left_to_chance(*roles, among=self.calls(*roles))

    def entries_making(self, *roles: str) -> Sequence[Facts]:
        """Return the programs that may make a call of these roles that stands in them, in the order of the project's.

        If the files of a whole project are shown, these are all its programs.
        """
        if self.project.shown_paths is None:
            return self.project.entries
        reaching = {
            entry.path
            for facts in self.python
            if facts.may_play(*roles)
            for entry in self.project.running.entries_reaching(facts)
        }
        return [facts for facts in self.project.python if facts.path in reaching]
