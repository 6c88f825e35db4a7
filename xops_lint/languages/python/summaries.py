"""What a function does for those who call it: to its arguments, and in what it returns.

A summary is made once, by the walk over the function's body, in terms of labels that
stand for the parameters. A call puts its arguments in the place of the labels; what is
not known of a function, or of an argument, stays unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from xops_lint.columns import Columns
from xops_lint.expression import UNKNOWN, Expression, changed
from xops_lint.languages.python.scopes import Scope
from xops_lint.languages.python.values import NOTHING, join


@dataclass(slots=True)
class Summary:
    """What a function makes of its parameters.

    ``labels`` maps each parameter to a negative number that stands for its
    argument in ``Expression.sources``, ``effects`` each label of an argument that is
    changed in place to what it holds when the function is left.
    """

    labels: dict[str, int] = field(default_factory=dict)
    returns: Expression | None = None
    effects: dict[int, Expression] = field(default_factory=dict)

    def parameter(self, name: str, passed: Expression, type: str, origin: str) -> Expression:
        """Return what a parameter holds: its label, with what the first call tells of its type."""
        label = self.labels[name]
        return Expression(
            type=type,
            origin=origin,
            sources=frozenset({label}),
            parts=frozenset({(label, "")}),
            identity=label,
            route=name,
            learned=frozenset({(label, "")}),
            columns=Columns(label) if passed.columns is not None else None,
            scale=object_name(label),
        )

    def leave(self, scope: Scope, returned: Expression | None) -> None:
        """Note one of the ways out of the function, which are joined."""
        if returned is not None:
            self.returns = returned if self.returns is None else join(self.returns, returned)
        for label in scope.changed:
            held = scope.names.get(object_name(label))
            if held is not None:
                known = self.effects.get(label)
                self.effects[label] = held if known is None else join(known, held)

    def result(self, given: Mapping[str, Expression]) -> Expression:
        """Return the value of a call that passes these arguments."""
        if self.returns is None or self.returns is NOTHING:
            return NOTHING
        return filled(self.returns, {self.labels[name]: value for name, value in given.items()})

    def changed(self, given: Mapping[str, Expression]) -> dict[str, Expression]:
        """Return what the arguments that a call changes in place hold afterwards, by parameter."""
        if not self.effects:
            return {}
        by_label = {self.labels[name]: value for name, value in given.items()}
        return {
            name: filled(self.effects[label], by_label)
            for name, label in self.labels.items()
            if label in self.effects and label in by_label and _holds(by_label[label])
        }


def object_name(label: int) -> str:
    """Return a name for the object behind a parameter, whatever the function's own names come to mean."""
    return f"#{label}"


def filled(value: Expression, given: Mapping[int, Expression]) -> Expression:
    """Put arguments in the place of the labels of their parameters."""
    if not any(source in given for source in value.sources):
        return value
    argument = given.get(value.identity)
    if argument is not None:
        return argument if _is_untouched(value) else _changed(argument, value, given)
    columns = _columns(value.columns, given)
    flows = _flows(value, columns, given)
    elements = None if value.elements is None else tuple(filled(element, given) for element in value.elements)
    entries = None if value.entries is None else {key: filled(each, given) for key, each in value.entries.items()}
    return changed(
        value,
        sources=flows.sources,
        parts=flows.parts,
        learned=flows.learned,
        origin=_origin(value, given),
        elements=elements,
        entries=entries,
        columns=columns,
        scale=_scale(value.scale, given),
    )


class _Flows(NamedTuple):
    sources: frozenset[int]
    parts: frozenset[tuple[int, str]]
    learned: frozenset[tuple[int, str]]


def _flows(value: Expression, columns: Columns | None, given: Mapping[int, Expression]) -> _Flows:
    """Return what flows into a value of these columns once the arguments are known."""
    put = [given[source] for source in value.sources if source in given]
    sources = frozenset(source for source in value.sources if source not in given)
    learned = _taken(value.learned, {label: each.learned for label, each in given.items()})
    if columns is not None and columns.kept is not None:
        # What other columns of the caller's table have learned stays behind.
        learned = frozenset(lesson for lesson in learned if not lesson[1] or lesson[1] in columns.kept)
    return _Flows(
        sources.union(*(each.sources for each in put)),
        _taken(value.parts, {label: each.parts for label, each in given.items()}),
        learned,
    )


def _taken(
    pairs: frozenset[tuple[int, str]], given: Mapping[int, frozenset[tuple[int, str]]]
) -> frozenset[tuple[int, str]]:
    kept = frozenset(pair for pair in pairs if pair[0] not in given)
    return kept.union(*(given[index] for index, _ in pairs if index in given))


def _is_untouched(value: Expression) -> bool:
    """Say whether a value is a parameter's argument as it was passed."""
    label = value.identity
    whole = value.columns is None or value.columns == Columns(label)
    return (
        whole
        and value.scale == object_name(label)
        and value.sources == {label}
        and value.parts == {(label, "")} == value.learned
    )


def _changed(argument: Expression, value: Expression, given: Mapping[int, Expression]) -> Expression:
    """Return an argument after its function changed it in place."""
    columns = _columns(value.columns, given)
    flows = _flows(value, columns, given)
    return changed(
        argument,
        constant=UNKNOWN,
        type=argument.type or value.type,
        sources=flows.sources,
        parts=flows.parts,
        learned=flows.learned,
        columns=columns,
        scale=_scale(value.scale, given),
    )


def _columns(columns: Columns | None, given: Mapping[int, Expression]) -> Columns | None:
    """Return which columns of the caller's table are meant."""
    argument = given.get(columns.table) if columns is not None else None
    if columns is None or argument is None:
        return columns
    return argument.columns.narrowed(columns) if argument.columns is not None else None


def _origin(value: Expression, given: Mapping[int, Expression]) -> str:
    """Return where an unknown value comes from: a parameter's own argument tells no more than that it was passed."""
    if value.origin != "parameter" or any(source < 0 and source not in given for source in value.sources):
        return value.origin
    return next((given[source].origin for source in sorted(value.sources) if source < 0 and given[source].origin), "")


def _scale(scale: str, given: Mapping[int, Expression]) -> str:
    """Return the scale that is meant: of an argument, if it is that of a parameter."""
    return next((each.scale for label, each in given.items() if scale == object_name(label)), scale) if scale else ""


def _holds(argument: Expression) -> bool:
    """Say whether an argument is an object that somebody made, and no module, function or unknown."""
    return argument is not NOTHING and not argument.name
