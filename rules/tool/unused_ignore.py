"""A suppression silences nothing."""

from __future__ import annotations

from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP003",
    name="unused-ignore",
    summary="A suppression silences nothing.",
    harm="It will hide the next real finding that comes to stand there.",
    remedy="Remove the suppression.",
    ops=("devops", "dataops", "mlops", "aiops"),
    severity=Severity.WARNING,
    exploration=True,
    tests=True,
)
