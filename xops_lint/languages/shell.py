"""Shell texts: the simple commands of a line, a script or a step, and what they do."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from xops_lint import data_files, kinds
from xops_lint.config import ConfigFile
from xops_lint.languages import unheeded
from xops_lint.languages.chains import Raw, chains
from xops_lint.matching import regex
from xops_lint.shell import Command, Shell
from xops_lint.text import Range

_ASSIGNMENT = regex(r"[A-Za-z_]\w*\+?=")
_VERSION = regex(r"(?<=[A-Za-z])\d+(?:\.\d+)*$")
_PLACE_IN_LIST = regex(r"\[\d+\]$")
_VARIABLE = regex(r"[$`*?\[]|\{\{|\{[^}]*,")
_HEADERS = frozenset(["for", "case", "select", "function", "in", "esac", "fi", "done"])
_SHELLS = frozenset({"sh", "bash", "zsh", "dash", "/bin/sh", "/bin/bash", "/bin/zsh"})
_ELSEWHERE = regex("windows", re.IGNORECASE)
"""Systems where runners start another shell, if none is named."""

_UNKNOWN = Shell()
_MOST_WORDS = 5
"""No command of the table has more words than this."""


def commands(
    text: str,
    source: str,
    where: Range,
    shell: Shell = _UNKNOWN,
    rest: str = "",
    fill: Callable[[str], str] | None = None,
) -> Iterator[Command]:
    """Yield the simple commands of a shell text, in order.

    ``where`` is the range of the text in ``source``, where it may be indented,
    quoted or folded; a command that is not found there stands at the whole range.
    ``shell`` is the one that reads the text, ``rest`` what it reads behind it,
    ``fill`` puts into a word what is known of its variables.
    """
    folder: str | None = ""
    cursor = where.start
    split = list(chains(text))
    for chain, excused in zip(split, unheeded.reasons(text, split, shell, rest)):
        for position, raw in enumerate(chain):
            command = _interpreted(raw.words if fill is None else tuple(_filled(raw.words, fill)))
            if command is None:
                continue
            where_found, cursor = _place(text, raw, source, where, cursor)
            forgiven = excused.get(position, "")
            script = _script(command.words)
            if script is not None:
                for inner in commands(script, source, where, unheeded.started(command.words[1:]), fill=fill):
                    yield replace(inner, forgiven=inner.forgiven or forgiven)
                continue
            yield replace(command, range=where_found, folder=folder, forgiven=forgiven)
            folder = _moved(folder, command.words)


def commands_of(file: ConfigFile) -> Iterator[Command]:
    """Yield the commands of a config, from all values that are commands, scripts or CI steps of others."""
    for value in file.values("action"):
        if value.text:
            harmless = any(fnmatchcase(value.text, pattern) for pattern in _book().actions)
            yield Command((value.text,), value.range, known=harmless, route=value.route)
    yield from _run(file)
    for route, values in groupby(file.values("command"), lambda value: _PLACE_IN_LIST.sub("", value.route)):
        words = list(values)
        if len(words) > 1 and not any(" " in word.text for word in words[:1]):
            text, where = shlex.join(word.text for word in words), Range(words[0].range.start, words[-1].range.end)
            for command in commands(text, file.text, where):
                yield replace(command, route=route)
            continue
        for word in words:
            for command in commands(word.text, file.text, word.range, _shell(file, word.route, ())):
                yield replace(command, route=word.route)


def _run(file: ConfigFile) -> Iterator[Command]:
    """Yield the commands of scripts; those of a list go on where the one before ended."""
    named = [(value.route.removesuffix(".shell"), value.text) for value in file.values("shell")]
    for route, values in groupby(file.values("run"), lambda value: _PLACE_IN_LIST.sub("", value.route)):
        texts = list(values)
        shell = _shell(file, route, named)
        for number, value in enumerate(texts):
            rest = "\n".join(each.text for each in texts[number + 1 :])
            for command in commands(value.text, file.text, value.range, shell, rest):
                yield replace(command, route=value.route)
            shell = unheeded.after(shell, value.text)


def _shell(file: ConfigFile, route: str, named: Sequence[tuple[str, str]]) -> Shell:
    """Return the shell that reads the scripts at a route: the one that is named nearest, or what the runner starts."""
    around = [(place.removesuffix("defaults.run"), name) for place, name in named]
    near = [(len(place), name) for place, name in around if route.startswith(place)]
    name = max(near)[1] if near else ""
    started = next((kinds.shells(kind)[name] for kind in file.kinds if name in kinds.shells(kind)), _UNKNOWN)
    if not name and _ELSEWHERE.search(file.text):
        return _UNKNOWN
    words = name.split()
    return unheeded.started(words[1:]) if len(words) > 1 and words[0] in _SHELLS else started


def _filled(words: Sequence[str], fill: Callable[[str], str]) -> Iterator[str]:
    """Yield words with their variables filled in; a bare one may come to several words, or to none."""
    for word in words:
        found = fill(word)
        if found != word and "'" not in word and '"' not in word:
            yield from found.split()
        else:
            yield found


def _interpreted(raw: tuple[str, ...]) -> Command | None:
    """Return what a command does, or None for assignments and the heads of loops."""
    words = _unwrapped([_unquoted(word) for word in raw if word])
    if not words or words[0] in _HEADERS:
        return None
    book = _book()
    module = ""
    interpreter = _matching(words, book.interpreters)
    if interpreter is not None and "-m" in words[interpreter : interpreter + 3]:
        words = words[words.index("-m") + 1 :]
        if not words:
            return None
        module = words[0]
    length = _matching(words, book.meanings)
    if length is None:
        program = not module and _is_program(words[0], book)
        script = words[0] if program else ""
        roles = frozenset({"run_script"}) if script else frozenset[str]()
        return Command(tuple(words), Range(0, 0), roles, script=script, module=module)
    if interpreter is not None and not module and "-c" in words:
        # A line of code that does not even speak of tests runs none.
        return Command(tuple(words), Range(0, 0), known="test" not in words[-1])
    meaning = book.meanings[_key(words, length)]
    rest = words[_index_after(words, length) :]
    script = next((word for word in rest if word.endswith(book.programs)), "") if meaning.runs else ""
    known = not meaning.runs
    roles = frozenset[str]() if _is_idle(tuple(_valued(rest, meaning.chosen)), book) else meaning.roles
    if _is_open(words, meaning):
        roles |= {"admit"}
    return Command(tuple(words), Range(0, 0), roles, known, script, module, tuple(_valued(rest, meaning.files)))


def _unwrapped(words: list[str]) -> list[str]:
    """Take off assignments and the words that only start another command."""
    book = _book()
    while words:
        if _ASSIGNMENT.match(words[0]):
            words = words[1:]
            continue
        length = _matching(words, book.wrappers)
        if length is None:
            return words
        wrapper = book.wrappers[_key(words, length)]
        words = words[_index_after(words, length) :]
        while words and words[0].startswith("-"):
            words = words[2 if words[0] in wrapper.valued else 1 :]
        words = words[wrapper.skips :]
    return words


def _matching(words: Sequence[str], table: Mapping[tuple[str, ...], Any]) -> int | None:
    """Return how many words, options left out, make up the longest name of a table."""
    for length in range(_MOST_WORDS, 0, -1):
        if _key(words, length) in table:
            return length
    return None


def _key(words: Sequence[str], length: int) -> tuple[str, ...]:
    """Return the first words, options left out; a path to a program counts as its name."""
    plain = [word for position, word in enumerate(words) if position == 0 or not word.startswith("-")]
    if len(plain) < length:
        return ()
    first = plain[0].rpartition("/")[2] if "/bin/" in plain[0] else plain[0]
    if (first,) not in _book().firsts:
        first = _VERSION.sub("", first)
    return (first, *plain[1:length])


def _index_after(words: Sequence[str], length: int) -> int:
    """Return where the words behind a name of so many words begin."""
    for position, word in enumerate(words):
        if position == 0 or not word.startswith("-"):
            length -= 1
            if length == 0:
                return position + 1
    return len(words)


def _valued(words: Sequence[str], options: frozenset[str]) -> Iterator[str]:
    for word, following in zip(words, (*words[1:], "")):
        option, equals, value = word.partition("=")
        bundled = re.fullmatch(r"-[A-Za-z]+", word) and f"-{word[-1]}" in options
        if (option in options or bundled) and (value or following):
            yield value if equals else following
        elif word[:2] in options and len(word) > 2 and not bundled:
            yield word[2:]


def _is_idle(tasks: Sequence[str], book: _Book) -> bool:
    """Say whether tasks are named, and all of them for other work than the command is known for."""
    names = [name for task in tasks for name in task.split(",")]
    return bool(names) and all(not book.idle.isdisjoint((name, *re.split(r"[-_.]", name))) for name in names)


def _is_open(words: Sequence[str], meaning: _Meaning) -> bool:
    """Say whether an option lets everybody in, and, where that is said, another one opens the port to others."""
    values = {part for word in words for part in (word, word.partition("=")[2])}
    return not meaning.open.isdisjoint(words) and (not meaning.reached or not meaning.reached.isdisjoint(values))


def _is_program(word: str, book: _Book) -> bool:
    return "/" in word and word.endswith(book.programs)


def _unquoted(word: str) -> str:
    if word[0] == word[-1] == "'" and len(word) > 1:
        return word[1:-1]
    return re.sub(r"\\(.)", r"\1", word.replace('"', "").replace("'", ""))


def _script(words: Sequence[str]) -> str | None:
    """Return the script that a shell is handed with ``-c``."""
    if words[0] not in _SHELLS:
        return None
    for word, following in pairwise(words):
        if re.fullmatch(r"-[a-z]*c", word):
            return following
    return None


def _moved(folder: str | None, words: Sequence[str]) -> str | None:
    """Return the folder after a command, or None if it is not known."""
    if words[0] in ("pushd", "popd"):
        return None
    if words[0] != "cd" or folder is None:
        return folder
    target = words[1] if len(words) == 2 else "$"
    if _VARIABLE.search(target) or target.startswith(("/", "~", "-")):
        return None
    return f"{folder}/{target}" if folder else target


def _place(text: str, raw: Raw, source: str, where: Range, cursor: int) -> tuple[Range, int]:
    """Return the range of a command in its source, and from where to look for the next."""
    written = text[raw.start : raw.end].partition("\n")[0].rstrip(" \t\r\\")
    found = source.find(written, cursor, where.end)
    if found < 0:
        return where, cursor
    return Range(found, found + len(written)), found + len(written)


class _Meaning(NamedTuple):
    roles: frozenset[str] = frozenset()
    runs: bool = False
    files: frozenset[str] = frozenset()
    chosen: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    reached: frozenset[str] = frozenset()


class _Wrapper(NamedTuple):
    valued: frozenset[str] = frozenset()
    skips: int = 0


@dataclass(frozen=True, slots=True)
class _Book:
    """What data/commands.yaml says, by words."""

    meanings: Mapping[tuple[str, ...], _Meaning]
    wrappers: Mapping[tuple[str, ...], _Wrapper]
    interpreters: Mapping[tuple[str, ...], None]
    programs: tuple[str, ...]
    actions: tuple[str, ...]
    idle: frozenset[str]
    firsts: frozenset[tuple[str, ...]]


@cache
def _book() -> _Book:
    data = data_files.load("commands.yaml")
    meanings = {tuple(name.split()): _Meaning() for name in data["inert"]}
    for entry in data["commands"]:
        options = (frozenset(entry.get(key, ())) for key in ("files", "chosen", "open", "reached"))
        meaning = _Meaning(frozenset(entry["roles"]), entry.get("runs", False), *options)
        meanings.update((tuple(name.split()), meaning) for name in entry["names"])
    wrappers = {
        tuple(name.split()): _Wrapper(frozenset(entry.get("valued", ())), entry.get("skips", 0))
        for entry in data["wrappers"]
        for name in entry["names"]
    }
    interpreters = {tuple(name.split()): None for name in data["interpreters"]}
    firsts = frozenset(name[:1] for name in (*meanings, *wrappers, *interpreters))
    idle = frozenset(data["idle_tasks"])
    return _Book(meanings, wrappers, interpreters, tuple(data["programs"]), tuple(data["actions"]), idle, firsts)
