"""Sums to which a loop adds what gradients were computed of, with all that hangs on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import libcst as cst

from xops_lint.languages.python.syntax import target_name
from xops_lint.operations import Accumulation

if TYPE_CHECKING:
    from xops_lint.languages.python.expressions import Evaluator
    from xops_lint.languages.python.record import Record


class Accumulations:
    """Follows, by name within a function, what gradients are computed of and what is added up.

    An assignment ends what is known of a name: it may hold a plain number from then on.
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self._loops: dict[tuple[str, str], int] = {}
        self._live: set[tuple[str, str]] = set()
        self._waiting: dict[tuple[str, str], list[tuple[Accumulation, cst.Name]]] = {}

    def assigned(self, evaluator: Evaluator, target: Any) -> None:
        """Note that a name holds something new."""
        if isinstance(target, cst.Name):
            key = (evaluator.scope.function.name, target.value)
            self._loops[key] = evaluator.loop
            self._live.discard(key)
            self._waiting.pop(key, None)
        elif isinstance(target, (cst.Tuple, cst.List)):
            for element in target.elements:
                self.assigned(evaluator, element.value)

    def differentiated(self, evaluator: Evaluator, node: cst.Call) -> None:
        """Note the names of which a call computes gradients, and keep what was added up of them before."""
        scope = evaluator.scope.function.name
        for name in _differentiated(node):
            key = (scope, name.value)
            self._live.add(key)
            self.record.differentiated.add(key)
            for accumulation, added in self._waiting.pop(key, ()):
                self._keep(accumulation, added)

    def added(self, evaluator: Evaluator, node: cst.AugAssign) -> None:
        """Note what a loop adds to a sum that outlives its turns."""
        if not evaluator.loop or evaluator.ungraded or not isinstance(node.operator, cst.AddAssign):
            return
        scope, target = evaluator.scope.function.name, target_name(node.target)
        if self._loops.get((scope, target), -1) >= evaluator.loop:
            return
        for name in _terms(node.value):
            accumulation = Accumulation(scope, target, name.value)
            if (scope, name.value) in self._live:
                self._keep(accumulation, name)
            else:
                self._waiting.setdefault((scope, name.value), []).append((accumulation, name))

    def _keep(self, accumulation: Accumulation, name: cst.Name) -> None:
        self.record.accumulations.append(accumulation)
        self.record.want(name, accumulation)


def _differentiated(node: cst.Call) -> Iterator[cst.Name]:
    """Yield the names behind ``loss.backward()``, ``scale(loss).backward()`` and ``engine.backward(loss)``."""
    receiver = node.func.value if isinstance(node.func, cst.Attribute) else None
    if isinstance(receiver, cst.Call):
        yield from (argument.value for argument in receiver.args if isinstance(argument.value, cst.Name))
    elif node.args:
        yield from (argument.value for argument in node.args[:1] if isinstance(argument.value, cst.Name))
    else:
        yield from _terms(receiver)


def _terms(node: Any) -> Iterator[cst.Name]:
    """Yield the names whose values arithmetic takes over, but not those it only divides by."""
    if isinstance(node, cst.Name):
        yield node
    elif isinstance(node, cst.BinaryOperation):
        yield from _terms(node.left)
        if isinstance(node.operator, (cst.Add, cst.Multiply)):
            yield from _terms(node.right)
