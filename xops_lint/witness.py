"""What rules look at while they judge: the evidence behind a check that finds nothing."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, Final, NamedTuple, TypeVar

from xops_lint.call import Call
from xops_lint.code import PythonFile
from xops_lint.config import ConfigFile, Value
from xops_lint.document import Document
from xops_lint.facts import Facts
from xops_lint.project import Project
from xops_lint.text import Place, Range

Looked = Callable[[str, Range], None]
"""Told the path and the range of what a rule looks at; an empty range stands for the whole file."""

Seen = TypeVar("Seen", Call, Value)

WHOLE: Final = Range(0, 0)

_TEXTS: Final = frozenset({"strings", "text"})
"""What a document holds beside calls and values by role: a rule that goes through one looks at the whole file."""

_looked: ContextVar[Looked] = ContextVar("looked")


@contextmanager
def telling(looked: Looked) -> Iterator[None]:
    """Tell what is looked at in watched documents and projects meanwhile."""
    token = _looked.set(looked)
    try:
        yield
    finally:
        _looked.reset(token)


def watched(document: Document) -> Document:
    """Return a copy of a document that tells what rules look at."""
    seen = copy.copy(document)
    if isinstance(seen, PythonFile):
        seen.__class__ = _WatchedPython
    elif isinstance(seen, ConfigFile):
        seen.__class__ = _WatchedConfig
    return seen


def watched_project(project: Project) -> Project:
    """Return a project whose facts tell what rules look at."""
    facts = [copy.copy(each) for each in project.facts]
    for each in facts:
        each.__class__ = _WatchedFacts
    return replace(project, facts=facts)


def _noted(path: str, seen: Iterator[Seen]) -> Iterator[Seen]:
    looked = _looked.get()
    for each in seen:
        # The root of a document is no place in it.
        root = isinstance(each, Value) and not each.route
        looked(path, WHOLE if root else each.range)
        yield each


class _WatchedPython(PythonFile):
    def __getattribute__(self, name: str) -> Any:
        return _whole(self, name, super().__getattribute__(name))

    def calls(self, *roles: str) -> Iterator[Call]:
        found = super().calls(*roles)
        return _noted(self.path, found) if roles else found

    def calls_anywhere(self, *roles: str) -> Iterator[Call]:
        return _noted(self.path, super().calls_anywhere(*roles))


class _WatchedConfig(ConfigFile):
    def __getattribute__(self, name: str) -> Any:
        return _whole(self, name, super().__getattribute__(name))

    def values(self, role: str, inside: Value | None = None) -> Iterator[Value]:
        return _noted(self.path, super().values(role, inside))


class _WatchedFacts(Facts):
    __slots__ = ()

    def playing(self, *roles: str) -> Iterator[Call]:
        found = Facts.playing(self, *roles)
        return _noted(self.path, found) if roles else found

    def values(self, role: str, inside: Value | None = None) -> Iterator[Value]:
        return _noted(self.path, Facts.values(self, role, inside))


def _whole(document: Document, name: str, value: Any) -> Any:
    if name in _TEXTS and value:
        looked = _looked.get(None)
        if looked is not None:
            looked(Document.__getattribute__(document, "path"), WHOLE)
    return value


class Look(NamedTuple):
    """The first places that a rule looked at, how many there were, and the first files that it went through."""

    places: Sequence[Place] = ()
    looked: int = 0
    files: Sequence[Place] = ()

    def joined(self, other: Look, most: int) -> Look:
        """Return both together, with no more places and files than the most."""
        return Look(
            [*self.places, *other.places][:most], self.looked + other.looked, [*self.files, *other.files][:most]
        )


class Evidence:
    """Notes what rules look at; ``most`` bounds the places that are kept of each."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.seen: dict[str, dict[tuple[str, Range], None]] = {}

    def of(self, code: str) -> Looked:
        """Return what notes the places for a rule; the same place twice is one."""
        seen = self.seen.setdefault(code, {})
        return lambda path, where: seen.update({(path, where): None})

    def looks(self, place: Callable[[str, Range], Place]) -> Mapping[str, Look]:
        """Return by code what was looked at; ``place`` gives the place of a range."""
        return {code: self._look(seen, place) for code, seen in self.seen.items() if seen}

    def _look(self, seen: Iterable[tuple[str, Range]], place: Callable[[str, Range], Place]) -> Look:
        places = [each for each in seen if each[1] != WHOLE]
        files = [each for each in seen if each[1] == WHOLE]
        return Look(
            [place(*each) for each in places[: self.most]], len(places), [place(*each) for each in files[: self.most]]
        )
