"""What commands start by way of scripts of the shell and of targets of makefiles."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from xops_lint import launches
from xops_lint.config import Value
from xops_lint.facts import Facts
from xops_lint.graph.stages import located
from xops_lint.graph.templates import Plain, filled
from xops_lint.matching import regex
from xops_lint.project import Project
from xops_lint.shell import OWN_FOLDER, Command

_SCRIPTS: Final = (".sh", ".bash")
_MAKEFILES: Final = ("GNUmakefile", "makefile", "Makefile")
_MAKE: Final = frozenset({"make", "gmake", "$(MAKE)", "${MAKE}"})
_VALUED: Final = frozenset({"-j", "-l", "-o", "-W", "-I", "--jobs", "--directory", "--file", "-C", "-f", "--makefile"})
_PLACE: Final = regex(r"\$(?:(?P<place>[1-9])|\{(?P<braced>[1-9])(?::?-(?P<default>[^{}]*))?\})")
_ALL: Final = frozenset({"$@", "$*", "${@}", "${@:1}"})

_DEEPEST: Final = 6
"""Scripts that start scripts that start scripts are followed no further."""

_MOST: Final = 500
"""Commands behind one command that are looked at."""


class Step(NamedTuple):
    """A command, the file and the folder that it stands and runs in; ``outer`` is the one that leads to it."""

    facts: Facts
    command: Command
    folder: str | None
    outer: Command


def steps(
    project: Project, facts: Facts, command: Command, folder: str | None, variables: Mapping[str, Plain]
) -> Iterator[Step]:
    """Yield a command, and all that a script or a makefile runs for it, in order and at whatever depth."""
    words = tuple(filled(word, variables) for word in command.words)
    following = _Following(project, command)
    following.follow(Step(facts, replace(command, words=words), folder, command), 0)
    yield Step(facts, command, folder, command)
    yield from following.found[:_MOST]


def lacks_script(project: Project, step: Step) -> bool:
    """Say whether a command starts a script of the shell that is not in the project."""
    script = step.command.script
    return script.endswith(_SCRIPTS) and _file(project, step.facts, script, step.folder) is None


@dataclass
class _Following:
    """What has been found behind one command, and the rules of makefiles that were made for it."""

    project: Project
    outer: Command
    found: list[Step] = field(default_factory=list)
    made: set[tuple[str, str]] = field(default_factory=set)

    def follow(self, step: Step, depth: int) -> None:
        """Add what one command runs."""
        if depth == _DEEPEST or len(self.found) > _MOST:
            return
        position = _script(step.command)
        if position is not None:
            self._script(step, position, depth)
        elif step.command.words[0] in _MAKE:
            self._makefile(step, depth)

    def _script(self, step: Step, position: int, depth: int) -> None:
        words = step.command.words
        script = _file(self.project, step.facts, words[position], step.folder)
        given = words[position + 1 :]
        for command in script.told if script is not None else ():
            if script is not None:
                folder = _within(script, step.folder, command.folder)
                own = (
                    posixpath.relpath(posixpath.dirname(script.path) or ".", folder or ".")
                    if folder is not None
                    else "."
                )
                inner = tuple(word.replace(OWN_FOLDER, own) for word in _handed(command.words, given))
                # A script that runs what it is given runs nothing where it is given nothing.
                if inner:
                    self._add(Step(script, replace(command, words=inner), folder, self.outer), depth)

    def _makefile(self, step: Step, depth: int) -> None:
        folder, targets = step.folder, list(_targets(step.command.words))
        moved, named = (_option(step.command.words, *names) for names in (("-C", "--directory"), ("-f", "--file")))
        if folder is None:
            return
        folder = located(folder, moved) if moved else folder
        makefiles = (self.project.files.get(located(folder, name)) for name in ([named] if named else _MAKEFILES))
        makefile = next((facts for facts in makefiles if facts is not None and facts.language == "makefile"), None)
        root = makefile.documents[0] if makefile is not None and makefile.documents else None
        if makefile is not None and root is not None:
            for target in targets or _goal(root):
                self._target(makefile, root, target, folder, depth)

    def _target(self, makefile: Facts, root: Value, target: str, folder: str, depth: int) -> None:
        """Add what a target needs, and then its recipe; each is made once."""
        if (makefile.path, target) in self.made or depth == _DEEPEST * 3:
            return
        self.made.add((makefile.path, target))
        for rule in root.items["rules"].list:
            if target in _names(rule, "targets"):
                for need in _names(rule, "needs"):
                    self._target(makefile, root, need, folder, depth + 1)
                for command in makefile.told:
                    if command.route == rule.route:
                        where = None if command.folder is None else located(folder, command.folder)
                        self._add(Step(makefile, command, where, self.outer), min(depth, _DEEPEST - 2))

    def _add(self, step: Step, depth: int) -> None:
        self.found.append(step)
        self.follow(step, depth + 1)


def _script(command: Command) -> int | None:
    """Return the place of the word that names the script of the shell that a command runs."""
    for position, word in enumerate(command.words):
        if word.endswith(_SCRIPTS) and (position == 0 or not command.known):
            return position
    return None


def _file(project: Project, near: Facts, name: str, folder: str | None) -> Facts | None:
    """Return the script of the project that a name means: in the folder that is known, or as the only one nearby."""
    if name.startswith(f"{OWN_FOLDER}/"):
        name, folder = name.removeprefix(f"{OWN_FOLDER}/"), posixpath.dirname(near.path)
    exact = project.files.get(located(folder, name)) if folder is not None else None
    if exact is not None:
        return exact if exact.language == "shell" else None
    last = name.rpartition("/")[2]
    like = [
        path for path, facts in project.files.items() if facts.language == "shell" and f"/{path}".endswith(f"/{last}")
    ]
    found = launches.closest(like, name, near)
    return project.files[found[0]] if len(found) == 1 else None


def _within(script: Facts, around: str | None, folder: str | None) -> str | None:
    """Return the folder that a command of a script runs in, where the script is started in another one."""
    if folder is None:
        return None
    if folder == OWN_FOLDER or folder.startswith(f"{OWN_FOLDER}/"):
        return located(posixpath.dirname(script.path), folder.removeprefix(OWN_FOLDER).lstrip("/"))
    return located(around, folder) if around is not None else None


def _handed(words: Sequence[str], given: Sequence[str]) -> Iterator[str]:
    """Yield the words of a command of a script, with what the script is given in its places."""

    def value(match: re.Match[str]) -> str:
        place = int(match["place"] or match["braced"])
        if place <= len(given):
            return given[place - 1]
        return match["default"] if match["default"] is not None else match[0]

    for word in words:
        if word in _ALL:
            yield from given
        else:
            yield _PLACE.sub(value, word)


def _targets(words: Sequence[str]) -> Iterator[str]:
    """Yield the targets that a command names: neither options, their values, nor variables."""
    before = ""
    for word in words[1:]:
        if (
            not word.startswith("-")
            and "=" not in word
            and before not in _VALUED
            and not (before in ("-j", "--jobs") and word.isdecimal())
        ):
            yield word
        before = word


def _option(words: Sequence[str], *names: str) -> str:
    for word, following in zip(words, (*words[1:], "")):
        name, equals, value = word.partition("=")
        if name in names:
            return value if equals else following
    return ""


def _goal(root: Value) -> list[str]:
    """Return the target that is made if none is named."""
    if "goal" in root.items:
        return [root.items["goal"].text]
    names = (name for rule in root.items["rules"].list for name in _names(rule, "targets"))
    return [name for name in names if "%" not in name and (not name.startswith(".") or "/" in name)][:1]


def _names(rule: Value, key: str) -> list[str]:
    return [value.text for value in rule.items[key].list]
