"""Names that are read where nothing is bound to them, and those of them that matter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import libcst as cst

from xops_lint.code import PythonFile
from xops_lint.document import Cell
from xops_lint.languages.python.record import Reading, Record
from xops_lint.languages.python.scopes import NOTEBOOK_NAMES, PYTHON_2_NAMES, Scope
from xops_lint.matching import regex
from xops_lint.text import Range

_UNSEEN = regex(
    r"^[ \t]*%%?(?:run|load|store[ \t]+-r|pylab|sql|bigquery|R|macro|recall|rerun|autocall|execute_notebook|cython"
    r")\b|\b(?:globals|locals|exec|get_ipython)\s*\(|kernel\.execute\(",
    re.MULTILINE,
)
"""Ways to bind names that no reading of the code shows."""

_MAGIC_LINE = regex(r"^[ \t]*%.*$", re.MULTILINE)
_WORD = regex(r"[A-Za-z_]\w*")
_HISTORY = regex(r"_i?\d+")
"""The results and inputs that IPython numbers."""

_CATCHING = frozenset({"NameError", "Exception", "BaseException"})
"""The exceptions whose handlers take a NameError."""

_CELL_MAGIC = regex(r"\s*%%?(?P<name>[\w!-]+)")
_APART = frozenset(
    ["!", "bash", "cmd", "file", "html", "javascript", "js", "latex", "markdown", "md", "perl", "pypy", "python"]
).union(["python2", "python3", "ruby", "script", "sh", "shell", "svg", "system", "sx", "writefile", "zsh"])
"""Cell magics whose cells have no part in the notebook's names."""


def hidden_readings(file: PythonFile, readings: Sequence[Reading]) -> Iterator[tuple[str, Range]]:
    """Yield the names, with their places, that stop the notebook when it is run from the top."""
    if not readings or _UNSEEN.search(file.text):
        return
    code = [cell for cell in file.cells if cell.kind == "code"]
    known = {name for cell in code for name in _brought(cell)} | NOTEBOOK_NAMES | PYTHON_2_NAMES
    # A cell that does not parse may define whatever it mentions.
    broken = [problem.range for problem in file.problems if not problem.skipped]
    known |= {name for cell in code if any(map(cell.range.covers, broken)) for name in _WORD.findall(cell.source)}
    for reading in readings:
        cell = next((cell for cell in code if cell.python and cell.range.covers(reading.range)), None)
        shown = cell is not None and _shows_failure(cell, reading.name)
        if reading.name not in known and not _HISTORY.fullmatch(reading.name) and not shown:
            yield reading.name, reading.range


def catches_missing_names(type: Any) -> bool:
    """Say whether a handler takes a NameError: by its name, or with all others."""
    elements = [element.value for element in type.elements] if isinstance(type, cst.Tuple) else [type]
    return any(
        element is None or (isinstance(element, cst.Name) and element.value in _CATCHING) for element in elements
    )


def forget_earlier_turns(readings: list[Reading], start: int, scope: Scope, conditional: int) -> None:
    """Drop the readings of a loop's body that a condition guards and an earlier turn may answer."""
    readings[start:] = [
        reading
        for reading in readings[start:]
        if reading.conditional <= conditional or not scope.may_bind(reading.name)
    ]


def unanswered(record: Record, module: Scope) -> list[Reading]:
    """Return the readings that no binding, however late it is walked, can come before."""
    return [
        reading
        for reading in record.unbound
        if reading.name not in module.bound or not (reading.late or reading.name in record.globals)
    ]


def _brought(cell: Cell) -> Iterator[str]:
    """Yield the words of a cell's magics, and of a cell that an unknown magic reads."""
    for line in _MAGIC_LINE.findall(cell.source):
        yield from _WORD.findall(line)
    magic = _CELL_MAGIC.match(cell.source)
    if not cell.python and not (magic and magic["name"] in _APART):
        yield from _WORD.findall(cell.source)


def _shows_failure(cell: Cell, name: str) -> bool:
    """Say whether the cell is there to fail, or its saved output shows that this name is missing."""
    missing = f"name '{name}' is not defined"
    return "raises-exception" in cell.tags or any(
        output.kind == "error" and missing in output.text for output in cell.outputs
    )
