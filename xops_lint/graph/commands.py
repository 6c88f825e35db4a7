"""The programs that commands start, and the values they hand to them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from xops_lint import launches, notebooks
from xops_lint.facts import Facts
from xops_lint.graph.model import Spot
from xops_lint.graph.templates import Plain, filled
from xops_lint.matching import regex
from xops_lint.project import Project
from xops_lint.shell import Command

_APPLICATION: Final = regex(r"(?P<module>[A-Za-z_][\w.]*):[A-Za-z_]\w*(?:\(\))?")
_SCRIPTS: Final = (".py", ".ipynb")
_OVERRIDE: Final = regex(r"\+{0,2}(?P<name>[A-Za-z_][\w./]*)=(?P<value>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Launch:
    """One start of a program: who starts it, in which folder, with which words behind its name.

    ``outer`` is the command of the owner itself that leads to it, if that is another one, in a script or a makefile.
    """

    owner: str
    facts: Facts
    folder: str | None
    words: tuple[str, ...]
    spot: Spot
    outer: Spot | None = None

    @property
    def origin(self) -> Spot:
        """The command of the owner itself."""
        return self.outer or self.spot

    def given(self, option: str, declaring: Facts) -> str | None:
        """Return the value that the words give to an option that a file declares, or to a place among them, or None."""
        if option.isdecimal():
            return self.words[int(option) - 1] if int(option) <= len(self.words) else None
        values = dict(_set(self.words) if self.facts.notebook else _named(self.words))
        for name in (option, *_spellings(declaring, option)):
            if name in values:
                return values[name]
        names = list(_positional(declaring))
        places = list(_bare(self.words, declaring))
        return places[names.index(option)] if option in names and names.index(option) < len(places) else None


@dataclass
class Launches:
    """All starts of the project's programs, by the path of the program."""

    found: dict[str, list[Launch]] = field(default_factory=dict)

    def add(self, launch: Launch) -> None:
        """Keep one more start."""
        self.found.setdefault(launch.facts.path, []).append(launch)

    def of(self, path: str) -> Sequence[Launch]:
        """Return the starts of one program."""
        return self.found.get(path, ())

    def by(self, owner: str) -> Sequence[Launch]:
        """Return the starts by one node of the graph."""
        return self._owned.get(owner, ())

    @cached_property
    def _owned(self) -> Mapping[str, Sequence[Launch]]:
        owned: dict[str, list[Launch]] = {}
        for launch in (launch for starts in self.found.values() for launch in starts):
            owned.setdefault(launch.owner, []).append(launch)
        return owned


def started(
    project: Project, near: Facts, command: Command, folder: str | None, variables: Mapping[str, Plain]
) -> tuple[Facts, tuple[str, ...]] | None:
    """Return the program of the project that a command starts, and the words behind its name."""
    parts = [(part, word) for word in command.words for part in _parts(filled(word, variables))]
    words = [part for part, _ in parts]
    if command.module and (found := project.module(command.module, near)) is not None:
        main = project.files.get(found.path.replace("__init__.py", "__main__.py"))
        return main if main is not None and main.python else found, tuple(words[1:])
    for position, word in enumerate(words):
        application = _APPLICATION.fullmatch(word)
        if application is not None and position > 0:
            found = project.module(application["module"], near)
            if found is not None:
                return found, tuple(words[position + 1 :])
        # Only the command of a program that runs others, or a file that is a program itself, starts what it names.
        if word.endswith(_SCRIPTS) and (position == 0 or not command.known):
            file = _file(project, near, word, folder)
            return (file, _behind(parts, position)) if file is not None else None
    return None


def _behind(parts: Sequence[tuple[str, str]], position: int) -> tuple[str, ...]:
    """Return the words behind one; a command that is written as one word in quotes ends with that word."""
    around = parts[position][1]
    return tuple(part for part, word in parts[position + 1 :] if word is around or " " not in around)


def _file(project: Project, near: Facts, name: str, folder: str | None) -> Facts | None:
    if folder is not None:
        exact = project.files.get(posixpath.normpath(posixpath.join(folder, name)))
        if exact is not None:
            return exact if exact.python else None
    candidates = launches.nearest(project, name, near)
    return project.files[candidates[0]] if len(candidates) == 1 else None


def _parts(word: str) -> list[str]:
    """Return the words that a variable with several of them comes to."""
    return word.split() if " " in word and not word.startswith("{") else [word]


def _named(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the options of a command line, dashes as underscores, and the overrides of settings."""
    for word, following in zip(words, (*words[1:], "")):
        option, equals, value = word.partition("=")
        override = _OVERRIDE.fullmatch(word)
        if word.startswith("-"):
            name = option.lstrip("-").replace("-", "_")
            if equals or (following and not following.startswith("-")):
                yield name, value if equals else following
        elif override is not None:
            yield override["name"], override["value"]


def _set(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the parameters that a command sets in a notebook, each with its value."""
    for option, name, value in zip(words, words[1:], words[2:]):
        if option in notebooks.HANDING:
            yield name, value


def _spellings(facts: Facts, option: str) -> Iterator[str]:
    """Yield the other names that a file gives to an option: short ones, and those of one that it keeps elsewhere."""
    for call in facts.playing("option"):
        written = [each.value.constant for each in call.arguments if each.position is not None]
        names = [each.lstrip("-").replace("-", "_") for each in written if isinstance(each, str)]
        kept = call.keyword("dest")
        if option == kept.value.constant if kept is not None else option in names:
            yield from names


def _positional(facts: Facts) -> Iterator[str]:
    """Yield the names of the arguments that a program takes without a dash, in order."""
    for call in facts.playing("option"):
        first = call.positional(0)
        name = first.value.constant if first is not None else None
        if isinstance(name, str) and not name.startswith("-"):
            yield name.replace("-", "_")


def _bare(words: Sequence[str], facts: Facts) -> Iterator[str]:
    """Yield the words of a command line that are neither options nor their values."""
    switches = set(_switches(facts))
    skipped = False
    for word in words:
        if skipped:
            skipped = False
        elif word.startswith("-") and len(word) > 1:
            skipped = "=" not in word and word.lstrip("-").replace("-", "_") not in switches
        else:
            yield word


def _switches(facts: Facts) -> Iterator[str]:
    """Yield the options of a program that take no value."""
    for call in facts.playing("option"):
        action = call.keyword("action")
        if action is not None and action.value.string not in ("store", "append", "extend"):
            for argument in call.arguments:
                if argument.position is not None and isinstance(argument.value.constant, str):
                    yield argument.value.constant.lstrip("-").replace("-", "_")
