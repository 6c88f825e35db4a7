"""A rule raised on a file; the others went on."""

from __future__ import annotations

from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP002",
    name="rule-failed",
    summary="A rule raised on a file; the others went on.",
    harm="What this rule would have found in the file is missing from the report.",
    remedy="Report the bug with this line, and ignore the rule until it is mended.",
    ops=("devops", "dataops", "mlops", "aiops"),
    severity=Severity.ERROR,
    exploration=True,
    tests=True,
)
