"""One file of the tool catalog: its head, its entries, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from xops_lint import data_files
from xops_lint.entry import Deprecation, Entry, Parameter
from xops_lint.exceptions import CatalogError
from xops_lint.matching import regex
from xops_lint.nearest import suggestion

_HEAD_BYTES = 4096
_HEAD_TOOL = regex(r"^tool:\s*['\"]?([\w-]+)", re.MULTILINE)
_HEAD_ROOTS = regex(r"^roots:\s*\[([^\]]*)\]", re.MULTILINE)
_NAME = regex(r"[A-Za-z_]\w*(\.([A-Za-z_][\w-]*|\*))*")
_ROOT = regex(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")

_DEPRECATED = regex(
    r"(?P<distribution>[a-z\d][a-z\d-]*)>=(?P<since>\d+(?:\.\d+)*): (?:(?P<state>removed), )?(?P<advice>\w.*)"
)

_RELEASE = regex(r"(?P<distribution>[a-z\d][a-z\d-]*)>=(?P<since>\d+(?:\.\d+)*)(?:,<(?P<until>\d+(?:\.\d+)*))?")

_FILE_KEYS: Final = frozenset(
    {"tool", "title", "distributions", "roots", "generations", "aliases", "types", "calls", "removed"}
)
_CALL_KEYS: Final = frozenset(Entry.__dataclass_fields__) - {"name", "tool", "seeder", "older"} | {"names"}
_PARAMETER_KEYS: Final = frozenset({"name", "names", "position", "default", "written"})


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words tool files may use, each with its meaning where it has one."""

    roles: Mapping[str, str]
    parameters: Mapping[str, str]
    traits: Mapping[str, str]
    families: Mapping[str, Mapping[str, str]]
    learns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToolFile:
    """What one file says of a tool.

    ``types`` maps a type to what it also is, ``removed`` the names that code may still
    mention, as it writes them, to the version without them.
    """

    tool: str
    title: str
    path: Path
    distributions: tuple[str, ...]
    roots: tuple[str, ...]
    generations: Mapping[str, tuple[str, ...]]
    aliases: Mapping[str, str]
    types: Mapping[str, tuple[str, ...]]
    entries: Mapping[str, Entry]
    removed: Mapping[str, Deprecation]


class _WrongError(Exception):
    """Something at a route of keys and indices breaks the schema."""

    def __init__(self, route: tuple[str | int, ...], message: str) -> None:
        super().__init__(message)
        self.route = route


def read_vocabulary() -> Vocabulary:
    """Read the closed vocabulary."""
    data = data_files.load("roles.yaml")
    return Vocabulary(data["roles"], data["parameters"], data["traits"], data["families"], tuple(data["learns"]))


def read_head(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return a file's tool and import roots, if possible from its first lines alone."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES).decode(errors="replace")
    tool, roots = _HEAD_TOOL.search(head), _HEAD_ROOTS.search(head)
    if tool and roots and "#" not in roots[1]:
        return tool[1], tuple(root.strip(" \t\r\n'\"") for root in roots[1].split(",") if root.strip())
    data = _parse(path)
    if not isinstance(data, dict) or "tool" not in data or not isinstance(data.get("roots"), list):
        raise CatalogError(f"{path}:1: a tool file needs `tool`, `roots` and `calls`")
    return str(data["tool"]), tuple(map(str, data["roots"]))


def read_tool(path: Path, vocabulary: Vocabulary) -> ToolFile:
    """Read a tool file; CatalogError names the file, the line and the key at fault."""
    built_in = path.parent == data_files.FOLDER / "tools"
    data = data_files.load(f"tools/{path.name}") if built_in else _parse(path)
    try:
        return _Builder(path, vocabulary).build(data)
    except _WrongError as wrong:
        where = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in wrong.route).lstrip(".")
        place = f"`{where}`: " if where else ""
        raise CatalogError(f"{path}:{_line(path, wrong.route)}: {place}{wrong}") from None


class Methods(NamedTuple):
    """What the names of methods tell, whatever they are called on; ``peculiar`` ones stand for a catalogued name."""

    peculiar: Mapping[str, str]
    gradient: frozenset[str]
    judged: frozenset[str]
    shared: frozenset[str]
    mapping: frozenset[str]
    records: frozenset[str]


def read_methods() -> Methods:
    """Return what the names of methods tell."""
    data = data_files.load("methods.yaml")
    words = (frozenset(data[name]) for name in ("gradient", "judged", "shared", "mapping", "records"))
    return Methods(data["peculiar"], *words)


def is_class(name: str) -> bool:
    """Say whether a qualified name is, by its spelling, a class."""
    return name.rpartition(".")[2].lstrip("_")[:1].isupper()


def _parse(path: Path) -> Any:
    import yaml

    try:
        return yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "is no YAML"
        raise CatalogError(f"{path}:{mark.line + 1 if mark else 1}: {problem}") from None
    except OSError as error:
        raise CatalogError(f"{path}: {error.strerror}") from None


