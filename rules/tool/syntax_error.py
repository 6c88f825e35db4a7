"""A file cannot be read or parsed."""

from __future__ import annotations

from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP001",
    name="syntax-error",
    summary="A file cannot be read or parsed.",
    harm="Nothing in the file is checked, and whoever runs it fails at the same place.",
    remedy="Mend the line, or exclude the file if it is no code: `extend-exclude`.",
    ops=("devops", "dataops", "mlops", "aiops"),
    severity=Severity.ERROR,
    exploration=True,
    tests=True,
)
