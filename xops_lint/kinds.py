"""What a config document is: the table of kinds, and who is taken for what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, NamedTuple

from xops_lint import data_files
from xops_lint.config import Value
from xops_lint.shell import Shell

_NAME_SCORE = 6
"""A name that decides outweighs weak content, and strong content outweighs it."""

_TYPES: Mapping[str, type] = {"<map>": dict, "<list>": list, "<str>": str}


@dataclass(frozen=True, slots=True)
class Nested:
    """Where documents of a kind hold others.

    At ``inside`` stands a mapping that is a document itself or, if ``text`` is given, the text
    at that route from there is one. ``language`` is the text's, or ``name`` if the text's key
    is a file's name; without it ``interpreter`` is the route of the command that reads the text.
    ``file`` is what the text would be called as a file, where that tells what it is.
    """

    inside: str
    text: str = ""
    language: str = ""
    interpreter: str = ""
    file: str = ""


class Keys(NamedTuple):
    """All keys that the mappings at a route may have; ``of`` says what such a mapping is."""

    at: str
    of: str
    names: tuple[str, ...]


class Words(NamedTuple):
    """All words that the values at a route may be; ``of`` says what such a word is."""

    at: str
    of: str
    names: tuple[str, ...]


class Taken(NamedTuple):
    """What documents of a kind take at which routes: texts alone, whole numbers alone, words of a list."""

    texts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    words: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of config: how to recognise it, and which role its routes play.

    ``files`` are patterns of paths that decide; ``match`` are alternatives of
    conditions on the content; a ``weak`` kind yields to any other; ``traits`` are
    words of data/kinds.yaml on what runs it; ``nested`` are the documents it holds,
    ``keys`` the keys of mappings that take no others, ``taken`` the values of places that do.
    ``shells`` are those that its runner starts, by the name that a document gives, empty for none.
    ``path`` and ``example`` show a document of it.
    """

    name: str
    title: str
    languages: frozenset[str]
    files: tuple[str, ...] = ()
    match: tuple[Mapping[str, Any], ...] = ()
    weak: bool = False
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    traits: frozenset[str] = frozenset()
    nested: tuple[Nested, ...] = ()
    keys: tuple[Keys, ...] = ()
    taken: Taken = Taken()
    shells: Mapping[str, Shell] = field(default_factory=dict)
    path: str = ""
    example: str = ""


def identify(path: str, language: str, documents: Sequence[Value]) -> list[str]:
    """Return the kind of every document, empty for one that is of no known kind."""
    return [_identify(path, language, document) for document in documents]


def kind_by_name(path: str, language: str) -> str:
    """Return the kind that a path's name alone decides, or an empty string."""
    return next(iter(_named(path, language)), "")


def routes() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return the routes of every role of every kind."""
    return {kind.name: kind.roles for kind in all_kinds()}


def traits(names: Sequence[str]) -> frozenset[str]:
    """Return what is known of the runners of kinds, together."""
    return frozenset(trait for kind in all_kinds() if kind.name in names for trait in kind.traits)


def nested(name: str) -> tuple[Nested, ...]:
    """Return where documents of a kind hold others."""
    return _nested().get(name, ())


def keys(name: str) -> tuple[Keys, ...]:
    """Return the keys that mappings of a kind's documents may have."""
    return _keys().get(name, ())


def taken(name: str) -> Taken:
    """Return what documents of a kind take for values."""
    return _taken().get(name, Taken())


def shells(name: str) -> Mapping[str, Shell]:
    """Return the shells that the runner of a kind starts, by the names that documents give them."""
    return _shells().get(name, {})


def known_traits() -> frozenset[str]:
    """Return the closed vocabulary of traits."""
    return frozenset(_vocabulary()["traits"])


def lacking() -> frozenset[str]:
    """Return the roles of what may lack something, which nobody knows of a document with gaps."""
    return frozenset(_vocabulary()["lacking"])


def roles() -> Mapping[str, str]:
    """Return the closed vocabulary of config roles and their meanings."""
    return dict(_vocabulary()["roles"])


@cache
def all_kinds() -> tuple[Kind, ...]:
    """Return every kind, in order of their names."""
    names = sorted(path.name for path in (data_files.FOLDER / "kinds").glob("*.yaml"))
    return tuple(_kind(data_files.load(f"kinds/{name}")) for name in names)


def worth_parsing(path: str, text: str, language: str) -> bool:
    """Say whether a JSON text has the keys, and its path the name, that any kind asks for."""
    return any(
        (pattern is None or pattern.match(path)) and all(key in text for key in keys)
        for pattern, keys in _asked(language)
    )


def _identify(path: str, language: str, document: Value) -> str:
    best, best_rank = "", (False, 0)
    named = _named(path, language)
    for kind in _of_language(language):
        score = _score(kind, path, document, kind.name in named)
        if score and (not kind.weak, score) > best_rank:
            best, best_rank = kind.name, (not kind.weak, score)
    return best


def _score(kind: Kind, path: str, document: Value, is_named: bool) -> int:
    """Return how surely a document is of a kind; 0 if it is not."""
    score = _NAME_SCORE if is_named else 0
    for conditions in kind.match:
        if all(_holds(route, wanted, path, document) for route, wanted in conditions.items()):
            score = max(score, sum(_weight(*each) for each in conditions.items()) + (_NAME_SCORE if score else 0))
    return score


def _weight(route: str, wanted: Any) -> int:
    """Return what a condition is worth: a schema says most, a mere presence least."""
    if route == "$schema":
        return 10
    if isinstance(wanted, list):
        return 4
    if isinstance(wanted, str) and not wanted.startswith("<"):
        return 1 if wanted == "*" else 3
    return 1


