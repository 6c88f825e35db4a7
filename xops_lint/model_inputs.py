"""Which columns stored models were fitted on, and which they are asked with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from xops_lint.call import Argument, Call
from xops_lint.columns import Columns
from xops_lint.facts import Facts
from xops_lint.model_files import names_across
from xops_lint.serving import asks_stored

if TYPE_CHECKING:
    from xops_lint.expression import Expression
    from xops_lint.project import Project

_DEEPEST_INHERITANCE: Final = 8

_FITS: Final = ("train", "preprocess")

_GIVEN: Final = (2, 3)
"""How many parts a step is given in: itself with its columns, and perhaps a name."""


class Asked(NamedTuple):
    """A stored model that is asked with a table of these ``columns`` and no others; ``names`` are those of its file.

    ``record`` is the class that the columns come from, if one is.
    """

    file: Facts
    call: Call
    table: Argument
    columns: frozenset[str]
    record: str
    names: frozenset[str]
    loading: Call


class Fitted(NamedTuple):
    """A model that is fitted on a table of which these columns are known, and then saved."""

    file: Facts
    call: Call
    columns: frozenset[str]
    saving: Call


def asked(project: Project) -> Iterator[Asked]:
    """Yield the stored models that shown files ask with tables whose columns are known."""
    for file in project.shown.python:
        for call in file.calls if file.may_play("load_model") and not file.context.test else ():
            loading = asks_stored(file, call)
            table = (call.argument("data") or call.positional(0)) if loading is not None else None
            known = _all_of(project, file, table.value.columns) if table is not None else None
            if loading is not None and table is not None and table.value.columns is not None and known is not None:
                names = frozenset(names_across(project, file, loading))
                yield Asked(file, call, table, known, table.value.columns.record, names, loading)


def fitted(project: Project) -> Mapping[str, Sequence[Fitted]]:
    """Return the models that the project fits and saves, by the known names of their files."""
    return {
        name: [fit for file, call in calls for fit in _fits(project, file, call)]
        for name, calls in project.searched.saving.items()
    }


def _fits(project: Project, file: Facts, save: Call) -> Iterator[Fitted]:
    given = save.argument("model") or save.argument("data")
    # What a class of the project holds may make further columns of its own before it asks the model in it.
    if given is None or not given.value.type or project.resolve(given.value.type, file) is not None:
        return
    for fit in file.sources(given.value, *_FITS):
        if fit.receiver is not None and fit.receiver.type == given.value.type:
            data = fit.argument("data") or fit.positional(0)
            columns = data.value.columns if data is not None else None
            taken = columns.surely if columns is not None else frozenset()
            yield Fitted(file, fit, taken | frozenset(_by_name(file, fit.receiver)), save)


def _by_name(file: Facts, model: Expression) -> Iterator[str]:
    """Yield the columns that the first step of a model takes by their names."""
    steps = list(file.sources(model, "compose"))
    for step in steps:
        if step.entry is not None and "by_columns" in step.entry.traits and _is_first(step, steps):
            for argument in step.arguments:
                for each in (argument.value, *(argument.value.elements or ())):
                    yield from _taken(each)


def _is_first(step: Call, steps: Sequence[Call]) -> bool:
    """Say whether no step stands before one in the pipelines around it."""
    around = [each for each in steps if each is not step and step.index in each.data]
    return all(step.index in _first(each).sources for each in around)


def _first(pipeline: Call) -> Expression:
    given = pipeline.arguments[0].value
    return given.elements[0] if given.elements and given.elements[0].elements else given


def _taken(step: Expression) -> frozenset[str]:
    """Return the columns that a step takes which is given with them, and perhaps with a name."""
    if not step.elements or len(step.elements) not in _GIVEN:
        return frozenset()
    columns = step.elements[-1].constant
    known = [columns] if isinstance(columns, str) else columns
    return frozenset(known) if isinstance(known, list) and all(isinstance(each, str) for each in known) else frozenset()


def _all_of(project: Project, file: Facts, columns: Columns | None) -> frozenset[str] | None:
    """Return the names of all columns of a table, if they are known."""
    if columns is None or columns.open:
        return None
    if columns.record:
        fields = _fields(project, file, columns.record, 0)
        return None if fields is None else _spelled(fields, columns) - columns.dropped
    return columns.surely or None


def _spelled(fields: dict[str, str], columns: Columns) -> frozenset[str]:
    return frozenset(fields.values() if columns.aliased else fields)


def _fields(project: Project, file: Facts, name: str, depth: int) -> dict[str, str] | None:
    """Return the fields of a class and its bases, by their names with their aliases, if all of them are known."""
    own = name.removeprefix(f"{file.module}.")
    home, inner = (file, own) if own != name else project.resolve(name, file) or (None, "")
    definition = next((each for each in home.definitions if each.name == inner), None) if home is not None else None
    if home is None or definition is None or not definition.fields or depth > _DEEPEST_INHERITANCE:
        return None
    found: dict[str, str] = {}
    for base in definition.inherits:
        inherited = _fields(project, home, base, depth + 1)
        if inherited is None:
            return None
        found |= inherited
    return found | dict(definition.fields)
