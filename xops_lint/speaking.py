"""Which files may lead to a file by the names they write: a wide guess first, made narrow by what the names mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xops_lint.code import PythonFile
    from xops_lint.facts import Facts
    from xops_lint.project import Project


@dataclass
class Speaking:
    """Who names which module of a project."""

    project: Project

    def leading_to(self, facts: Facts) -> frozenset[str]:
        """Return the paths of a file, and of all that may reach it: what names its module, and what names that."""
        known = self._leading.get(facts.path)
        if known is None:
            found, new = {facts.path}, [facts]
            while new:
                for each in self.naming(new.pop()):
                    if each.path not in found:
                        found.add(each.path)
                        new.append(each)
            known = self._leading[facts.path] = frozenset(found)
        return known

    def naming(self, facts: Facts) -> Iterator[Facts]:
        """Yield the other files with a name that begins with a file's module."""
        for each in self._writing.get(_last(facts.module), ()):
            if each is not facts and facts.path in self._named_by(each):
                yield each

    def _named_by(self, speaker: Facts) -> frozenset[str]:
        """Return the paths of the modules with which the names of a file begin: of each name the longest one."""
        known = self._named.get(speaker.path)
        if known is None:
            known = self._named[speaker.path] = frozenset(self._found(speaker, names_in(speaker)))
        return known

    def _found(self, speaker: Facts, names: Iterable[str]) -> Iterator[str]:
        begun: dict[str, Facts | None] = {}
        for name in names:
            found = None
            while name and found is None:
                if name not in begun:
                    begun[name] = self.project.module(name, speaker)
                found, name = begun[name], name.rpartition(".")[0]
            if found is not None:
                yield found.path

    @cached_property
    def _writing(self) -> Mapping[str, Sequence[Facts]]:
        """The files whose names have a word, for every word that is the last part of a module's name."""
        python = list(self.project.python)
        words = {_last(facts.module) for facts in python}
        found: dict[str, list[Facts]] = {}
        for facts in python:
            for word in words.intersection(facts.parts.split()):
                found.setdefault(word, []).append(facts)
        return found

    @cached_property
    def _named(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _leading(self) -> dict[str, frozenset[str]]:
        return {}


def names_in(file: PythonFile | Facts) -> set[str]:
    """Return the dotted names that a file imports or mentions."""
    return {imported.target for imported in file.imports}.union(*file.references.values())


def parts_in(file: PythonFile) -> str:
    """Return the parts of the dotted names that a file imports or mentions, each once."""
    return " ".join(sorted({part for name in names_in(file) for part in name.split(".")}))


def _last(module: str) -> str:
    return module.rpartition(".")[2]
