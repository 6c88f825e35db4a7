"""The module's own functions and classes: summaries, attributes, inheritance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Protocol

import libcst as cst

from xops_lint.call import Argument
from xops_lint.entry import Entry
from xops_lint.expression import Expression
from xops_lint.languages.python.scopes import Scope
from xops_lint.languages.python.summaries import Summary
from xops_lint.languages.python.values import join

if TYPE_CHECKING:
    from xops_lint.catalog import Catalog

_DEEPEST_INHERITANCE = 16


@dataclass(slots=True)
class Function:
    """A function of this module, ``inner`` its name within it; its body is walked once, when first called."""

    node: cst.FunctionDef
    name: str
    scope: Scope
    owner: str = ""
    parameters: tuple[str, ...] = ()
    inner: str = ""
    summary: Summary = field(default_factory=Summary)
    walked: bool = False


class Callee(Protocol):
    """What is called with arguments: a function of this module, or of another."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its parameters, in order."""

    @property
    def owner(self) -> str:
        """The class of a method, else an empty string."""


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
        self._labels = count(-1, -1)

    def label(self) -> int:
        """Return a new label, to stand for the argument of a parameter."""
        return next(self._labels)

    def add(self, function: Function) -> None:
        """Register a function and give each parameter its label."""
        function.summary.labels = {name: self.label() for name in function.parameters}
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
            for name, label in function.summary.labels.items()
        }

    def called(self, name: str) -> Function | None:
        """Return the function that a call of this name runs: of a class, what initialises its objects."""
        if name in self.classes:
            return self.functions.get(self.member(name, "__init__"))
        return self.functions.get(name)

    def summarise(self, function: Function, arguments: Sequence[Argument]) -> None:
        """Walk a function's body unless that has been done or is under way."""
        if not function.walked:
            function.walked = True
            self._walk(function, arguments)

    def given(
        self, function: Callee, arguments: Sequence[Argument], receiver: Expression | None
    ) -> dict[str, Expression]:
        """Return the values that a call passes, by parameter; the object of a method comes first."""
        names = function.parameters
        found: dict[str, Expression] = {}
        if function.owner and names and receiver is not None:
            found[names[0]] = receiver
        for argument, name in zip(arguments, self.taking(function, arguments, receiver)):
            if name:
                found[name] = argument.value
        return found

    def taking(self, function: Callee, arguments: Sequence[Argument], receiver: Expression | None) -> list[str]:
        """Return the parameter that takes each argument, or an empty string where that is not known."""
        names = function.parameters[1:] if function.owner and receiver is not None else function.parameters
        found, spread = list[str](), False
        for argument in arguments:
            spread = spread or (argument.unpacked and argument.name is None)
            if argument.position is None:
                found.append(argument.name if argument.name in names else "")
            else:
                found.append(names[argument.position] if argument.position < len(names) and not spread else "")
        return found
