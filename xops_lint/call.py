"""Calls and their arguments, as the walk of a module writes them down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from xops_lint.entry import Entry
from xops_lint.expression import UNKNOWN, Expression
from xops_lint.text import Place, Range


@dataclass(slots=True)
class Argument:
    """One argument of a call. ``name`` is None for a positional one.

    ``unpacked`` marks ``*args`` and ``**kwargs``; ``position`` counts positional
    arguments from 0 and is None for keywords. ``shown`` are the last words of the
    names, attributes and keys whose values a log or a record gets as they are.
    """

    name: str | None
    position: int | None
    value: Expression
    range: Range = Range(0, 0)
    unpacked: bool = False
    shown: frozenset[str] = frozenset()


@dataclass(slots=True)
class Call:
    """One call, in the order of execution as far as it is known.

    ``name`` is import-resolved through instances (``m = Ridge(); m.fit(x)`` is
    ``sklearn.linear_model.Ridge.fit``) and empty if unknown. ``scope`` is the
    qualified name of the function or method around it, empty at module level.
    ``loop`` is how many loops surround it within its scope, ``managed`` marks
    the context expression of a ``with``, ``discarded`` a call whose value is
    dropped, ``conditional`` a call under ``if``, ``try`` or a short circuit,
    ``tried`` one in the only statement of a ``try`` that catches what it raises,
    ``swallowed`` one after whose failure the code goes on, whatever fails, ``caught``
    one in a ``try`` of its function that catches anything. ``home`` is where a call
    stands that a function of another module makes for its caller here; its range is
    that of the caller's call.
    """

    index: int
    name: str
    scope: str
    arguments: tuple[Argument, ...] = ()
    result: Expression = field(default_factory=Expression)
    receiver: Expression | None = None
    entry: Entry | None = None
    method: str = ""
    loop: int = 0
    managed: bool = False
    discarded: bool = False
    conditional: bool = False
    tried: bool = False
    swallowed: bool = False
    caught: bool = False
    cell: int | None = None
    range: Range = Range(0, 0)
    callee: Range = Range(0, 0)
    home: Place | None = None

    @property
    def roles(self) -> frozenset[str]:
        """The roles the catalog gives to the called name."""
        return self.entry.roles if self.entry else frozenset()

    @property
    def unpacks(self) -> bool:
        """Whether ``*args`` or ``**kwargs`` may hold arguments that are not seen."""
        return any(argument.unpacked for argument in self.arguments)

    @property
    def writes(self) -> bool:
        """Whether the call leaves a file behind; methods of what is not known are judged by their names."""
        if self.roles & {"save_data", "save_model"}:
            return True
        if "open_file" in self.roles:
            mode = self.value("mode")
            return isinstance(mode, str) and not {"w", "a", "x"}.isdisjoint(mode)
        return self.entry is None and self.method.startswith(("to_", "save", "dump", "write"))

    @property
    def optimises(self) -> bool:
        """Whether the call moves weights; an unknown object's ``step`` whose value is dropped is taken for that."""
        return "optimise" in self.roles or (self.entry is None and self.method == "step" and self.discarded)

    @property
    def looks_ahead(self) -> bool:
        """Whether the call surely gives rows the values of later ones."""
        if self.entry is None or "looks_ahead" not in self.entry.traits:
            return False
        value = self.value("ahead") if self.takes("ahead") else True
        return value is True or (isinstance(value, (int, float)) and value < 0) or value in ("bfill", "backfill")

    @property
    def data(self) -> frozenset[int]:
        """The calls whose results flow into the arguments."""
        return frozenset().union(*(argument.value.sources for argument in self.arguments))

    @property
    def flowing(self) -> frozenset[int]:
        """The calls whose results flow into the arguments or into the object of a method."""
        return self.data | self.receiver.sources if self.receiver is not None else self.data

    @property
    def data_parts(self) -> frozenset[tuple[int, str]]:
        """The parts of splits that flow into the arguments."""
        return frozenset().union(*(argument.value.parts for argument in self.arguments))

    @property
    def rows(self) -> Expression:
        """The data that a call works on: its argument of that meaning, its first one, or its object."""
        aggregates = "statistic" in self.roles
        given = self.argument("data") or (None if self.takes("data") or aggregates else self.positional(0))
        return given.value if given else (self.receiver if aggregates and self.receiver else Expression())

    @property
    def local(self) -> bool:
        """Whether what the call starts runs on this very machine, for a try."""
        return (value := self.value("local")) is True or (isinstance(value, str) and value.startswith("local"))

    @property
    def shown(self) -> frozenset[str]:
        """The last words of what a log or a record gets of its arguments as it is."""
        return frozenset().union(*(argument.shown for argument in self.arguments))

    def argument(self, meaning: str) -> Argument | None:
        """Return the argument that carries a catalogued meaning (``seed``, ``path``…)."""
        if self.entry is None or (parameter := self.entry.parameters.get(meaning)) is None:
            return None
        for name in parameter.names:
            found = self.keyword(name)
            if found:
                return found
        return None if parameter.position is None else self.positional(parameter.position)

    def takes(self, meaning: str) -> bool:
        """Say whether the called function has a parameter of this meaning."""
        return self.entry is not None and meaning in self.entry.parameters

    def passable(self, meaning: str) -> bool:
        """Say whether a plain value of this meaning can be passed by one more argument."""
        return self.takes(meaning) and self.entry is not None and self.entry.parameters[meaning].written != ""

    def spelling(self, meaning: str) -> str:
        """Return the tool's own name of a meaning's parameter, for messages."""
        return self.entry.parameters[meaning].names[0] if self.entry and meaning in self.entry.parameters else meaning

    def value(self, meaning: str) -> Any:
        """Return the constant behind a meaning: given, default, or UNKNOWN."""
        found = self.argument(meaning)
        if found is not None:
            return found.value.constant
        if self.unpacks or not self.takes(meaning) or self.entry is None:
            return UNKNOWN
        return self.entry.parameters[meaning].default

    def keyword(self, name: str) -> Argument | None:
        """Return the keyword argument of this very name."""
        return next((argument for argument in self.arguments if argument.name == name), None)

    def positional(self, position: int) -> Argument | None:
        """Return a positional argument, counted from 0, unless a ``*args`` precedes it."""
        for argument in self.arguments:
            if argument.unpacked and argument.name is None:
                return None
            if argument.position == position:
                return argument
        return None

    def by_chance(self) -> bool | None:
        """Say whether chance decides the outcome of this call: yes, no, unknown.

        The seed itself is not looked at: ask ``argument("seed")``.
        """
        chance = self.entry.chance if self.entry else False
        if isinstance(chance, bool):
            return chance
        for word, outcome in (("when", True), ("unless", False)):
            for name, values in chance.get(word, {}).items():
                met = self._meets(name, values)
                if met is None:
                    return None
                if met:
                    return outcome
        return "unless" in chance

    def unseeded(self) -> bool:
        """Say whether chance decides this call for certain and no seed is passed.

        A seed that is None counts as none; one that is merely unknown counts as a seed.
        """
        if self.by_chance() is not True or self.unpacks:
            return False
        seed = self.argument("seed")
        return seed is None or seed.value.constant is None

    def _meets(self, name: str, values: Sequence[Any]) -> bool | None:
        meaning = self.entry.parameters.get(name) if self.entry else None
        if (found := self.argument(name) if meaning else self.keyword(name)) is None:
            return None if self.unpacks else "<default>" in values
        return None if not found.value.known else found.value.constant in values
