"""Scopes: which name means what, where, as far as the walk has come."""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from xops_lint.expression import Expression
from xops_lint.languages.python.values import join

BUILTINS = frozenset(dir(builtins)) | {"__file__", "__name__", "__doc__", "__path__", "__spec__", "WindowsError"}
BUILTINS |= {"__builtins__", "__annotations__", "__class__", "__module__", "__qualname__"}
"""Names that need no definition in a module."""

PYTHON_2_NAMES = frozenset(
    ["basestring", "cmp", "execfile", "long", "raw_input", "reduce", "reload", "unichr", "unicode", "xrange"]
)
"""Names that code for both generations guards, and old notebooks use as they are."""

NOTEBOOK_NAMES = frozenset(
    {
        "display",
        "get_ipython",
        "In",
        "Out",
        "_",
        "__",
        "___",
        "_i",
        "_ii",
        "_iii",
        "_ih",
        "_exit_code",
        "_oh",
        "_dh",
        "exit",
        "quit",
        "dbutils",
        "spark",
        "sc",
        "sqlContext",
        "displayHTML",
        "HiveContext",
        "mssparkutils",
        "notebookutils",
        "cd",
        "cls",
        "clear",
        "ll",
        "ls",
        "lsmagic",
        "pwd",
        "who",
        "whos",
    }
)
"""Names a notebook's kernel defines, and magics that stand alone without their percent sign."""


@dataclass(slots=True)
class Scope:
    """One namespace. ``name`` is the qualified name of its function or class.

    ``changed`` are the labels of the parameters whose objects were changed in place.
    """

    name: str
    kind: str
    parent: Scope | None = None
    names: dict[str, Expression] = field(default_factory=dict)
    outer: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    references: set[str] = field(default_factory=set)
    owner: str = ""
    changed: set[int] = field(default_factory=set)

    @property
    def function(self) -> Scope:
        """The scope itself, or the function around a comprehension."""
        scope = self
        while scope.kind == "comprehension" and scope.parent is not None:
            scope = scope.parent
        return scope

    @property
    def module(self) -> Scope:
        """The module's scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def lookup(self, name: str) -> Expression | None:
        """Return what a name is bound to here; class scopes are skipped from below."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.names.get(name)
            if found is not None and (scope is self or scope.kind != "class"):
                return found
            scope = scope.parent
        return None

    def may_bind(self, name: str) -> bool:
        """Say whether some path that was walked binds a name, be it one that leaves its block."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.bound and (scope is self or scope.kind != "class"):
                return True
            scope = scope.parent
        return False

    def bind(self, name: str, value: Expression) -> None:
        """Bind a name in the scope it belongs to (``global`` and ``nonlocal`` heeded)."""
        scope = self
        if name in self.outer:
            scope = self.module
        scope.names[name] = value
        scope.bound.add(name)


@contextmanager
def branch(scope: Scope) -> Iterator[dict[str, Expression]]:
    """Run a block on a copy of the bindings; the copy is left for the caller to merge."""
    before = scope.names
    scope.names = dict(before)
    try:
        yield scope.names
    finally:
        scope.names = before


def merged(first: dict[str, Expression], second: dict[str, Expression]) -> dict[str, Expression]:
    """Return the bindings after two branches, of which either may have run."""
    result = dict(first)
    for name, value in second.items():
        known = result.get(name)
        if known is None:
            result[name] = value
        elif known is not value:
            result[name] = join(known, value)
    return result
