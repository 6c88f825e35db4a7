"""Edits that several rules need: one more argument, the seed that a project would pass, cleared outputs."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from xops_lint.code import Call
from xops_lint.diagnostic import ClearedOutputs, Edit, Fix, NewArgument, Safety
from xops_lint.document import Cell

if TYPE_CHECKING:
    from xops_lint.facts import Facts

_SEED_NAME = re.compile(r"(?:[A-Z]+_)*(?:SEED|RANDOM_STATE)")
_USUAL_SEED = 42


def one_more(call: Call, name: str, value: str) -> NewArgument:
    """Return the edit that passes one more argument by its name."""
    last = max((argument.range.end for argument in call.arguments), default=None)
    return NewArgument(call.range, last, f"{name}={value}")


def passed(call: Call, meaning: str, value: str, title: str) -> Fix:
    """Return the fix that passes a value for a meaning, in place of the one that is passed or as one more."""
    given = call.argument(meaning)
    edit = one_more(call, call.spelling(meaning), value) if given is None else Edit(given.range, value)
    return Fix(title, (edit,), Safety.UNSAFE)


def cleared(cell: Cell) -> Fix:
    """Return the fix that takes a cell's saved outputs out of the notebook."""
    return Fix("Clear the outputs of the cell", (ClearedOutputs(cell.number, cell.range),), Safety.SAFE)


def seeded(file: Facts, call: Call) -> Fix:
    """Return the fix that passes the project's own seed, or a number if it has none."""
    value = _seed_of(file)
    return passed(call, "seed", value, f"Pass `{call.spelling('seed')}={value}`")


def _seed_of(file: Facts) -> str:
    """Return what other calls of the file pass: a constant of the module, or most often which number."""
    for name, value in file.names.items():
        if _SEED_NAME.fullmatch(name) and type(value.constant) is int:
            return name
    for imported in file.imports:
        if _SEED_NAME.fullmatch(imported.name) and not imported.scope:
            return imported.name
    numbers = Counter(number for other in file.calls if type(number := other.value("seed")) is int)
    return str(max(numbers, key=lambda number: numbers[number], default=_USUAL_SEED))
