"""The Python model: calls with their roles, values, definitions, imports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from xops_lint.call import Argument, Call
from xops_lint.cut import Cut
from xops_lint.document import Cell, Document
from xops_lint.entry import Entry
from xops_lint.expression import Expression
from xops_lint.operations import (
    Accumulation,
    Assertion,
    ChainedStore,
    Comparison,
    Equality,
    Gathering,
    Gone,
    RowLoop,
    Shelf,
)
from xops_lint.playing import acting, calls_by_role, followed, playing
from xops_lint.shell import ShellCommand
from xops_lint.text import Place, Range
from xops_lint.versions import may_use

if TYPE_CHECKING:
    from xops_lint.helpers import Helper, Known


@dataclass(slots=True)
class Import:
    """One imported name: ``from a.b import c as d`` has target ``a.b.c``, name ``d``.

    ``target`` is absolute as far as the file's place in the project tells, ``guarded``
    marks one that runs under a condition alone, or that the code can do without. ``lacking``
    are the distributions that would install it, where the project declares none of them.
    """

    target: str
    name: str
    scope: str
    range: Range = Range(0, 0)
    star: bool = False
    guarded: bool = False
    lacking: tuple[str, ...] = ()


@dataclass(slots=True)
class Definition:
    """A function, method or class; ``name`` is qualified within the module.

    ``bases`` and ``decorators`` are import-resolved, ``entries`` is what the catalog
    says of them, of a base in the same module what it says of that one's own,
    ``range`` is the name's, ``defaults`` are those of ``parameters`` that are known
    strings, ``loose`` the parameters annotated as a mapping of anything, ``settings`` the
    indices of the calls among the decorators, ``idle`` marks a body in which nothing
    happens, ``unfailing`` that of a test that catches whatever is raised in it and goes on,
    ``fields`` are what a class declares, each with its alias, ``inherits`` the bases that may have further ones.
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
    fields: Mapping[str, str] = field(default_factory=dict)
    inherits: tuple[str, ...] = ()

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
    firsts: Sequence[tuple[int, frozenset[int]]] = ()
    equalities: Sequence[Equality] = ()
    stores: Sequence[ChainedStore] = ()
    assertions: Sequence[Assertion] = ()
    gone: Sequence[Gone] = ()
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
