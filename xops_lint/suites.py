"""Suites of data checks: what names them, and which runs of checks there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from xops_lint.matching import regex
from xops_lint.words import fits

if TYPE_CHECKING:
    from xops_lint.config import Value
    from xops_lint.project import Project

_WORD: Final = regex(r"[\w.-]{2,80}")
_FILLED: Final = regex(r"\bf([\"'])([^\"'\n]*\{[^\"'\n]*)\1")
_PIECE: Final = regex(r"\{[^{}]*\}")
_CHECKS: Final = regex(r"checkpoint|validat|operator", re.IGNORECASE)
_PLAIN: Final = regex(r"[\w.-]+")


class Named(NamedTuple):
    """A suite, or a run of suites, by the value that gives its name."""

    path: str
    name: Value
    document: Value


def check_words_in(code: str) -> frozenset[str]:
    """Return the words of a module that speaks of running checks: names of suites and runs may be among them.

    Texts that are put together have ``{}`` for their unknown pieces.
    """
    if "xpectation" not in code or _CHECKS.search(code) is None:
        return frozenset()
    filled = (_PIECE.sub("{}", match[2]) for match in _FILLED.finditer(code))
    return frozenset(_WORD.findall(code)) | {text for text in filled if " " not in text}


def suites(project: Project) -> Iterator[Named]:
    """Yield the suites of a project, its tests and examples aside, whose names are plain words."""
    return _named(project, "data_checks")


def runs(project: Project) -> Iterator[Named]:
    """Yield what runs suites in a project, its tests and examples aside, by names that are plain words."""
    return _named(project, "checked_suites")


def words(project: Project) -> frozenset[str]:
    """Return the words of all modules that speak of running checks."""
    return frozenset().union(*(file.check_words for file in project.facts))


def may_name(words: frozenset[str], name: str) -> bool:
    """Say whether words have a name, its last part, or a text that may become the name."""
    known = not words.isdisjoint((name, name.rpartition(".")[2]))
    return known or any(fits(text, name) for text in words if "{}" in text)


def named_in_configs(project: Project) -> frozenset[str]:
    """Return all texts of configs that hold no suite: one of them may have it run."""
    others = (file for file in project.facts if file.documents and next(file.values("data_checks"), None) is None)
    return frozenset(value.text for file in others for tree in file.documents for value in tree.walk() if value.text)


def _named(project: Project, role: str) -> Iterator[Named]:
    for file in project.facts:
        if file.context.test or file.context.example:
            continue
        for kind, document in zip(file.kinds, file.documents):
            if role in file.routes.get(kind, {}) and next(file.values(role, document), None) is not None:
                names = file.values("suite_name", document)
                name = next((each for each in names if each.text), None)
                if name is not None and _PLAIN.fullmatch(name.text):
                    yield Named(file.path, name, document)
