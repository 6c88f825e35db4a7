"""The columns of categories are made anew for the rows that a model answers for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from xops_lint.diagnostic import Finding, Related
from xops_lint.leakage import model_fits
from xops_lint.model import Call, Expression, PythonFile
from xops_lint.rule import Group, Rule, Severity
from xops_lint.serving import predicts

RULE = Rule(
    code="XOP440",
    name="dummies-skew",
    summary="The columns of categories are made anew for the rows that a model answers for.",
    harm="A category that only one side has moves or adds columns: the model fails, or reads one column for another.",
    remedy="Fit an encoder with the model and use it for both, or bring the columns of one side to those of the other.",
    ops=("mlops",),
    severity=Severity.ERROR,
    group=Group.PREVIEW,
    exploration=True,
)

COMPARING: Final = frozenset(
    {"set", "frozenset", "difference", "intersection", "union", "symmetric_difference", "issubset", "isin", "equals"}
)
"""Functions and methods by which code looks what columns a table has."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report the columns that predictions are made from, where they are not those that the model was fitted on."""
    makers = {call.index for call in file.all_calls if makes_columns(call)}
    serves = not any(call.method == "fit" or call.roles & {"train", "tune"} for call in file.all_calls)
    reported: set[int] = set()
    for predict in file.all_calls if makers else ():
        given = (predict.argument("data") or predict.positional(0)) if predicts(predict) else None
        made = as_made(given.value, makers) if given is not None else None
        if not made or given is None or made & reported or compared(file, made):
            continue
        place = file.call(min(made))
        if serves and model_fits(file, predict.receiver, "load_model"):
            reported |= made
            yield RULE.at(place.callee, "makes columns of the categories at hand, whatever the model has learned")
        elif (learned := elsewhere(file, predict, given.value, makers)) is not None:
            reported |= made
            related = (Related(file.call(learned).range, "the columns for training are made here"),)
            yield RULE.at(place.callee, "makes other columns than training if a category is missing", related=related)


def makes_columns(call: Call) -> bool:
    """Say whether a call makes a column of every category it meets."""
    return call.entry is not None and "column_each" in call.entry.traits


def as_made(rows: Expression, makers: set[int]) -> set[int]:
    """Return the calls that made the columns of some rows, if these have all of them and no others since."""
    columns = rows.columns
    return makers & {columns.table} if columns is not None and columns.kept is None else set()


def compared(file: PythonFile, made: set[int]) -> bool:
    """Say whether code looks what columns some calls have made, and may mend what is missing."""
    asking = (call for call in file.all_calls if call.entry is None and call.name.rpartition(".")[2] in COMPARING)
    named = (call for call in file.all_calls if call.entry is None and call.method in COMPARING)
    return any(not made.isdisjoint(call.flowing) for call in (*asking, *named))


def elsewhere(file: PythonFile, predict: Call, rows: Expression, makers: set[int]) -> int | None:
    """Return the call that made the columns of the training rows, if those for a prediction were made apart."""
    for fit in model_fits(file, predict.receiver):
        data = fit.argument("data")
        made = makers & data.value.sources if data is not None else set()
        if data is not None and made and (made.isdisjoint(rows.sources) or apart(file, data.value, rows)):
            return min(made)
    return None


def apart(file: PythonFile, first: Expression, second: Expression) -> bool:
    """Say whether two tables surely come from different files."""
    loaded = [{call.index for call in file.sources(table, "load_data")} for table in (first, second)]
    return all(loaded) and loaded[0].isdisjoint(loaded[1])
