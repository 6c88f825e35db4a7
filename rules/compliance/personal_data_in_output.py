"""A saved output of a notebook shows data of persons."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.edits import cleared
from xops_lint.model import PythonFile
from xops_lint.personal_data import personal_data_in
from xops_lint.rule import Confidence, Rule

RULE = Rule(
    code="XOP105",
    name="personal-data-in-output",
    summary="A saved output of a notebook shows data of persons.",
    harm="It is copied with every clone, stays in the history, and cannot be deleted when the person asks for it.",
    remedy="Clear the cell's output, and show counts or masked values in its place.",
    ops=("dataops",),
    confidence=Confidence.MEDIUM,
    exploration=True,
)


@RULE.notebook
def check(file: PythonFile) -> Iterator[Finding]:
    """Report each cell whose outputs hold something with the form of a person's data, once."""
    for cell in file.cells:
        found = next((what for output in cell.outputs for what in personal_data_in(output.text)), None)
        if found is not None:
            yield RULE.at(cell, f"has saved output that shows {found}", fix=cleared(cell))