def _line(path: Path, route: tuple[str | int, ...]) -> int:
    """Return the line of the deepest part of a route that the file has."""
    import yaml

    node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    line: int = node.start_mark.line if node else 0
    for step in route:
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == str(step)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
    return line + 1


class _Builder:
    """Checks the data of one file against the schema and makes entries of it."""

    def __init__(self, path: Path, vocabulary: Vocabulary) -> None:
        self.path = path
        self.vocabulary = vocabulary
        self.tool = ""
        self.roots: tuple[str, ...] = ()
        self.generations: dict[str, tuple[str, ...]] = {}
        self.types: dict[str, tuple[str, ...]] = {}
        self.entries: dict[str, Entry] = {}

    def build(self, data: Any) -> ToolFile:
        if not isinstance(data, dict):
            raise _WrongError((), "a tool file is a mapping with `tool`, `roots` and `calls`")
        _known_keys((), data, _FILE_KEYS)
        for key in ("tool", "roots", "calls"):
            if key not in data:
                raise _WrongError((), f"`{key}` is missing")
        self.tool = _text(("tool",), data["tool"])
        self.roots = _words(("roots",), data["roots"])
        for index, root in enumerate(self.roots):
            if not _ROOT.fullmatch(root):
                raise _WrongError(("roots", index), f"`{root}` is no import root")
        generations = _mapping(("generations",), data.get("generations", {}))
        self.generations = {str(key): _words(("generations", key), value) for key, value in generations.items()}
        self._read_types(_mapping(("types",), data.get("types", {})))
        calls = data["calls"]
        if not isinstance(calls, list):
            raise _WrongError(("calls",), "is a list of groups of names")
        for index, group in enumerate(calls):
            self._read_group(("calls", index), group)
        return ToolFile(
            self.tool,
            _text(("title",), data.get("title", self.tool)),
            self.path,
            _words(("distributions",), data.get("distributions", [])),
            self.roots,
            self.generations,
            self._aliases(_mapping(("aliases",), data.get("aliases", {}))),
            self.types,
            self.entries,
            self._removed(_mapping(("removed",), data.get("removed", {}))),
        )

    def _read_types(self, types: dict[str, Any]) -> None:
        for name, bases in types.items():
            self._check_name(("types", name), name)
            self.types[name] = _words(("types", name), bases)

    def _aliases(self, aliases: dict[str, Any]) -> dict[str, str]:
        for name, target in aliases.items():
            self._check_name(("aliases", name), name)
            if not _NAME.fullmatch(_text(("aliases", name), target)):
                raise _WrongError(("aliases", name), f"`{target}` is a malformed name")
        return aliases

    def _removed(self, releases: dict[str, Any]) -> dict[str, Deprecation]:
        """Return what releases have removed: names, each with the same thing under another name, or with advice."""
        found: dict[str, Deprecation] = {}
        for release, names in releases.items():
            match = _RELEASE.fullmatch(str(release))
            if match is None:
                raise _WrongError(("removed", release), "is written `distribution>=version` or `…,<version`")
            for name, written in _mapping(("removed", release), names).items():
                self._check_name(("removed", release, name), name)
                text = _text(("removed", release, name), written)
                advice = text if " " in text else f"write {text}"
                until = match["until"] or ""
                found[name] = Deprecation(match["distribution"], match["since"], "removed", advice, until)
        return found

    def _read_group(self, route: tuple[str | int, ...], group: Any) -> None:
        group = _mapping(route, group)
        _known_keys(route, group, _CALL_KEYS)
        if not group.get("names"):
            raise _WrongError(route, "`names` is missing")
        shared = self._shared(route, group)
        returns = group.get("returns")
        for index, name in enumerate(_words((*route, "names"), group["names"])):
            self._check_name((*route, "names", index), name)
            if name in self.entries:
                raise _WrongError((*route, "names", index), f"`{name}` is listed twice")
            self.entries[name] = Entry(name, self.tool, returns=self._returned(name, returns), **shared)

    def _returned(self, name: str, returns: str | None) -> str | None:
        """Return the type of a call's value; a class makes itself and is what it returns."""
        if not is_class(name):
            return returns
        if returns not in (None, "self", name):
            self.types[name] = (*self.types.get(name, ()), str(returns))
        return name

    def _shared(self, route: tuple[str | int, ...], group: dict[str, Any]) -> dict[str, Any]:
        vocabulary = self.vocabulary
        draws, learns = group.get("draws"), group.get("learns")
        if draws is not None:
            _known_word((*route, "draws"), draws, vocabulary.families, "family")
        if learns is not None:
            _known_word((*route, "learns"), learns, vocabulary.learns, "kind of learning")
        return {
            "roles": frozenset(_closed((*route, "roles"), group.get("roles", []), vocabulary.roles, "role")),
            "parameters": self._parameters((*route, "parameters"), group.get("parameters", {})),
            "seeds": _closed((*route, "seeds"), group.get("seeds", []), vocabulary.families, "family"),
            "draws": draws,
            **(vocabulary.families[draws] if draws is not None else {}),
            "chance": _chance((*route, "chance"), group.get("chance", False)),
            "learns": learns,
            "parts": _words((*route, "parts"), group.get("parts", [])),
            "traits": frozenset(_closed((*route, "traits"), group.get("traits", []), vocabulary.traits, "trait")),
            "generations": _closed(
                (*route, "generations"), group.get("generations", []), self.generations, "generation"
            ),
            "deprecated": _deprecated((*route, "deprecated"), group.get("deprecated")),
            "safe_since": _release((*route, "safe_since"), group.get("safe_since")),
            "copies_since": _release((*route, "copies_since"), group.get("copies_since")),
            "moving": _patterns((*route, "moving"), group.get("moving", [])),
            "untempered": _patterns((*route, "untempered"), group.get("untempered", [])),
            "retired": group.get("retired"),
            "keeper": group.get("keeper"),
        }

    def _parameters(self, route: tuple[str | int, ...], parameters: Any) -> dict[str, Parameter]:
        found: dict[str, Parameter] = {}
        for meaning, spelling in _mapping(route, parameters).items():
            _known_word((*route, meaning), meaning, self.vocabulary.parameters, "parameter meaning")
            found[meaning] = _parameter((*route, meaning), spelling)
        return found

    def _check_name(self, route: tuple[str | int, ...], name: Any) -> None:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise _WrongError(route, f"`{name}` is a malformed name")
        if name.partition(".")[0] not in {root.partition(".")[0] for root in self.roots}:
            raise _WrongError(route, f"`{name}` is below none of the file's roots")


