"""What assignments do: names, attributes and items come to hold values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import libcst as cst

from xops_lint.expression import Expression, changed
from xops_lint.languages.python import tables
from xops_lint.languages.python.containers import spread
from xops_lint.languages.python.operations import note_store
from xops_lint.languages.python.removals import note_patch
from xops_lint.languages.python.scopes import Scope
from xops_lint.languages.python.summaries import object_name
from xops_lint.languages.python.values import NOTHING

if TYPE_CHECKING:
    from xops_lint.languages.python.expressions import Evaluator


class Binder:
    """Assigns values to targets in the scope that an evaluator is in.

    ``parameters`` are the names of a module that what runs it may set to something else.
    """

    def __init__(self, evaluator: Evaluator, parameters: frozenset[str] = frozenset()) -> None:
        self.evaluator = evaluator
        self.parameters = parameters

    def bind(self, target: Any, value: Expression) -> None:
        """Assign a value to a target: a name, a tuple, an attribute or an item."""
        if isinstance(target, cst.Name):
            if target.value in self.parameters and self.evaluator.scope.parent is None:
                value = changed(value, origin="cli", route=target.value)
            self.evaluator.scope.bind(target.value, value)
        elif isinstance(target, (cst.Tuple, cst.List)):
            for element, part in zip(target.elements, spread(target.elements, value)):
                self.bind(element.value, part)
        elif isinstance(target, cst.Attribute):
            self._store_attribute(target, value)
        elif isinstance(target, cst.Subscript):
            note_store(self.evaluator, target)
            self._store_item(target, value)

    def rebind(self, node: Any, value: Expression) -> None:
        """Replace what a name or attribute holds after a call changed it in place."""
        if isinstance(node, cst.Name):
            scope: Scope | None = self.evaluator.scope
            while scope is not None and node.value not in scope.names:
                scope = scope.parent
            if scope is not None:
                scope.names[node.value] = value
                if value.identity < 0:
                    # A name of its own, so that branches join it as they join all others.
                    scope.names[object_name(value.identity)] = value
                    scope.changed.add(value.identity)
        elif isinstance(node, cst.Attribute):
            self._store_attribute(node, value)
        elif isinstance(node, cst.Subscript):
            self._store_item(node, value)

    def remove_item(self, target: cst.Subscript) -> None:
        """Take an item out of its container."""
        base = self.evaluator.evaluate(target.value)
        names = tables.names_in(self.evaluator.index(target.slice[0].slice))
        if base is not NOTHING and not base.name and names:
            self.rebind(target.value, tables.without(base, names))

    def _store_attribute(self, target: cst.Attribute, value: Expression) -> None:
        base = self.evaluator.evaluate(target.value)
        attribute = target.attr.value
        note_patch(self.evaluator, target, base)
        if base.name:
            self.evaluator.caller.assigned(target, self.evaluator.catalog.canonical(f"{base.name}.{attribute}"), value)
        elif base.type and self.evaluator.functions.store(base.type, attribute, value):
            return
        elif base is not NOTHING:
            known = self.evaluator.catalog.lookup(f"{base.type}.{attribute}") if base.type else None
            self.rebind(target.value, tables.stored(base, value, frozenset() if known else frozenset({attribute})))

    def _store_item(self, target: cst.Subscript, value: Expression) -> None:
        base = self.evaluator.evaluate(target.value)
        keys = [self.evaluator.index(element.slice) for element in target.slice]
        if base is NOTHING or base.name:
            return
        into_some_rows = len(keys) > 1 and value.figures and not base.figures
        taught = tables.taught(base, value, self.evaluator.record.calls) if into_some_rows else value
        table = tables.stored(base, taught, tables.names_in(keys[-1]))
        if base.entries is not None and len(keys) == 1:
            key = keys[0].constant
            if isinstance(key, str):
                table = changed(table, entries={**base.entries, key: value})
            elif base.entries:
                table = changed(table, entries={**base.entries, "**": value})
        self.rebind(target.value, table)
