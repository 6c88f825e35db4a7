"""Which files may lead to a file by the names they write: a wide guess first, made narrow by what the names mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xops_lint.facts import Facts
    from xops_lint.project import Project


_NAMES: Final = ("imports", "references")


def speaking_of(project: Project, facts: Facts) -> frozenset[str]:
    """Return the paths of a file, and of all that may reach it: what names its module, and what names that in turn."""
    found, new = {facts.path}, [facts]
    while new:
        for each in naming(project, new.pop()):
            if each.path not in found:
                found.add(each.path)
                new.append(each)
    return frozenset(found)


def naming(project: Project, facts: Facts) -> Iterator[Facts]:
    """Yield the files with a name that begins with a file's module."""
    word = facts.module.rpartition(".")[2]
    for each in project.python if word else ():
        if each is not facts and each.may_hold(word, *_NAMES) and _names(project, each, facts, word):
            yield each


def _names(project: Project, speaker: Facts, meant: Facts, word: str) -> bool:
    names = {imported.target for imported in speaker.imports}.union(*speaker.references.values())
    return any(_module_of(project, name, speaker) is meant for name in names if word in name)


def _module_of(project: Project, name: str, near: Facts) -> Facts | None:
    """Return the module of the project with whose name a name begins, the longest one."""
    while name:
        found = project.module(name, near)
        if found is not None:
            return found
        name = name.rpartition(".")[0]
    return None
