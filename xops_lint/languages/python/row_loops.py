"""Loops over the rows of a table that do nothing but compute: whole columns can do the same at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import libcst as cst

from xops_lint.operations import RowLoop

if TYPE_CHECKING:
    from xops_lint.call import Call
    from xops_lint.languages.python.expressions import Evaluator

_ROWS: Final = "row_loop"
_FUNCTIONS: Final = frozenset({"abs", "round", "min", "max", "int", "float", "bool"})
_METHODS: Final = frozenset({"lower", "upper", "strip", "startswith", "endswith"})
"""What computes a value out of others, for whole columns as well as for one cell."""

_LEAVES: Final = (cst.Integer, cst.Float, cst.SimpleString)


def note_loop(evaluator: Evaluator, node: cst.For) -> None:
    """Keep a loop whose iterated value was just evaluated if it goes over rows and its body only computes."""
    row = _row(evaluator, node.iter, node.target)
    if not row or node.orelse is not None or not isinstance(node.body, cst.IndentedBlock):
        return
    body = _Body(evaluator, row, set(_bound(node.body.body)))
    if body.computes(node.body.body) and body.stored:
        _keep(evaluator, node.iter)


def note_comprehension(evaluator: Evaluator, node: Any) -> None:
    """Keep a list made of rows, whose first iterated value was just evaluated, if its elements are only computed."""
    generator = node.for_in
    row = _row(evaluator, generator.iter, generator.target) if isinstance(node, cst.ListComp) else ""
    if row and generator.inner_for_in is None and not generator.ifs and _Body(evaluator, row, set()).pure(node.elt):
        _keep(evaluator, generator.iter)


def note_applied(evaluator: Evaluator, node: cst.Call, call: Call) -> None:
    """Keep a call that hands row after row to a function that stands in it and only computes."""
    axis = call.keyword("axis")
    given = node.args[0].value if node.args else None
    if axis is None or axis.value.constant not in (1, "columns") or not isinstance(given, cst.Lambda):
        return
    parameters = given.params.params
    if len(parameters) != 1 or len(node.args) > 2:
        return
    if _Body(evaluator, parameters[0].name.value, set()).pure(given.body):
        _keep(evaluator, node)


def _keep(evaluator: Evaluator, node: Any) -> None:
    found = RowLoop()
    evaluator.record.row_loops.append(found)
    evaluator.record.want(node, found)


def _row(evaluator: Evaluator, iterated: Any, target: Any) -> str:
    """Return the name that each row is given, after its label if it comes with one, by what was just evaluated."""
    call = evaluator.caller.made_of(iterated)
    if call is None or call.entry is None or _ROWS not in call.entry.traits:
        return ""
    labelled = isinstance(target, cst.Tuple) and len(target.elements) == 2
    named = target.elements[1].value if labelled else target
    return named.value if isinstance(named, cst.Name) else ""


def _bound(statements: Any) -> Iterator[str]:
    """Yield the names that statements bind."""
    for statement in statements:
        if isinstance(statement, cst.SimpleStatementLine):
            targets = [each for small in statement.body for each in _targets(small)]
            yield from (target.value for target in targets if isinstance(target, cst.Name))
        while isinstance(statement, (cst.If, cst.Else)):
            yield from _bound(statement.body.body)
            statement = getattr(statement, "orelse", None)


def _targets(node: Any) -> list[Any]:
    if isinstance(node, cst.Assign):
        return [each.target for each in node.targets]
    return [node.target] if isinstance(node, cst.AugAssign) else []


class _Body:
    """What a loop's body does with the row that it is given."""

    def __init__(self, evaluator: Evaluator, row: str, bound: set[str]) -> None:
        self.evaluator = evaluator
        self.row = row
        self.bound = bound
        self.known: set[str] = set()
        self.stored = False

    def computes(self, statements: Any) -> bool:
        """Say whether statements only compute values and store them, without looking at other rows."""
        for statement in statements:
            if isinstance(statement, cst.If):
                if not self._branches(statement):
                    return False
            elif not isinstance(statement, cst.SimpleStatementLine) or not all(map(self._small, statement.body)):
                return False
        return True

    def _branches(self, node: cst.If) -> bool:
        if not self.pure(node.test) or not isinstance(node.body, cst.IndentedBlock):
            return False
        before = set(self.known)
        if not self.computes(node.body.body):
            return False
        taken, self.known = self.known, set(before)
        other = node.orelse
        if isinstance(other, cst.If):
            done = self._branches(other)
        else:
            done = other is None or (isinstance(other.body, cst.IndentedBlock) and self.computes(other.body.body))
        # What one branch alone binds may hold what an earlier row has left there.
        self.known &= taken
        return done

    def _small(self, node: Any) -> bool:
        if isinstance(node, (cst.Pass, cst.Continue)):
            return True
        if isinstance(node, cst.AugAssign):
            self.stored = True
            return isinstance(node.operator, cst.AddAssign) and self._sum(node.target) and self.pure(node.value)
        if isinstance(node, cst.Expr):
            return self._collects(node.value)
        return isinstance(node, cst.Assign) and len(node.targets) == 1 and self._stores(node)

    def _sum(self, target: Any) -> bool:
        return isinstance(target, cst.Name) and target.value not in self.known

    def _collects(self, node: Any) -> bool:
        """Say whether a value is put at the end of a list."""
        if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute) or len(node.args) != 1:
            return False
        listed = node.func.attr.value == "append" and isinstance(node.func.value, cst.Name)
        self.stored = True
        return listed and self.pure(node.args[0].value)

    def _stores(self, node: cst.Assign) -> bool:
        if not self.pure(node.value):
            return False
        target = node.targets[0].target
        if isinstance(target, cst.Name):
            self.known.add(target.value)
            return True
        self.stored = True
        if not isinstance(target, cst.Subscript) or not all(self._index(each.slice) for each in target.slice):
            return False
        holder = target.value.value if isinstance(target.value, cst.Attribute) else target.value
        return isinstance(holder, cst.Name) and holder.value != self.row

    def _index(self, node: Any) -> bool:
        return isinstance(node, cst.Index) and self.pure(node.value)

    def pure(self, node: Any) -> bool:
        """Say whether an expression computes a value out of the row's fields, names and constants alone."""
        if isinstance(node, _LEAVES):
            return True
        if isinstance(node, cst.Name):
            # A name that the body binds further down holds what an earlier row has left there.
            return node.value in self.known or (node.value not in self.bound and node.value != self.row)
        if isinstance(node, cst.Subscript):
            return self._field(node.value) and all(isinstance(each.slice, cst.Index) for each in node.slice)
        if isinstance(node, cst.Attribute):
            return self._field(node.value)
        if isinstance(node, cst.Call):
            return self._computed(node)
        if isinstance(node, cst.Comparison):
            return self.pure(node.left) and all(self.pure(each.comparator) for each in node.comparisons)
        if isinstance(node, cst.IfExp):
            return self.pure(node.test) and self.pure(node.body) and self.pure(node.orelse)
        if isinstance(node, (cst.BinaryOperation, cst.BooleanOperation)):
            return self.pure(node.left) and self.pure(node.right)
        return isinstance(node, cst.UnaryOperation) and self.pure(node.expression)

    def _field(self, node: Any) -> bool:
        return isinstance(node, cst.Name) and node.value == self.row

    def _computed(self, node: cst.Call) -> bool:
        arguments = all(self.pure(each.value) for each in node.args)
        if not arguments:
            return False
        if isinstance(node.func, cst.Name) and node.func.value in _FUNCTIONS:
            return True
        if isinstance(node.func, cst.Attribute) and node.func.attr.value in _METHODS and self.pure(node.func.value):
            return True
        return self._elementwise(node.func)

    def _elementwise(self, function: Any) -> bool:
        """Say whether a function of a module does to whole columns what it does to one value."""
        evaluator = self.evaluator
        member = function.attr.value if isinstance(function, cst.Attribute) else ""
        holder = function.value if member else function
        value = evaluator.scope.lookup(holder.value) if isinstance(holder, cst.Name) else None
        name = "" if value is None else evaluator.member(value, member) if member else value.name
        entry = evaluator.catalog.lookup(name) if name else None
        return entry is not None and "elementwise" in entry.traits
