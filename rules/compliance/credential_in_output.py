"""A saved output of a notebook shows a credential."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.credentials import credentials_in
from xops_lint.diagnostic import Finding
from xops_lint.edits import cleared
from xops_lint.model import PythonFile
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP104",
    name="credential-in-output",
    summary="A saved output of a notebook shows a credential.",
    harm="Everyone who can read the repository, now or in its history, can use it.",
    remedy="Revoke it, clear the cell's output, and strip outputs before committing.",
    ops=("devops",),
    severity=Severity.ERROR,
    exploration=True,
    tests=True,
)


@RULE.notebook
def check(file: PythonFile) -> Iterator[Finding]:
    """Report each cell whose outputs hold something with a credential's form, once."""
    for cell in file.cells:
        for output in cell.outputs:
            found = next(credentials_in(output.text), None)
            if found is not None:
                yield RULE.at(cell, f"has saved output that shows {found.kind}", fix=cleared(cell))
                break
