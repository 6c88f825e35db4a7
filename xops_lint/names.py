"""The names that parts of a project agree on: who gives a name, and who takes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from xops_lint import provenance
from xops_lint.matching import regex
from xops_lint.text import Range
from xops_lint.words import spoken

if TYPE_CHECKING:
    from xops_lint.call import Call
    from xops_lint.config import Value
    from xops_lint.expression import Expression
    from xops_lint.facts import Facts
    from xops_lint.project import Project

_WORD: Final = regex(r"\w+")
_TEMPLATE: Final = regex(r"\$\{[^{}]*\}|\{\{[^{}]*\}\}")
_REGISTERED: Final = regex(r"models:/+(?P<name>[^/@]+)")


class Name(NamedTuple):
    """A name where it is given; ``{}`` stands for pieces that are not known."""

    text: str
    path: str
    range: Range


def parameters(project: Project) -> Iterator[tuple[Facts, Value]]:
    """Yield the groups of parameters that files of parameters hold, the files themselves included."""
    for facts in project.facts:
        for kind, document in zip(facts.kinds, facts.documents):
            if _holds_parameters(facts, kind):
                yield from ((facts, value) for value in document.walk() if value.items)


def taken(project: Project) -> frozenset[str]:
    """Return the words with which code, commands and templates of a project can ask for anything."""
    return spoken(project.python) | frozenset(word for text in _asking(project) for word in _WORD.findall(text))


def _asking(project: Project) -> Iterator[str]:
    """Yield the texts of configs that may name a parameter in order to take it."""
    for facts in project.facts:
        declares = "keeps_record" in facts.traits
        for kind, document in zip(facts.kinds, facts.documents):
            held = _holds_parameters(facts, kind)
            for value in document.walk():
                if held or declares:
                    yield from _TEMPLATE.findall(value.text)
                else:
                    yield value.text
        yield from (command.text for command in facts.commands)


def _holds_parameters(facts: Facts, kind: str) -> bool:
    """Say whether a config of a kind holds parameters and nothing else: nothing in it takes them."""
    return facts.routes.get(kind) == {"parameter": ("**",)}


def logged(project: Project, facts: Facts, call: Call) -> Iterator[Name]:
    """Yield the names under which a call records metrics of a run."""
    given = call.argument("name")
    for written in provenance.texts(project, facts, call, given) if given is not None else ():
        yield Name(written.text, written.path, written.range)
    metrics = call.argument("metrics")
    for key in (metrics.value.entries or {}) if metrics is not None else ():
        if metrics is not None and isinstance(key, str):
            yield Name(key, facts.path, metrics.range)


def recorded(project: Project) -> Iterator[Name]:
    """Yield the names under which code records metrics of runs, or hands them to callbacks; ``{}`` for unknown ones."""
    for facts, call in project.calls("log_metrics"):
        found = list(logged(project, facts, call))
        yield from found or [Name("{}", facts.path, call.range)]
    yield from handed(project)


def handed(project: Project) -> Iterator[Name]:
    """Yield the names under which code hands figures to the callbacks of its trainer; ``{}`` for unknown ones."""
    for facts in project.python:
        for call in facts.calls:
            given = call.argument("name") if call.entry is not None and "feeds_callbacks" in call.entry.traits else None
            if given is not None:
                yield from (Name(text, facts.path, call.range) for text in _given(given.value))


def _given(value: Expression) -> Iterator[str]:
    """Yield the names that a text, or the keys of a mapping, give."""
    keys = [value.string] if value.string is not None else list(value.entries or ("{}",))
    yield from (key if isinstance(key, str) and key != "**" else "{}" for key in keys)


def registered(project: Project) -> Iterator[Name]:
    """Yield the names under which a project enters models into registries; ``{}`` where one is not known."""
    for facts, call in project.calls("register_model", "log_model", "save_model", "autolog"):
        given = call.argument("registered_name")
        if given is None and "register_model" in call.roles and not facts.context.test:
            yield Name("{}", facts.path, call.range)
        if given is None or facts.context.test or (given.value.known and given.value.constant is None):
            continue
        found = list(provenance.texts(project, facts, call, given))
        if not found or provenance.unknown(project, facts, call, given):
            yield Name("{}", facts.path, given.range)
        yield from (Name(written.text, written.path, written.range) for written in found)
    for facts in project.facts:
        yield from (Name("{}", facts.path, each.range) for each in facts.commands if "register_model" in each.roles)


def registered_name(address: str) -> str:
    """Return the name of the model that an address of a registry means, or nothing."""
    match = _REGISTERED.match(address)
    return match["name"] if match is not None and "{" not in match["name"] else ""
