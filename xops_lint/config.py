"""Every config, whatever its syntax, as one tree of values with ranges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from xops_lint.document import Document
from xops_lint.matching import regex
from xops_lint.shell import Command
from xops_lint.text import Range

if TYPE_CHECKING:
    from xops_lint.queries import Query

_STEP = regex(r"\[(?P<index>\*|\d*)\]|\((?P<filter>[^()]+)\)|(?P<key>[^.\[\]()]+|\[[^\]]+\])")
_TEMPLATE = regex(r"\$\{|\$\(|\{\{|\{%|<%|\$[A-Za-z_]")


@dataclass(slots=True)
class Value:
    """One node of a config.

    ``data`` is a dict, a list, the scalar's text, or None for null. ``tag`` is
    ``map``, ``list``, ``str``, ``int``, ``float``, ``bool``, ``null`` or
    ``unknown`` (a CloudFormation ``!Ref``, a template expression: never judge it).
    ``key`` is the range of the mapping key that holds the value, ``route`` its
    path from the root, such as ``stages.train.deps[0]``.
    """

    data: dict[str, Value] | list[Value] | str | None
    tag: str
    range: Range
    key: Range | None = None
    route: str = ""

    @property
    def text(self) -> str:
        """The scalar's text, or an empty string for null and collections."""
        return self.data if isinstance(self.data, str) else ""

    @property
    def templated(self) -> bool:
        """Whether something else fills in a part of the value: a tag, a variable, a template."""
        return self.tag == "unknown" or _TEMPLATE.search(self.text) is not None

    @property
    def items(self) -> Mapping[str, Value]:
        """The entries of a mapping; empty for anything else."""
        return self.data if isinstance(self.data, dict) else {}

    @property
    def list(self) -> Sequence[Value]:
        """The elements of a sequence; empty for anything else."""
        return self.data if isinstance(self.data, list) else ()

    def at(self, route: str) -> Iterator[Value]:
        """Yield what a route reaches: ``a.b``, ``a[0]``, ``a[*]``, ``a[]``, ``a.*``, ``**.image``.

        ``*`` stands for every entry, ``[*]`` for every element, ``[]`` for every
        element or the value itself if it is no list, ``**`` for any depth, ``@`` for
        the names of a mapping's entries or a scalar itself, and ``(Type=Job)`` or
        ``(alert)`` keeps the mappings with that entry. A key with dots is quoted: ``[a.b/c]``.
        """
        yield from _walk(self, _split(route))

    def get(self, route: str) -> Value | None:
        """Return the first value a route reaches, or None."""
        return next(self.at(route), None)

    def holds(self, value: Value) -> bool:
        """Say whether a value is this one or one of those below it."""
        # A root lies below nothing: files hold hundreds of documents, some of them huge.
        return self is value or (value.route != "" and any(below is value for below in self.walk()))

    def is_in(self, around: Value) -> bool:
        """Say whether this value is at or below another one of the same document."""
        rest = self.route.removeprefix(around.route)
        return self.route.startswith(around.route) and (not around.route or rest[:1] in ("", ".", "["))

    def walk(self) -> Iterator[Value]:
        """Yield this value and everything below it, in document order."""
        stack = [self]
        while stack:
            value = stack.pop()
            yield value
            stack.extend(reversed([*value.items.values(), *value.list]))


class Removal(NamedTuple):
    """The release that dropped a version of a resource, and the version that took its place, if any.

    ``alike`` says that the resource reads the same in the new version.
    """

    release: str
    replacement: str = ""
    alike: bool = False


class Misspelling(NamedTuple):
    """A key that its mapping does not know, the key that was meant, and what the mapping is."""

    name: str
    meant: str
    of: str
    range: Range


class Misfit(NamedTuple):
    """A value that its place does not take, why, and what is most likely meant, if anything is."""

    message: str
    range: Range
    replacement: str = ""


@dataclass
class ConfigFile(Document):
    """A config document: its kind, its tree, and the roles its kind gives to routes.

    ``documents`` holds one root a YAML document, and those that stand inside one as
    mappings (the items of a list, the template of a trial); ``root`` is the first.
    Those that stand inside as texts are ``written``. ``traits`` tell what its kinds'
    runners do, ``removals`` the versions of resources that platforms serve no longer, ``misspellings``
    the keys that are most likely another one, ``misfits`` the values that are refused, ``told`` the commands
    that people are to type.
    """

    kind: str = ""
    documents: list[Value] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    routes: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    traits: frozenset[str] = frozenset()
    removals: Sequence[tuple[Value, Removal]] = ()
    commands: Sequence[Command] = ()
    queries: Sequence[Query] = ()
    told: Sequence[Command] = ()
    misspellings: Sequence[Misspelling] = ()
    misfits: Sequence[Misfit] = ()

    @property
    def root(self) -> Value:
        """The first document's tree; an empty mapping if there is none."""
        return self.documents[0] if self.documents else Value({}, "map", Range(0, 0))

    def values(self, role: str, inside: Value | None = None) -> Iterator[Value]:
        """Yield every value that plays a role (``image``, ``command``, ``model_reference`` …).

        ``inside`` keeps to the values at and below one value, such as the inputs of
        one stage. ``kinds[i]`` is the kind of ``documents[i]``; ``routes`` maps kind
        and role to routes, from data/kinds.
        """
        for kind, document in zip(self.kinds, self.documents):
            routes = self.routes.get(kind, {}).get(role)
            if routes and (inside is None or document.holds(inside)):
                for route in routes:
                    yield from (value for value in document.at(route) if inside is None or value.is_in(inside))

    def of_kind(self, *kinds: str) -> Iterator[Value]:
        """Yield the roots of the documents of these kinds."""
        for kind, document in zip(self.kinds, self.documents):
            if kind in kinds:
                yield document


@lru_cache(maxsize=4096)
def _split(route: str) -> tuple[str, ...]:
    """Split a route into steps: keys, ``*``, ``**``, ``#3`` ``#*`` ``#`` for elements, ``(a=b``."""
    steps: list[str] = []
    for match in _STEP.finditer(route):
        if match["index"] is not None:
            steps.append("#" + match["index"])
        elif match["filter"] is not None:
            steps.append("(" + match["filter"])
        else:
            steps.append(match["key"].strip("[]"))
    return tuple(steps)


def _walk(value: Value, steps: tuple[str, ...]) -> Iterator[Value]:
    if not steps:
        yield value
        return
    rest = steps[1:]
    for reached in _reached(value, steps[0]):
        yield from _walk(reached, rest)


def _reached(value: Value, step: str) -> Iterable[Value]:
    """Return what one step reaches."""
    if step == "**":
        return value.walk()
    if step == "*":
        return value.items.values()
    if step == "@":
        return _names(value)
    if step.startswith("("):
        key, equals, wanted = step[1:].partition("=")
        return (value,) if key in value.items and (not equals or value.items[key].text == wanted) else ()
    if step.startswith("#"):
        return _elements(value, step[1:])
    return (value.items[step],) if step in value.items else ()


def _elements(value: Value, position: str) -> Iterable[Value]:
    if position == "":
        return value.list if isinstance(value.data, list) else (value,)
    if position == "*":
        return value.list
    return value.list[int(position) : int(position) + 1]


def _names(value: Value) -> Iterator[Value]:
    if isinstance(value.data, str):
        yield value
    for name, entry in value.items.items():
        yield Value(name, "str", entry.key or entry.range, None, entry.route)
