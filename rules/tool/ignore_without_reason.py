"""A suppression gives no reason."""

from __future__ import annotations

from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP005",
    name="ignore-without-reason",
    summary="A suppression gives no reason.",
    harm="Nobody who reads it later can tell whether it still holds.",
    remedy="Write why after the brackets: `# xops: ignore[RULE] drawn anew on purpose`.",
    ops=("devops", "dataops", "mlops", "aiops"),
    severity=Severity.INFO,
    group=Group.OPTIONAL,
    exploration=True,
    tests=True,
)
