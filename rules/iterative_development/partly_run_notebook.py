"""Some cells of a notebook were run and others never were."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Cell, PythonFile
from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP203",
    name="partly-run-notebook",
    summary="Some cells of a notebook were run and others never were.",
    harm="What the notebook shows does not follow from all of its code, and nobody knows whether the rest still works.",
    remedy="Restart the kernel, run all cells, and save; or clear all outputs.",
    ops=("mlops",),
    severity=Severity.INFO,
    group=Group.PREVIEW,
    exploration=True,
)

LEFT_OUT = frozenset({"skip-execution", "skip", "exercise", "solution"})
"""Tags of cells that are not meant to run."""


@RULE.notebook
def check(file: PythonFile) -> Iterator[Finding]:
    """Report the first code cell without a trace of a run, if a cell below it has one."""
    code = [cell for cell in file.cells if cell.kind == "code" and is_code(cell) and LEFT_OUT.isdisjoint(cell.tags)]
    last = max((position for position, cell in enumerate(code) if was_run(cell)), default=0)
    never = [cell for cell in code[:last] if not was_run(cell)]
    if never:
        others = "" if len(never) == 1 else f", like {len(never) - 1} more"
        yield RULE.at(never[0], f"was never run, though cells below it were{others}")


def was_run(cell: Cell) -> bool:
    """Say whether a cell shows that it was run."""
    return bool(cell.execution_count or cell.outputs)


def is_code(cell: Cell) -> bool:
    """Say whether a cell holds more than blanks and comments."""
    return any(line.strip() and not line.lstrip().startswith("#") for line in cell.source.splitlines())
