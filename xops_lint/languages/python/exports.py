"""What a module gives to others: what its functions return, and what its names hold to be fitted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from xops_lint.entry import Entry
from xops_lint.expression import Expression

if TYPE_CHECKING:
    from xops_lint.catalog import Catalog
    from xops_lint.languages.python.survey import Survey

_FITTED: Final = frozenset({"estimator", "transformer"})


def returned(survey: Survey) -> dict[str, frozenset[int]]:
    """Return, by function, the calls whose results flow into what it returns, unless it is a text."""
    found: dict[str, frozenset[int]] = {}
    for function in survey.functions.functions.values():
        returns = function.summary.returns
        if returns is not None and returns.string is None:
            calls = frozenset(source for source in returns.sources if source >= 0)
            if calls:
                found[function.inner] = calls
    return found


def commands(survey: Survey) -> dict[str, str]:
    """Return, by function, the text that it returns, for those whose decorator runs what they return in a shell."""
    running = {
        each.name
        for each in survey.record.definitions
        if any({"shell", "step"} <= entry.roles for entry in each.entries)
    }
    values = (
        (each.inner, each.summary.returns) for each in survey.functions.functions.values() if each.inner in running
    )
    return {name: value.string for name, value in values if value is not None and value.string}


def results(survey: Survey) -> dict[str, Expression]:
    """Return, by function, what it returns, as far as that has a type or parts with a type."""
    values = {each.inner: each.summary.returns for each in survey.functions.functions.values()}
    return {name: value for name, value in values.items() if value is not None and any(_types(value))}


def types(survey: Survey, results: Mapping[str, Expression]) -> dict[str, Entry]:
    """Return what the catalog says of the types that functions return and calls hand over."""
    handing = (call for call in survey.record.calls if "hand_over" in call.roles)
    given = [argument.value for call in handing for argument in call.arguments]
    names = {type for value in (*results.values(), *given) for type in _types(value) if type}
    found = ((name, survey.catalog.lookup(name)) for name in sorted(names))
    return {name: entry for name, entry in found if entry is not None}


def made(survey: Survey) -> dict[str, str]:
    """Return the types of what a module holds, or its functions make, for others to fit."""
    names = survey.scope.names.items()
    found = {name: value.type for name, value in names if value.type and _is_fitted(survey.catalog, value.type)}
    for function in survey.functions.functions.values():
        returns = function.summary.returns
        if returns is not None and returns.type and not returns.identity and _is_fitted(survey.catalog, returns.type):
            found[f"{function.inner}()"] = returns.type
    return found


def _is_fitted(catalog: Catalog, type: str) -> bool:
    entry = catalog.lookup(type)
    return entry is not None and not entry.roles.isdisjoint(_FITTED)


def _types(value: Expression) -> Iterator[str]:
    """Yield the types of a value and of its parts."""
    yield value.type
    for part in (*(value.elements or ()), *(value.entries or {}).values()):
        yield part.type
