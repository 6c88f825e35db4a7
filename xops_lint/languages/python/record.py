"""What the walk of one module writes down, and the syntax nodes behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from xops_lint.call import Call
from xops_lint.code import Definition, Import, StringLiteral
from xops_lint.cut import Cut
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
from xops_lint.text import Range


@dataclass(slots=True)
class Reading:
    """A name read where nothing is bound to it (yet).

    ``late`` marks one that need not run, or not yet, when it is met: a later
    binding anywhere in the module answers it.
    """

    name: str
    range: Range = Range(0, 0)
    late: bool = False
    conditional: int = 0


@dataclass(slots=True)
class Record:
    """Calls, strings, imports, definitions and comparisons of one module, in order.

    ``gone`` holds names that versions lack by the identity of their nodes, ``patched``
    those that the module gives back to their library.
    ``firsts`` tells, after how many calls, what flows into things whose first element is taken.
    ``wanted`` pairs a syntax node with the object and attribute that shall
    receive its range once all nodes are located together.
    """

    calls: list[Call] = field(default_factory=list)
    strings: list[StringLiteral] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    firsts: list[tuple[int, frozenset[int]]] = field(default_factory=list)
    equalities: list[Equality] = field(default_factory=list)
    stores: list[ChainedStore] = field(default_factory=list)
    assertions: list[Assertion] = field(default_factory=list)
    shelves: list[Shelf] = field(default_factory=list)
    row_loops: list[RowLoop] = field(default_factory=list)
    gone: dict[int, Gone] = field(default_factory=dict)
    patched: set[str] = field(default_factory=set)
    accumulations: list[Accumulation] = field(default_factory=list)
    differentiated: set[tuple[str, str]] = field(default_factory=set)
    unbound: list[Reading] = field(default_factory=list)
    globals: set[str] = field(default_factory=set)
    cuts: dict[int, Cut] = field(default_factory=dict)
    gathered: dict[int, Gathering] = field(default_factory=dict)
    wanted: list[tuple[Any, Any, str]] = field(default_factory=list)
    asked: set[int] = field(default_factory=set)
    main: bool = False
    needed: bool = False

    def want(self, node: Any, target: Any, attribute: str = "range", *, needed: bool = True) -> None:
        """Ask for the range of a node to be written to ``target.attribute``.

        If nothing in a module is ``needed``, no rule can report anything in it, and
        locating its nodes, a third of the work on a file, is left out.
        """
        self.wanted.append((node, target, attribute))
        self.needed = self.needed or needed
