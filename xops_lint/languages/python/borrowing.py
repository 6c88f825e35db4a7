"""Calls of functions of other modules: what these do is taken over, as if it were done here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from xops_lint.columns import Columns
from xops_lint.cut import FIRST_CUT, Cut
from xops_lint.expression import Expression, changed
from xops_lint.languages.python.summaries import Summary, filled, object_name
from xops_lint.languages.python.values import NOTHING
from xops_lint.text import Range

if TYPE_CHECKING:
    from xops_lint.call import Argument, Call
    from xops_lint.helpers import Helper
    from xops_lint.languages.python.expressions import Evaluator

FITTING: Final = frozenset({"train", "preprocess", "resample"})
"""Roles of methods that change their receiver by what they learn."""

_NOWHERE: Final = Range(0, 0)


@dataclass(slots=True)
class Borrowed:
    """A function of another module at one of its calls, its summary in the numbers of this module.

    ``given`` is what the call passes, as the function leaves it.
    """

    parameters: tuple[str, ...]
    owner: str
    summary: Summary
    given: dict[str, Expression]


def borrow(
    evaluator: Evaluator, node: Any, helper: Helper, arguments: Sequence[Argument], receiver: Expression | None
) -> Borrowed:
    """Write down the calls that a helper makes when it is called, and return it as if it were the module's own."""
    given = evaluator.functions.given(helper, arguments, receiver)
    labels = {name: evaluator.functions.label() for name in given}
    moving = _Moving(
        evaluator, node, _numbers(evaluator, helper, labels), {labels[name]: given[name] for name in given}
    )
    for call in helper.calls:
        moving.take(call)
    for index, cut in helper.cuts.items():
        moving.cut(index, cut)
    summary = Summary(labels, moving.renumbered(helper.returns) if helper.returns is not None else None)
    for old, held in helper.effects.items():
        if old in moving.numbers:
            summary.effects[moving.numbers[old]] = moving.renumbered(held)
    for name, label in labels.items():
        if moving.values[label] is not given[name]:
            summary.effects.setdefault(label, summary.parameter(name, NOTHING, "", ""))
    return Borrowed(
        helper.parameters, helper.owner, summary, {name: moving.values[label] for name, label in labels.items()}
    )


def _numbers(evaluator: Evaluator, helper: Helper, labels: Mapping[str, int]) -> dict[int, int]:
    """Return the numbers in this module of a helper's parameters, calls and cuts."""
    calls, cuts = len(evaluator.record.calls), FIRST_CUT + len(evaluator.record.cuts)
    numbers = {helper.labels[name]: new for name, new in labels.items()}
    numbers |= {call.index: calls + order for order, call in enumerate(helper.calls)}
    return numbers | {index: cuts + order for order, index in enumerate(helper.cuts)}


@dataclass(slots=True)
class _Moving:
    """Moves a helper's calls here. ``values`` are the arguments of its parameters, ``learning`` the calls whose
    results are shaped by what they learned, as only the types of the arguments tell."""

    evaluator: Evaluator
    node: Any
    numbers: Mapping[int, int]
    values: dict[int, Expression]
    learning: set[int] = field(default_factory=set)

    def take(self, call: Call) -> None:
        """Add a call of the helper to the module's own; it stands where the helper is called."""
        record = self.evaluator.record
        moved = replace(
            call,
            index=self.numbers[call.index],
            scope=self.evaluator.scope.function.name,
            arguments=tuple(replace(each, value=self._here(each.value), range=_NOWHERE) for each in call.arguments),
            receiver=self._here(call.receiver) if call.receiver is not None else None,
            result=self._here(call.result),
            loop=call.loop + self.evaluator.loop,
            conditional=call.conditional or self.evaluator.conditional > 0,
            cell=None,
            range=_NOWHERE,
            callee=_NOWHERE,
        )
        if moved.entry is None:
            self._settle(moved, call.receiver.identity if call.receiver is not None else 0)
        record.calls.append(moved)
        record.want(self.node, moved)
        record.want(self.node.func, moved, "callee")
        for argument in moved.arguments:
            record.want(self.node, argument)

    def cut(self, index: int, cut: Cut) -> None:
        """Add a cut of the helper to the module's own."""
        own = Cut(self.numbers[index], self._here(cut.rows), set(cut.sides))
        self.evaluator.record.cuts[own.index] = own
        self.evaluator.record.want(self.node, own)

    def _settle(self, call: Call, label: int) -> None:
        """Find out what a call of a parameter's method does, now that it is known what the parameter holds."""
        functions = self.evaluator.functions
        object = call.receiver or NOTHING
        name = functions.member(object.type, call.method) if object.type else ""
        call.name, call.entry = name, self.evaluator.catalog.lookup(name) if name else None
        own = self.numbers.get(label)
        if call.roles & {"preprocess", "resample"}:
            self.learning.add(call.index)
        if own is not None and call.roles & FITTING:
            learned = {(call.index, "")} if "preprocess" in call.roles else object.learned
            self.values[own] = changed(object, sources=object.sources | {call.index}, learned=frozenset(learned))

    def _here(self, value: Expression) -> Expression:
        return filled(self.renumbered(value), self.values)

    def renumbered(self, value: Expression) -> Expression:
        """Return a value in this module's numbers for calls, cuts and parameters; what has none is left out."""
        if not (value.sources or value.identity or value.elements or value.entries or value.columns or value.scale):
            return value
        numbers = self.numbers
        sources = frozenset(numbers[index] for index in value.sources if index in numbers)
        late = {(index, "") for index in sources & self.learning}
        elements, entries = value.elements, value.entries
        return changed(
            value,
            sources=sources,
            parts=_pairs(value.parts, numbers),
            learned=_pairs(value.learned, numbers) | late,
            figures=frozenset(numbers[index] for index in value.figures if index in numbers),
            identity=numbers.get(value.identity, 0),
            columns=_columns(value.columns, numbers),
            scale=_scale(value.scale, numbers),
            elements=None if elements is None else tuple(map(self.renumbered, elements)),
            entries=None if entries is None else {key: self.renumbered(each) for key, each in entries.items()},
        )


def _pairs(pairs: frozenset[tuple[int, str]], numbers: Mapping[int, int]) -> frozenset[tuple[int, str]]:
    return frozenset((numbers[index], name) for index, name in pairs if index in numbers)


def _columns(columns: Columns | None, numbers: Mapping[int, int]) -> Columns | None:
    if columns is None or columns.table not in numbers:
        return None
    return replace(columns, table=numbers[columns.table])


def _scale(scale: str, numbers: Mapping[int, int]) -> str:
    """Return the scale of a value; of one that is a parameter's, that of the parameter."""
    return next((object_name(new) for old, new in numbers.items() if scale == object_name(old)), scale) if scale else ""
