"""The cells of a notebook were run in another order than they stand."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP202",
    name="out-of-order-notebook",
    summary="The cells of a notebook were run in another order than they stand.",
    harm="The saved outputs come from a state that running the notebook from the top may not reach.",
    remedy="Restart the kernel, run all cells, and save.",
    ops=("mlops",),
    exploration=True,
)


@RULE.notebook
def check(file: PythonFile) -> Iterator[Finding]:
    """Report the first code cell whose execution count is below that of a cell above."""
    highest, most = None, 0
    for cell in file.cells:
        if cell.kind != "code" or not cell.execution_count:
            continue
        if highest is not None and cell.execution_count < most:
            related = (Related(highest.range, f"this cell above ran later, as number {most}"),)
            message = f"ran as number {cell.execution_count}, before a cell that stands above it"
            yield RULE.at(cell, message, related=related)
            return
        highest, most = cell, cell.execution_count
