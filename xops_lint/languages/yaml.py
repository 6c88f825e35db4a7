"""YAML: every document of a file as a tree of values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from xops_lint.config import Value
from xops_lint.diagnostic import Problem
from xops_lint.document import Comment
from xops_lint.gaps import FILLER
from xops_lint.languages.tree import DEEPEST, Parsed, comment_at, name_routes, problem_at
from xops_lint.matching import regex
from xops_lint.text import Range

if TYPE_CHECKING:
    import yaml

_MOST_COPIES = 20_000
"""Aliases stand for copies of their anchors, up to this many values a file: a
nest of aliases can mean billions."""

_DEEPEST_READ = 10 * DEEPEST
"""libyaml takes quadratic time for what nests deeper."""

_NAMESPACE = "tag:yaml.org,2002:"
_TAGS = {
    "str": "str",
    "int": "int",
    "float": "float",
    "bool": "bool",
    "null": "null",
    "timestamp": "str",
    "binary": "str",
    "merge": "merge",
    "value": "str",
    "map": "map",
    "set": "map",
    "seq": "list",
    "omap": "list",
    "pairs": "list",
}
_PROPERTIES = regex(r"(?:[&!]\S*\s+)+")
_COMMENT = regex(r"(?:(?<=[\s\ufeff])|^)#[^\r\n]*", re.MULTILINE)
_OTHER_TEMPLATE = regex(r"\{%|\{#|<%|^\s*@[A-Z_]+@", re.MULTILINE)
_FILLED_IN = "!Sub"
"""CloudFormation's tag of texts with variables, each of which says that it is one."""

_EXPRESSION = regex(r"(?<!\$)\{\{(?![-#%])[^{}\n]*\}\}")
_TEMPLATE = regex(r"(?<!\$)\{\{|\{%|\{#|<%|^\s*@[A-Z_]+@", re.MULTILINE)


def read(text: str) -> Parsed:
    """Return the trees of all documents; a text that is no YAML has a problem.

    Where only ``{{ expressions }}`` or the actions of Go keep a text from being YAML, they are read
    as unknown values; other templates are skipped with a notice.
    """
    builder = _built(text)
    if builder.failure is not None and _TEMPLATE.search(text):
        builder = _built(_EXPRESSION.sub(lambda match: FILLER * len(match.group()), text))
        if builder.failure is not None and not _OTHER_TEMPLATE.search(text):
            from xops_lint.languages import go_templates

            builder = _built(go_templates.masked(text), branches=True)
        if builder.failure is not None:
            problem = Problem("is a template, not plain YAML, so it is not read", skipped=True)
            return Parsed([], tuple(_comments(text, ())), (problem,))
    problems = (*builder.problems, *([builder.failure] if builder.failure else ()))
    documents = [name_routes(root) for root in builder.documents]
    return Parsed(documents, tuple(_comments(text, builder.spans)), problems, bool(builder.gaps))


def _built(text: str, branches: bool = False) -> _Builder:
    """Return what a text is read as, up to where it stops being YAML; with ``branches``, not all of it is in force."""
    import yaml

    builder = _Builder(text, branches)
    try:
        for event in yaml.parse(text, Loader=_loader()):
            builder.take(event)
            if len(builder.stack) > _DEEPEST_READ:
                offset = _offset(event.start_mark)
                builder.failure = problem_at(text, offset, f"nests more than {_DEEPEST_READ} deep")
                break
    except yaml.YAMLError as error:
        builder.failure = _problem(text, error)
    return builder