def _parameter(route: tuple[str | int, ...], spelling: Any) -> Parameter:
    if isinstance(spelling, str):
        return Parameter((spelling,))
    if isinstance(spelling, list):
        return Parameter(_words(route, spelling))
    spelling = _mapping(route, spelling)
    _known_keys(route, spelling, _PARAMETER_KEYS)
    names = spelling.get("names", spelling.get("name", []))
    position = spelling.get("position")
    if position is not None and (not isinstance(position, int) or isinstance(position, bool) or position < 0):
        raise _WrongError((*route, "position"), "counts positional arguments from 0")
    return Parameter(
        (names,) if isinstance(names, str) else _words((*route, "names"), names),
        position,
        spelling.get("default"),
        _text((*route, "written"), spelling.get("written", "{}")),
    )


def _patterns(route: tuple[str | int, ...], value: Any) -> tuple[str, ...]:
    patterns = _words(route, value)
    for index, pattern in enumerate(patterns):
        try:
            re.compile(pattern)
        except re.error as error:
            raise _WrongError((*route, index), f"`{pattern}` is no regular expression: {error}") from None
    return patterns


def _release(route: tuple[str | int, ...], value: Any) -> tuple[str, str] | None:
    if value is None:
        return None
    words = _words(route, value)
    if len(words) != 2:
        raise _WrongError(route, "is a distribution and a version")
    return words[0], words[1]


def _deprecated(route: tuple[str | int, ...], value: Any) -> Deprecation | None:
    if value is None:
        return None
    match = _DEPRECATED.fullmatch(_text(route, value))
    if match is None:
        raise _WrongError(route, "is written `distribution>=version: removed, use this`, with or without `removed`")
    return Deprecation(match["distribution"], match["since"], match["state"] or "superseded", match["advice"])


def _chance(route: tuple[str | int, ...], chance: Any) -> bool | Mapping[str, Mapping[str, list[Any]]]:
    if isinstance(chance, bool):
        return chance
    conditional = _mapping(route, chance)
    _known_keys(route, conditional, frozenset({"when", "unless"}))
    if len(conditional) != 1:
        raise _WrongError(route, "has either `when` or `unless`")
    for word, conditions in conditional.items():
        for name, values in _mapping((*route, word), conditions).items():
            if not isinstance(values, list):
                raise _WrongError((*route, word, name), "is a list of values")
    return conditional


def _closed(route: tuple[str | int, ...], words: Any, known: Any, what: str) -> tuple[str, ...]:
    found = _words(route, words)
    for index, word in enumerate(found):
        _known_word((*route, index), word, known, what)
    return found


def _known_word(route: tuple[str | int, ...], word: Any, known: Any, what: str) -> None:
    if word not in known:
        raise _WrongError(route, f"unknown {what} `{word}`{suggestion(str(word), known)}")


def _known_keys(route: tuple[str | int, ...], data: dict[str, Any], known: frozenset[str]) -> None:
    for key in data:
        if key not in known:
            raise _WrongError((*route, key), f"unknown key{suggestion(str(key), known)}")


def _mapping(route: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _WrongError(route, "is a mapping")
    return value


def _text(route: tuple[str | int, ...], value: Any) -> str:
    if not isinstance(value, str):
        raise _WrongError(route, "is a text")
    return value


def _words(route: tuple[str | int, ...], value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise _WrongError(route, "is a list of words")
    return tuple(value)
