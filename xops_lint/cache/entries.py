"""What is kept of one file: its facts, field by field so that only what is asked for is read, and its findings."""

from __future__ import annotations

import dataclasses
import json
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from xops_lint.cache import codec
from xops_lint.cache.literals import Foreign, Unstorable
from xops_lint.engine import Judged
from xops_lint.examination import Outcome
from xops_lint.exceptions import XopsError
from xops_lint.facts import Facts
from xops_lint.report import Notice


class UnusableEntry(XopsError):
    """A sound entry of the cache does not hold what it should: it was made by somebody else."""


class Findings(NamedTuple):
    """What is kept of judging a file."""

    judged: Judged
    skipped: tuple[Notice, ...]
    checked: bool


class KeptFacts(NamedTuple):
    """What is kept of reading a file: its facts, those of the files it writes, and which of these were there."""

    facts: Facts
    written: tuple[Facts, ...]
    looked: tuple[tuple[str, bool], ...]


class StoredFacts(Facts):
    """Facts whose fields are read from the cache when they are asked for."""

    __slots__ = ("segments",)

    segments: Mapping[str, memoryview]

    def __getattr__(self, name: str) -> Any:
        segment = self.segments.get(name)
        types = _types()
        if segment is None or name not in types:
            raise AttributeError(name)
        try:
            value = codec.decode(bytes(segment), types[name])
        except Foreign as error:
            raise UnusableEntry(f"the cache holds a foreign `{name}`: {error}") from error
        setattr(self, name, value)
        return value

    def has(self, *fields: str) -> bool:
        """Say whether any of these fields is kept: what holds nothing is not."""
        return any(name in self.segments for name in fields)

    def may_hold(self, text: str, *fields: str) -> bool:
        """Say whether a text stands in what is kept of these fields: to look for it is faster than to read them."""
        spelled = json.dumps(text)[1:-1].encode()
        return any(spelled in bytes(self.segments[name]) for name in fields if name in self.segments)


def write_facts(outcome: Outcome) -> bytes:
    """Return the facts of an outcome as they are kept; raises Unstorable."""
    if outcome.facts is None:
        raise Unstorable("there are none")
    listed, segments = [], []
    for facts in (outcome.facts, *outcome.written):
        lengths = {}
        for name, type in _types().items():
            value = getattr(facts, name)
            if not _is_default(name, value):
                segments.append(codec.encode(value, type))
                lengths[name] = len(segments[-1])
        listed.append(lengths)
    head = json.dumps([listed, outcome.looked], separators=(",", ":")).encode()
    return b"\n".join((head, b"".join(segments)))


def read_facts(data: memoryview) -> KeptFacts | None:
    """Return facts as ``write_facts`` made them; None for anything else."""
    try:
        head = bytes(data).index(b"\n")
        listed, looked = json.loads(bytes(data[:head]))
        at, found = head + 1, []
        for lengths in listed:
            segments = {}
            for name, length in lengths.items():
                if length.__class__ is not int or length < 0:
                    return None
                segments[name] = data[at : at + length]
                at += length
            found.append(_facts(segments))
        asked = tuple((path, present) for path, present in looked if path.__class__ is str)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    return KeptFacts(found[0], tuple(found[1:]), asked) if found and at == len(data) else None


def write_findings(outcome: Outcome) -> bytes:
    """Return the findings of an outcome as they are kept; raises Unstorable."""
    return codec.encode(Findings(outcome.judged, outcome.skipped, outcome.checked), Findings)


def read_findings(data: memoryview) -> Findings | None:
    """Return findings as ``write_findings`` made them; None for anything else."""
    try:
        found: Findings = codec.decode(bytes(data), Findings)
    except Foreign:
        return None
    return found


def _facts(segments: Mapping[str, memoryview]) -> Facts:
    """Return facts that read their fields from segments, and have defaults for those without."""
    made = object.__new__(StoredFacts)
    made.segments = segments
    made.by_role = made.own_calls = None
    for name, default in _defaults().items():
        if name not in segments:
            setattr(made, name, default() if callable(default) else default)
    return made


def _is_default(name: str, value: Any) -> bool:
    defaults = _defaults()
    if name not in defaults:
        return False
    default = defaults[name]
    if callable(default):
        return value.__class__ is dict and not value
    return value.__class__ is default.__class__ and bool(value == default)


@cache
def _types() -> Mapping[str, Any]:
    """Return the fields of facts that are kept, and their types."""
    hints = typing.get_type_hints(Facts, localns={})
    return {field.name: hints[field.name] for field in dataclasses.fields(Facts) if field.init}


@cache
def _defaults() -> Mapping[str, Any]:
    """Return the defaults of facts; what makes a new one where each needs its own."""
    found = {}
    for field in dataclasses.fields(Facts):
        if field.init and field.default is not dataclasses.MISSING:
            found[field.name] = field.default
        elif field.init and field.default_factory is not dataclasses.MISSING:
            found[field.name] = field.default_factory
    return found
