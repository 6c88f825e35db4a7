"""What flows into functions from their callers in the same module."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from xops_lint.call import Call
from xops_lint.expression import Expression, changed
from xops_lint.languages.python.functions import Function, Functions
from xops_lint.languages.python.record import Record
from xops_lint.languages.python.summaries import filled

_FARTHEST: Final = 3
"""What is returned through more functions than this keeps the name of its last one."""


class Callers:
    """Knows what every call of a module's function passes.

    Where all calls of a function pass the very same thing, be it by one call, that thing
    stands for the parameter in the function's own calls as well; where there is but one
    call, what it gives is what the function returns.
    """

    def __init__(self, functions: Functions, calls: Sequence[Call]) -> None:
        self.handed: dict[int, list[frozenset[int]]] = {}
        self._passed: dict[int, Expression] = {}
        self._returned: dict[str, _Returned] = {}
        self._settled: dict[int, tuple[Expression, Expression]] = {}
        self._open: set[int] = set()
        by_function: dict[str, list[Call]] = {}
        for call in calls:
            function = functions.called(call.name) if call.name else None
            if function is not None:
                by_function.setdefault(function.name, []).append(call)
        for name, its_calls in by_function.items():
            self._note(functions, functions.functions[name], its_calls)

    def settle(self, record: Record) -> None:
        """Put what callers agree on in the place of parameters, in all that a rule may ask for."""
        if not self._passed and not self._returned:
            return
        for call in record.calls:
            if call.entry is not None and call.scope:
                for argument in call.arguments:
                    argument.value = self._in(call.scope, argument.value)
                if call.receiver is not None:
                    call.receiver = self._in(call.scope, call.receiver)
                call.result = self._in(call.scope, call.result)
        for comparison in record.comparisons:
            behind = self._of(Expression(sources=comparison.sources, parts=comparison.parts))
            comparison.sources, comparison.parts = behind.sources, behind.parts
            comparison.sides = tuple(self._of(Expression(sources=side)).sources for side in comparison.sides)
        record.firsts = [(place, self._of(Expression(sources=taken)).sources) for place, taken in record.firsts]
        for cut in record.cuts.values():
            cut.rows = self._of(cut.rows)

    def _note(self, functions: Functions, function: Function, calls: Sequence[Call]) -> None:
        """Note what the calls of a function pass, and what the only one of them gives."""
        passed: dict[str, list[Expression]] = {}
        for call in calls:
            receiver = call.receiver if call.name == function.name else call.result
            for name, value in functions.given(function, call.arguments, receiver).items():
                passed.setdefault(name, []).append(value)
        for name, values in passed.items():
            label = function.summary.labels[name]
            self.handed[label] = [value.sources for value in values]
            if len(values) == len(calls) and values[0].sources and all(value is values[0] for value in values):
                self._passed[label] = values[0]
        returns = function.summary.returns
        if len(calls) == 1 and calls[0].name == function.name and returns is not None and returns.sources:
            self._returned[function.inner] = _Returned(returns, calls[0])

    def _in(self, scope: str, value: Expression) -> Expression:
        """Return a value of a function's own call: where the function returns it, what its only call gives."""
        for _ in range(_FARTHEST):
            returned = self._returned.get(scope)
            if returned is None or returned.value is not value:
                break
            value, scope = returned.call.result, returned.call.scope
        return self._of(value)

    def _of(self, value: Expression) -> Expression:
        """Return a value with the things that the parameters in it stand for."""
        labels = [source for source in value.sources if source < 0]
        if not labels:
            return value
        known = self._settled.get(id(value))
        if known is not None:
            return known[1]
        given = {label: behind for label in labels if (behind := self._behind(label)) is not None}
        settled = filled(value, given) if given else value
        if value.identity not in given and value.origin != settled.origin:
            settled = changed(settled, origin=value.origin)
        # While the old value is kept, no other can have its identity.
        self._settled[id(value)] = (value, settled)
        return settled

    def _behind(self, label: int) -> Expression | None:
        """Return the thing that all callers pass for a parameter; None of a function that calls itself.

        Texts and settings are no things: they are judged where they stand, and followed to their writers from there.
        """
        passed = self._passed.get(label)
        if passed is None or label in self._open:
            return None
        self._open.add(label)
        found = self._of(passed)
        self._open.discard(label)
        return found if found.string is None and not found.route else None


class _Returned(NamedTuple):
    """What a function returns, and the only call of it."""

    value: Expression
    call: Call
