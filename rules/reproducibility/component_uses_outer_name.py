"""A step that runs from its own source alone uses a name of the module around it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import PythonFile
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP367",
    name="component-uses-outer-name",
    summary="A step that runs from its own source alone uses a name of the module around it.",
    harm="The pipeline compiles and starts, and the step fails with a NameError where it runs, after those before it.",
    remedy="Import and define inside of the function what it uses, or hand values in as its parameters.",
    ops=("mlops",),
    severity=Severity.ERROR,
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report, once a function, each name that its source takes for granted."""
    # A function that puts steps together runs here, whatever its decorator.
    composing = {call.scope for call in file.calls("step", "run_container")} if file.outer else set()
    for name in file.outer:
        if name.function not in composing:
            yield RULE.at(name, f"is bound outside of `{name.function}`, whose source runs without this file")
