"""A saved output of a notebook is an error."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import PythonFile
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


@RULE.notebook
def check(file: PythonFile) -> Iterator[Finding]:
    """Report code cells whose saved outputs hold a traceback."""
    for cell in file.cells:
        error = next((output for output in cell.outputs if output.kind == "error"), None)
        if error is not None and "raises-exception" not in cell.tags:
            name = error.text.split(":", 1)[0].split("\n", 1)[0]
            yield RULE.at(cell, f"ended with `{name}` when it was last run")
