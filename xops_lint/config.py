"""Every config, whatever its syntax, as one tree of values with ranges."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xops_lint.document import Document
from xops_lint.text import Range

_STEP = re.compile(r"\[(?P<index>\*|\d*)\]|(?P<key>[^.\[\]]+|\[[^\]]+\])")
_TEMPLATE = re.compile(r"\$\{|\$\(|\{\{|\{%|<%|\$[A-Za-z_]")


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

        ``*`` stands for every key, ``[*]`` for every element, ``[]`` for every
        element or the value itself if it is no list, and ``**`` for any depth; a
        key with dots is written ``[a.b/c]`` by quoting it in brackets.
        """
        yield from _walk(self, _split(route))

    def get(self, route: str) -> Value | None:
        """Return the first value a route reaches, or None."""
        return next(self.at(route), None)

    def walk(self) -> Iterator[Value]:
        """Yield this value and everything below it, in document order."""
        stack = [self]
        while stack:
            value = stack.pop()
            yield value
            stack.extend(reversed([*value.items.values(), *value.list]))


@dataclass
class ConfigFile(Document):
    """A config document: its kind, its tree, and the roles its kind gives to routes.

    ``documents`` holds one root a YAML document; ``root`` is the first. Nested
    documents (a manifest inside a ConfigMap, a ``kind: List``) appear as
    ``ConfigFile`` objects of their own in ``embedded``.
    """

    kind: str = ""
    documents: list[Value] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    routes: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    embedded: list[ConfigFile] = field(default_factory=list)

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
        wanted = None if inside is None else {id(value) for value in inside.walk()}
        for kind, document in zip(self.kinds, self.documents):
            for route in self.routes.get(kind, {}).get(role, ()):
                for value in document.at(route):
                    if wanted is None or id(value) in wanted:
                        yield value

    def of_kind(self, *kinds: str) -> Iterator[Value]:
        """Yield the roots of the documents of these kinds."""
        for kind, document in zip(self.kinds, self.documents):
            if kind in kinds:
                yield document


def _split(route: str) -> tuple[str, ...]:
    """Split a route into steps: keys, ``*``, ``**``, and ``#3``, ``#*`` or ``#`` for elements."""
    steps = []
    for match in _STEP.finditer(route):
        if match["index"] is not None:
            steps.append("#" + match["index"])
        else:
            steps.append(match["key"].strip("[]"))
    return tuple(steps)


def _walk(value: Value, steps: tuple[str, ...]) -> Iterator[Value]:
    if not steps:
        yield value
        return
    step, rest = steps[0], steps[1:]
    if step == "**":
        for below in value.walk():
            yield from _walk(below, rest)
    elif step == "#*":
        for element in value.list:
            yield from _walk(element, rest)
    elif step == "#":
        for element in value.list if isinstance(value.data, list) else (value,):
            yield from _walk(element, rest)
    elif step.startswith("#"):
        position = int(step[1:])
        if position < len(value.list):
            yield from _walk(value.list[position], rest)
    elif step == "*":
        for entry in value.items.values():
            yield from _walk(entry, rest)
    elif step in value.items:
        yield from _walk(value.items[step], rest)
