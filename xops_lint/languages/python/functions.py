"""The module's own functions and classes: summaries, attributes, inheritance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

import libcst as cst

from xops_lint.code import Argument, Call
from xops_lint.entry import Entry
from xops_lint.expression import Expression
from xops_lint.languages.python.scopes import Scope
from xops_lint.languages.python.values import NOTHING, join

if TYPE_CHECKING:
    from xops_lint.catalog import Catalog

_DEEPEST_INHERITANCE = 16


@dataclass(slots=True)
class Function:
    """A function of this module; its body is walked once, when first called.

    ``labels`` maps each parameter to a negative number that stands for its
    argument in ``Expression.sources``.
    """

    node: cst.FunctionDef
    name: str
    scope: Scope
    owner: str = ""
    parameters: tuple[str, ...] = ()
    labels: dict[str, int] = field(default_factory=dict)
    returns: Expression | None = None
    walked: bool = False


@dataclass(slots=True)
class LocalClass:
    """A class of this module: its resolved bases and what ``self`` holds."""

    bases: tuple[str, ...]
    attributes: dict[str, Expression] = field(default_factory=dict)


class Functions:
    """Looks up the module's own functions, methods and attributes by qualified name."""

    def __init__(self, catalog: Catalog, walk: Callable[[Function, Sequence[Argument]], None]) -> None:
        self.catalog = catalog
        self.functions: dict[str, Function] = {}
        self.classes: dict[str, LocalClass] = {}
        self._walk = walk
        self._label = count(-1, -1)

    def add(self, function: Function) -> None:
        """Register a function and give each parameter its label."""
        function.labels = {name: next(self._label) for name in function.parameters}
        self.functions[function.name] = function

    def is_local(self, name: str) -> bool:
        """Say whether a qualified name is a function or class of this module."""
        return name in self.functions or name in self.classes

    def member(self, type: str, attribute: str, depth: int = 0) -> str:
        """Return the qualified name of a type's attribute, through its bases."""
        own = f"{type}.{attribute}"
        known = self.classes.get(type)
        if known is None or own in self.functions or depth > _DEEPEST_INHERITANCE:
            return self.catalog.canonical(own)
        for base in known.bases:
            inherited = self.member(base, attribute, depth + 1)
            if inherited in self.functions or self.catalog.lookup(inherited):
                return inherited
        return own

    def constructor(self, name: str, depth: int = 0) -> Entry | None:
        """Return what the catalog says of the first catalogued base of a local class."""
        for base in self.classes[name].bases:
            if base in self.classes and depth < _DEEPEST_INHERITANCE:
                found = self.constructor(base, depth + 1)
            else:
                found = self.catalog.lookup(base)
            if found is not None:
                return found
        return None

    def stored(self, type: str, attribute: str, depth: int = 0) -> Expression | None:
        """Return what ``self.attribute`` holds in a local class or its local bases."""
        known = self.classes.get(type)
        if known is None or depth > _DEEPEST_INHERITANCE:
            return None
        if attribute in known.attributes:
            return known.attributes[attribute]
        return next((found for base in known.bases if (found := self.stored(base, attribute, depth + 1))), None)

    def store(self, type: str, attribute: str, value: Expression) -> bool:
        """Note an assignment to ``self.attribute``; False if the class is not local."""
        known = self.classes.get(type)
        if known is None:
            return False
        before = known.attributes.get(attribute)
        empty = before is None or (before.known and before.constant is None)
        known.attributes[attribute] = value if empty or before is None else join(before, value)
        return True

    def attributes(self, module: str) -> dict[str, Expression]:
        """Return the texts that this module's classes hold, by their names within the module."""
        return {
            f"{name.removeprefix(module + '.')}.{attribute}": value
            for name, known in self.classes.items()
            for attribute, value in known.attributes.items()
            if value.string is not None
        }

    def parameters(self, module: str) -> dict[int, tuple[str, str]]:
        """Return the function within the module and the parameter that each label stands for."""
        return {
            label: (function.name.removeprefix(module + "."), name)
            for function in self.functions.values()
            for name, label in function.labels.items()
        }

    def handed(self, calls: Sequence[Call]) -> dict[int, list[frozenset[int]]]:
        """Return, by label, what flows into the parameter from each call of its function."""
        found: dict[int, list[frozenset[int]]] = {}
        for call in calls:
            function = self.functions.get(call.name)
            if function is not None:
                for name, value in _given(function, call.arguments, call.receiver).items():
                    found.setdefault(function.labels[name], []).append(value.sources)
        return found

    def summarise(self, function: Function, arguments: Sequence[Argument]) -> None:
        """Walk a function's body unless that has been done or is under way."""
        if not function.walked:
            function.walked = True
            self._walk(function, arguments)

    def result(self, function: Function, arguments: Sequence[Argument], receiver: Expression | None) -> Expression:
        """Return the value of a call: the summary with the arguments put in."""
        returns = function.returns
        if returns is None or returns is NOTHING:
            return NOTHING
        given = _given(function, arguments, receiver)
        return _filled(returns, {function.labels[name]: value for name, value in given.items()})


def _given(function: Function, arguments: Sequence[Argument], receiver: Expression | None) -> dict[str, Expression]:
    """Map parameter names to the values a call passes."""
    names = list(function.parameters)
    given: dict[str, Expression] = {}
    if function.owner and names and receiver is not None:
        given[names.pop(0)] = receiver
    for argument in arguments:
        if argument.position is not None and argument.position < len(names):
            given[names[argument.position]] = argument.value
        elif argument.name in function.labels:
            given[argument.name] = argument.value
    return given


def _filled(value: Expression, given: dict[int, Expression]) -> Expression:
    """Replace the labels of parameters by what flows in from the arguments."""
    labels = [source for source in value.sources if source < 0]
    cuts = [part for part in value.parts if part[0] < 0]
    lessons = [lesson for lesson in value.learned if lesson[0] < 0]
    if not labels and not cuts and value.elements is None:
        return value
    sources = {source for source in value.sources if source >= 0 or source not in given}
    parts = {part for part in value.parts if part[0] >= 0 or part[0] not in given}
    for label in labels:
        if label in given:
            sources |= given[label].sources
    for label, _ in cuts:
        if label in given:
            parts |= given[label].parts
    learned = {lesson for lesson in value.learned if lesson[0] >= 0 or lesson[0] not in given}
    for label, _ in lessons:
        if label in given:
            learned |= given[label].learned
    elements = None if value.elements is None else tuple(_filled(element, given) for element in value.elements)
    return replace(
        value, sources=frozenset(sources), parts=frozenset(parts), learned=frozenset(learned), elements=elements
    )
