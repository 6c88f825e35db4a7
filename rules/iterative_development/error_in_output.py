"""A saved output of a notebook is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from xops_lint.diagnostic import Finding
from xops_lint.edits import cleared
from xops_lint.matching import regex
from xops_lint.model import Cell, PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP204",
    name="error-in-output",
    summary="A saved output of a notebook is an error.",
    harm="The notebook did not run through: what stands below the error is not its result.",
    remedy="Mend the cell and run the notebook again, or tag the cell `raises-exception` if the error is the point.",
    ops=("mlops",),
    exploration=True,
)


ANNOUNCED = regex(
    r"\b(?:errors?|exceptions?|raise[sd]?|throws?|fail(?:s|ed|ures?)?|crash(?:es)?|breaks?|cannot|can[’']t|traceback"
    r"|incompatible|immutable|undefined|not (?:a )?(?:well-)?defined|not allowed|not supported|not possible)\b"
    r"|\w{3,}Error\b",
    re.IGNORECASE,
)
"""Words with which a text announces or explains an error."""

NEAR = 400
"""How many characters of the texts around a cell speak of it."""


@RULE.notebook
def check(file: PythonFile) -> Iterator[Finding]:
    """Report code cells whose saved outputs hold a traceback that no text speaks of."""
    for position, cell in enumerate(file.cells):
        error = next((output for output in cell.outputs if output.kind == "error"), None)
        name = re.split(r"[:\n]", error.text, maxsplit=1)[0] if error is not None else ""
        if name and "raises-exception" not in cell.tags and not is_shown(file.cells, position, name):
            yield RULE.at(cell, f"ended with `{name}` when it was last run", fix=cleared(cell))


def is_shown(cells: Sequence[Cell], position: int, name: str) -> bool:
    """Say whether the error is there to be seen: it is spoken of, and the run did not break off."""
    below = cells[position + 1 :]
    unrun = any(cell.kind == "code" and cell.source.strip() and not cell.execution_count for cell in below)
    return name != "KeyboardInterrupt" and not unrun and speaks(cells, position)


def speaks(cells: Sequence[Cell], position: int) -> bool:
    """Say whether the text above or below a cell, or a comment in it, speaks of an error."""
    texts = [line.partition("#")[2] for line in cells[position].source.splitlines()]
    if position and cells[position - 1].kind == "markdown":
        texts.append(cells[position - 1].source[-NEAR:])
    if position + 1 < len(cells) and cells[position + 1].kind == "markdown":
        texts.append(cells[position + 1].source[:NEAR])
    return any(ANNOUNCED.search(text) for text in texts)