def _holds(route: str, wanted: Any, path: str, document: Value) -> bool:
    if route == "(path)":
        return _glob(wanted).match(path) is not None
    if route == "(key)":
        return any(_text(wanted).match(key) for key in document.items)
    found = document.at(route)
    if isinstance(wanted, bool):
        return (next(found, None) is not None) == wanted
    return any(_fits(value, wanted) for value in found)


def _fits(value: Value, wanted: Any) -> bool:
    if isinstance(wanted, list):
        return value.text in wanted
    if wanted in _TYPES:
        return isinstance(value.data, _TYPES[wanted])
    return bool(value.text) and _text(wanted).match(value.text.strip()) is not None


@lru_cache(maxsize=64)
def _named(path: str, language: str) -> tuple[str, ...]:
    """Return the kinds that a path's name alone decides."""
    kinds = _of_language(language)
    return tuple(kind.name for kind in kinds if any(_glob(pattern).match(path) for pattern in kind.files))


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of paths, which may begin at any folder; ``*`` stops at slashes, ``**`` does not."""
    return re.compile("(?:.*/)?" + _translated(pattern, "[^/]*") + r"\Z", re.DOTALL)


@cache
def _text(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of texts."""
    return re.compile(_translated(pattern, ".*") + r"\Z", re.DOTALL)


def _translated(pattern: str, star: str) -> str:
    special = {"**/": "(?:.*/)?", "**": ".*", "*": star, "?": "[^/]", "{": "(?:", "}": ")", ",": "|"}
    tokens = re.findall(r"\*\*/|\*\*|\*|\?|[{},]|\[[^\]]+\]|.", pattern)
    braced = "{" in pattern
    result = []
    for token in tokens:
        if token in special and (braced or token not in "{},"):
            result.append(special[token])
        else:
            result.append(token if len(token) > 1 else re.escape(token))
    return "".join(result)


@cache
def _of_language(language: str) -> tuple[Kind, ...]:
    return tuple(kind for kind in all_kinds() if language in kind.languages)


@cache
def _asked(language: str) -> tuple[tuple[re.Pattern[str] | None, tuple[str, ...]], ...]:
    """Return the pattern of the path and the quoted keys of every alternative."""
    return tuple(
        (_glob(conditions["(path)"]) if "(path)" in conditions else None, tuple(_top_keys(conditions)))
        for kind in _of_language(language)
        for conditions in kind.match
    )


@cache
def _keys() -> Mapping[str, tuple[Keys, ...]]:
    return {kind.name: kind.keys for kind in all_kinds() if kind.keys}


@cache
def _taken() -> Mapping[str, Taken]:
    return {kind.name: kind.taken for kind in all_kinds() if kind.taken != Taken()}


@cache
def _shells() -> Mapping[str, Mapping[str, Shell]]:
    return {kind.name: kind.shells for kind in all_kinds() if kind.shells}


@cache
def _nested() -> Mapping[str, tuple[Nested, ...]]:
    return {kind.name: kind.nested for kind in all_kinds() if kind.nested}


def _top_keys(conditions: Mapping[str, Any]) -> Iterator[str]:
    for route, wanted in conditions.items():
        key = re.split(r"[.\[]", route, maxsplit=1)[0]
        if wanted is not False and key and not key.startswith(("(", "*")):
            yield f'"{key}"'


def _kind(data: Mapping[str, Any]) -> Kind:
    found: dict[str, list[str]] = {role: list(each) for role, each in data.get("roles", {}).items()}
    for prefix, part in data.get("parts", {}).items():
        for role, each in _vocabulary()["parts"][part].items():
            found.setdefault(role, []).extend(_joined(prefix, route) for route in each)
    return Kind(
        data["kind"],
        data["title"],
        frozenset(data["languages"]),
        tuple(data.get("files", ())),
        tuple(data.get("match", ())),
        data.get("weak", False),
        {role: tuple(dict.fromkeys(each)) for role, each in found.items()},
        frozenset(data.get("traits", ())),
        tuple(Nested(**each) for each in data.get("nested", ())),
        tuple(_keys_by(data)),
        _taken_by(data),
        {each.pop("name", ""): Shell(**each) for each in map(dict, data.get("shells", ()))},
        data.get("path", ""),
        data.get("example", ""),
    )


def _keys_by(data: Mapping[str, Any]) -> Iterator[Keys]:
    """Yield the keys that a kind's mappings may have, by its own data and by its traits."""
    shared = (
        each for trait in data.get("traits", ()) for each in _vocabulary()["takes"].get(trait, {}).get("keys", ())
    )
    for each in (*data.get("keys", ()), *shared):
        yield Keys(each["at"], each["of"], tuple(each["names"].split()))


def _taken_by(data: Mapping[str, Any]) -> Taken:
    """Return what a kind takes, by its own data and by its traits."""
    shared = [_vocabulary()["takes"].get(trait, {}) for trait in data.get("traits", ())]
    every = [data.get("takes", {}), *shared]
    words = (
        Words(each["at"], each["of"], tuple(each["names"].split())) for one in every for each in one.get("words", ())
    )
    texts, numbers = (tuple(route for one in every for route in one.get(name, ())) for name in ("texts", "numbers"))
    return Taken(texts, numbers, tuple(words))


def _joined(prefix: str, route: str) -> str:
    return f"{prefix}.{route}" if prefix and route else prefix or route


@cache
def _vocabulary() -> Mapping[str, Any]:
    data: Mapping[str, Any] = data_files.load("kinds.yaml")
    return data