class _Anchor(NamedTuple):
    """An anchored value, how many values it holds, and how deep it nests."""

    value: Value
    size: int
    height: int


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been read."""

    tag: str
    start: int
    flow: bool
    anchor: str | None
    entries: dict[str, Value] | None = None
    elements: list[Value] = field(default_factory=list)
    merged: list[Value] = field(default_factory=list)
    key: str | None = None
    key_range: Range = Range(0, 0)
    key_merges: bool = False
    odd: bool = False
    end: int = 0


@dataclass(slots=True)
class _Builder:
    """Builds trees from parser events, without recursion, so that no nesting overflows."""

    text: str
    branches: bool = False
    documents: list[Value] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, _Anchor | None] = field(default_factory=dict)
    copies: int = 0
    gaps: int = 0
    failure: Problem | None = None

    def take(self, event: yaml.Event) -> None:
        """Take one parser event."""
        import yaml

        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.MappingStartEvent):
            self._open(event, "map", {})
        elif isinstance(event, yaml.SequenceStartEvent):
            self._open(event, "list", None)
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._close(_offset(event.end_mark))
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.anchors.clear()

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        start, end = self._start(event), _offset(event.end_mark)
        body = start
        if event.style in ("|", ">"):
            # A comment may follow the indicator on the header line.
            body = _line_end(self.text, start)
            end = max(body, start + len(self.text[start:end].rstrip()))
        self.spans.append((body, end))
        tag = "unknown" if FILLER in event.value else _scalar_tag(event)
        # What a tag or template makes of its text is unknown: nobody may judge it.
        data = None if tag in ("null", "unknown") else event.value
        self._add(Value(data, tag, Range(start, end)), event.anchor, event.value)

    def _open(self, event: yaml.CollectionStartEvent, tag: str, entries: dict[str, Value] | None) -> None:
        if event.tag is not None and event.tag != "!":
            tag = _TAGS.get(event.tag.removeprefix(_NAMESPACE), "unknown")
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        start = self._start(event)
        self.stack.append(_Open(tag, start, bool(event.flow_style), event.anchor, entries, end=start))

    def _close(self, end: int) -> None:
        done = self.stack.pop()
        # A block ends where its last entry ends, not where the next token begins.
        where = Range(done.start, end if done.flow else max(done.end, done.start))
        if len(self.stack) >= DEEPEST or (done.odd and done.flow):
            value = Value(None, "unknown", where)
        elif done.entries is None:
            value = Value(done.elements, done.tag, where)
        else:
            value = Value(_merge(done.entries, done.merged), done.tag, where)
        self._add(value, done.anchor, None)

    def _start(self, event: yaml.NodeEvent) -> int:
        """Return where a node's value begins, behind its anchor; a custom tag is part of the value."""
        start: int = _offset(event.start_mark)
        if event.anchor is None and getattr(event, "tag", None) != _FILLED_IN:
            return start
        properties = _PROPERTIES.match(self.text, start)
        return properties.end() if properties and properties.end() <= _offset(event.end_mark) else start

    def _alias(self, event: yaml.AliasEvent) -> None:
        where = Range(_offset(event.start_mark), _offset(event.end_mark))
        if event.anchor not in self.anchors:
            self.problems.append(Problem(f"does not parse as YAML: no anchor `{event.anchor}` above this alias", where))
        anchor = self.anchors.get(event.anchor or "")
        value = Value(None, "unknown", where)
        if anchor is not None and self._has_room_for(anchor):
            self.copies += anchor.size
            value = _copy(anchor.value)
        self._add(value, None, value.text, end=where.end)

    def _has_room_for(self, anchor: _Anchor) -> bool:
        return anchor.height + len(self.stack) < DEEPEST and self.copies + anchor.size <= _MOST_COPIES

    def _add(self, value: Value, anchor: str | None, key: str | None, end: int | None = None) -> None:
        """Put a finished value into the collection around it; ``key`` is its text if it is a key."""
        if anchor is not None:
            self.anchors[anchor] = _measure(value)
        if not self.stack:
            self.documents.append(value)
            return
        around = self.stack[-1]
        around.end = value.range.end if end is None else end
        if around.entries is None:
            around.elements.append(value)
        elif around.key is None:
            around.odd = around.odd or key is None
            around.key = self.text[slice(*value.range)] if key is None else key
            around.key_range, around.key_merges = value.range, value.tag == "merge"
            self.gaps += FILLER in around.key
        else:
            value.key = around.key_range
            if around.key_merges:
                around.merged.append(value)
            elif self.branches and around.key in around.entries:
                # One entry in each branch: which one counts is unknown.
                around.entries[around.key] = Value(None, "unknown", value.range, value.key)
            else:
                around.entries[around.key] = value
            around.key = None


def _scalar_tag(event: yaml.ScalarEvent) -> str:
    if event.tag == _FILLED_IN:
        return "str"
    if event.tag is not None and event.tag != "!":
        return _TAGS.get(event.tag.removeprefix(_NAMESPACE), "unknown")
    if not event.implicit[0]:
        return "str"
    value = event.value
    resolvers = _resolvers()
    for tag, pattern in (*resolvers.get(value[:1], ()), *resolvers.get(None, ())):
        if pattern.match(value):
            return _TAGS.get(tag.removeprefix(_NAMESPACE), "str")
    return "str"


def _merge(entries: dict[str, Value], merged: list[Value]) -> dict[str, Value]:
    """Return a mapping's entries with those of its ``<<`` values, which never override."""
    if not merged:
        return entries
    result: dict[str, Value] = {}
    for value in merged:
        for source in value.list or (value,):
            for key, entry in source.items.items():
                result.setdefault(key, entry)
    return {**result, **entries}


def _measure(value: Value) -> _Anchor:
    size, height = 0, 0
    level: list[Value] = [value]
    while level:
        size += len(level)
        height += 1
        level = [below for each in level for below in (*each.items.values(), *each.list)]
    return _Anchor(value, size, height)


def _copy(value: Value) -> Value:
    """Return a copy of a value, whose depth and size were measured before."""
    data = value.data
    if isinstance(data, dict):
        data = {key: _copy(entry) for key, entry in data.items()}
    elif isinstance(data, list):
        data = [_copy(element) for element in data]
    return Value(data, value.tag, value.range, value.key)


def _comments(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[Comment]:
    """Yield the comments between scalars, in order."""
    position = 0
    for start, end in (*spans, (len(text), len(text))):
        if start > position:
            for match in _COMMENT.finditer(text, position, start):
                yield comment_at(text, *match.span())
        position = max(position, end)


def _offset(mark: Any) -> int:
    """Return where a mark stands, in characters; parser events always have one."""
    index: int = mark.index
    return index


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end < 0 else end


def _problem(text: str, error: yaml.YAMLError) -> Problem:
    """Return what is wrong, at its line."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    offset = mark.index if mark is not None else getattr(error, "position", 0)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "is malformed"
    return problem_at(text, offset or 0, f"does not parse as YAML: {reason}")


@cache
def _loader() -> type[yaml.SafeLoader]:
    """Return the fastest safe loader there is."""
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def _resolvers() -> dict[str | None, list[tuple[str, re.Pattern[str]]]]:
    """Return YAML's rules for what a plain scalar is, by its first character."""
    import yaml

    return dict(yaml.SafeLoader.yaml_implicit_resolvers)
