"""The Python model: calls with their roles, values, definitions, imports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xops_lint.cut import Cut
from xops_lint.document import Cell, Document
from xops_lint.entry import Entry
from xops_lint.expression import UNKNOWN, Expression
from xops_lint.operations import Accumulation, Assertion, ChainedStore, Comparison, Equality, Gathering, RowLoop, Shelf
from xops_lint.playing import acting, calls_by_role, followed, playing
from xops_lint.shell import ShellCommand
from xops_lint.text import Place, Range
from xops_lint.versions import may_use

if TYPE_CHECKING:
    from xops_lint.helpers import Helper, Known


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


@dataclass(slots=True)
class Import:
    """One imported name: ``from a.b import c as d`` has target ``a.b.c``, name ``d``.

    ``target`` is absolute as far as the file's place in the project tells.
    """

    target: str
    name: str
    scope: str
    range: Range = Range(0, 0)
    star: bool = False


@dataclass(slots=True)
class Definition:
    """A function, method or class; ``name`` is qualified within the module.

    ``bases`` and ``decorators`` are import-resolved, ``entries`` is what the catalog
    says of them, of a base in the same module what it says of that one's own,
    ``range`` is the name's, ``defaults`` are those of ``parameters`` that are known
    strings, ``loose`` the parameters annotated as a mapping of anything, ``settings`` the
    indices of the calls among the decorators, ``idle`` marks a body in which nothing
    happens, ``unfailing`` that of a test that catches whatever is raised in it and goes on.
    """

    name: str
    kind: str
    range: Range = Range(0, 0)
    bases: tuple[str, ...] = ()
    decorators: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    defaults: Mapping[str, Argument] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    loose: frozenset[str] = frozenset()
    settings: tuple[int, ...] = ()
    idle: bool = False
    unfailing: bool = False

    @property
    def roles(self) -> frozenset[str]:
        """The roles the catalog gives to the decorators and bases."""
        return frozenset().union(*(entry.roles for entry in self.entries))

    @property
    def traits(self) -> frozenset[str]:
        """The traits the catalog gives to the decorators and bases."""
        return frozenset().union(*(entry.traits for entry in self.entries))


@dataclass(slots=True)
class OuterName:
    """A name of the module around, first read in a function whose source runs without that module."""

    name: str
    function: str
    range: Range = Range(0, 0)


@dataclass(slots=True)
class StringLiteral:
    """A string constant, as written; ``role`` says ``docstring`` or nothing.

    ``target`` is the name or keyword the string is given to, if any.
    """

    value: str
    range: Range = Range(0, 0)
    role: str = ""
    target: str = ""


@dataclass
class PythonFile(Document):
    """A Python module, or the code of a notebook as one module in document order.

    ``returned`` are the calls whose results flow into what each function returns,
    unless that is a text, ``results`` these values themselves where they have a type;
    ``types`` says of such types what the catalog does. ``asked`` are the calls whose
    results decide where code goes on. ``cuts`` are the cuts that serve as splits, by
    their index in ``Expression.parts``, ``gathered`` by index the calls that fill containers
    with rows that hang together; ``labels`` say which function's which parameter
    a negative source stands for. ``made`` are the types of the module's objects that are
    there to be fitted and, with ``()`` after the name, of those that its functions make,
    ``helpers`` the functions that do something with data for others; ``known`` is the
    same of other modules. ``every_call`` holds, by index, also those calls that functions
    of other modules make for this one.
    """

    module: str = ""
    imports: Sequence[Import] = ()
    all_calls: Sequence[Call] = ()
    every_call: Sequence[Call] = ()
    definitions: Sequence[Definition] = ()
    comparisons: Sequence[Comparison] = ()
    equalities: Sequence[Equality] = ()
    stores: Sequence[ChainedStore] = ()
    assertions: Sequence[Assertion] = ()
    accumulations: Sequence[Accumulation] = ()
    shelves: Sequence[Shelf] = ()
    row_loops: Sequence[RowLoop] = ()
    strings: Sequence[StringLiteral] = ()
    shell: Sequence[ShellCommand] = ()
    names: Mapping[str, Expression] = field(default_factory=dict)
    references: Mapping[str, frozenset[str]] = field(default_factory=dict)
    returned: Mapping[str, frozenset[int]] = field(default_factory=dict)
    asked: frozenset[int] = frozenset()
    results: Mapping[str, Expression] = field(default_factory=dict)
    types: Mapping[str, Entry] = field(default_factory=dict)
    cuts: Mapping[int, Cut] = field(default_factory=dict)
    gathered: Mapping[int, Gathering] = field(default_factory=dict)
    labels: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    handed: Mapping[int, Sequence[frozenset[int]]] = field(default_factory=dict)
    made: Mapping[str, str] = field(default_factory=dict)
    helpers: Mapping[str, Helper] = field(default_factory=dict)
    known: Known | None = None
    main: bool = False
    cells: Sequence[Cell] = ()
    unbound: Sequence[tuple[str, Range]] = ()
    outer: Sequence[OuterName] = ()

    @property
    def notebook(self) -> bool:
        """Whether this is the code of a notebook."""
        return self.language == "notebook"

    def may_use(self, distribution: str, specifier: str) -> bool | None:
        """Say whether this file may run with a version in a range, as ``Document.may_use``."""
        return may_use(self.dependencies, self, distribution, specifier)

    def calls(self, *roles: str) -> Iterator[Call]:
        """Yield the calls that play any of these roles, in order; all without one."""
        return playing(self._by_role, roles) if roles else iter(self.all_calls)

    def calls_anywhere(self, *roles: str) -> Iterator[Call]:
        """Yield the calls of these roles, in order, also those that functions of other modules make for this one."""
        return playing(self._every_by_role, roles)

    @cached_property
    def _by_role(self) -> Mapping[str, Sequence[Call]]:
        return calls_by_role(self.all_calls)

    @cached_property
    def _every_by_role(self) -> Mapping[str, Sequence[Call]]:
        return self._by_role if self.every_call is self.all_calls else calls_by_role(self.every_call)

    def calls_with_roles(self) -> Iterator[Call]:
        """Yield the calls that play any role at all, in order."""
        return (call for call in self.all_calls if call.roles)

    def acting(self, *roles: str) -> Iterator[Call]:
        """Yield the calls that play any of these roles by themselves: they do more than describe."""
        return acting(self, self.calls(*roles), roles)

    def call(self, index: int) -> Call:
        """Return the call with this index, as ``Expression.sources`` names it."""
        return self.every_call[index]

    def callers(self, function: str) -> list[Call]:
        """Return the calls of a function of this file, by its name within the module."""
        name = f"{self.module}.{function}" if self.module else function
        return [call for call in self.all_calls if function and call.name == name]

    def sources(self, expression: Expression, *roles: str) -> Iterator[Call]:
        """Yield the calls of these roles whose results flow into an expression."""
        wanted = frozenset(roles)
        return (call for call in self.behind(expression) if call.roles & wanted)

    def behind(self, expression: Expression) -> Iterator[Call]:
        """Yield all calls whose results flow into an expression, in order."""
        # What several callers pass must not be mixed: only an argument of the one call is a source.
        for index in sorted(followed(expression.sources, self.handed, callers=1)):
            # Negative sources stand for parameters whose arguments are not known.
            if index >= 0:
                yield self.every_call[index]

    def place(self, where: Range) -> Place:
        """Turn a range into rows and columns; in a notebook, of its cell and file."""
        # Shell cells are no Python but stand in the text; cells of other languages do not.
        present = (cell for cell in self.cells if cell.python or cell.range.start < cell.range.end)
        cell = next((cell for cell in present if cell.range.start <= where.start <= cell.range.end), None)
        if cell is None:
            return Document.place(self, where)
        first, _ = self.lines.position(cell.range.start)
        row, column = self.lines.position(where.start)
        end_row, end_column = self.lines.position(min(where.end, cell.range.end))
        raw_row, raw_column = cell.raw_rows[row - first] if row - first < len(cell.raw_rows) else (1, 1)
        return Place(
            self.path,
            row - first + 1,
            column,
            end_row - first + 1,
            end_column,
            cell.number,
            cell.id,
            raw_row,
            raw_column + column - 1,
        )
