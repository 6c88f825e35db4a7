"""What services write down of their predictions: the fields of each record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from xops_lint.call import Call
from xops_lint.code import PythonFile
from xops_lint.expression import Expression
from xops_lint.matching import regex
from xops_lint.serving import handlers
from xops_lint.tasks import mentioned_by
from xops_lint.text import Range

_INSERT: Final = regex(
    r"insert\s+into\s+[\"'`\[]?(?P<table>[\w.]*(?:predict|inference|forecast|scoring)\w*)[\"'`\]]?\s*\((?P<columns>[^()]+)\)\s*values",
    re.IGNORECASE,
)
"""The statement that puts a row into a table of predictions, with its columns."""

_PREDICTED: Final = regex(r"predictions?|predicted_\w+|\w+_prediction|y_pred|pred", re.IGNORECASE)
"""What the field of a record is called that holds what a model said."""

_STORES: Final = regex(
    r"insert|insert_(?:one|many|row|rows|rows_json)|put_(?:item|record)|writerows?|write|send|send_message|produce|publish"
    r"|(?:log|save|store|record|write)_(?:prediction|inference)\w*|append_row|xadd|lpush|rpush"
)
"""Methods and functions that keep or send a record, whatever they belong to."""


class PredictionRecord(NamedTuple):
    """A record of a prediction with all of its fields known, by the place where they are listed.

    ``numbered`` says that the store gives each record a number and code asks for it.
    """

    range: Range
    fields: frozenset[str]
    numbered: bool = False


def prediction_records(file: PythonFile) -> Iterator[PredictionRecord]:
    """Yield the rows that a file puts into tables of predictions, and the records that its handlers keep of some.

    Tests keep none that anybody goes back to.
    """
    if file.context.test:
        return
    for string in file.strings:
        for found in _INSERT.finditer(string.value):
            columns = (column.strip(" \n\t\r\"'`[]") for column in found["columns"].split(","))
            numbered = "lastrowid" in file.text or "returning" in string.value.lower()
            yield PredictionRecord(string.range, frozenset(columns), numbered)
    run = mentioned_by(file, *(handler.name for handler in handlers(file)))
    for call in file.all_calls:
        if call.scope in run and _keeps(file, call):
            for argument in call.arguments:
                fields = _fields(argument.value) if holds_prediction(argument.value) else frozenset[str]()
                if fields:
                    yield PredictionRecord(argument.range, fields)


def holds_prediction(value: Expression) -> bool:
    """Say whether a value is a record with a field that is called after a prediction."""
    return value.entries is not None and any(
        isinstance(key, str) and _PREDICTED.fullmatch(key) for key in value.entries
    )


def _keeps(file: PythonFile, call: Call) -> bool:
    """Say whether a call keeps a record, or makes a text of it that another call keeps."""
    word = call.method or call.name.rpartition(".")[2]
    if word == "dumps":
        # What takes the text comes right after it: an argument is called before what it is given to.
        following = file.every_call[call.index + 1 : call.index + 2]
        return any(other.scope == call.scope and _keeps(file, other) for other in following)
    return bool(call.roles & {"save_data", "capture_data", "write_log"}) or _STORES.fullmatch(word) is not None


def _fields(value: Expression) -> frozenset[str]:
    """Return the fields of a record and of the records in it; none if some are not known."""
    entries = value.entries or {}
    if not all(isinstance(key, str) and not key.startswith("*") for key in entries):
        return frozenset()
    return frozenset(entries).union(*(_fields(entry) for entry in entries.values()))
