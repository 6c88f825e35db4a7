"""Data is validated, and no code looks at the outcome."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Call, PythonFile
from xops_lint.outcomes import alerts, ignored, rehearses
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP417",
    name="ignored-validation-result",
    summary="Data is validated, and no code looks at the outcome.",
    harm="Bad rows go on to training and serving exactly as if nobody had checked them.",
    remedy="Look at the result and raise unless it succeeded.",
    ops=("dataops",),
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report validations whose result is dropped, printed or saved as a page, in a file that looks at none."""
    if alerts(file):
        return
    validations = [call for call in file.calls("validate_data") if not rehearses(file, call)]
    if all(silent(call) and ignored(file, call) for call in validations):
        for call in validations:
            yield RULE.at(call.callee, "checks the data, and no code looks at the outcome")


def silent(call: Call) -> bool:
    """Say whether a validation goes on after a failure: it neither raises nor is a step that may fail."""
    return call.entry is not None and "raises" not in call.entry.traits and "step" not in call.roles
