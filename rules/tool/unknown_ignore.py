"""A suppression is malformed or names no known rule."""

from __future__ import annotations

from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP004",
    name="unknown-ignore",
    summary="A suppression is malformed or names no known rule.",
    harm="It suppresses nothing, though its author believes that it does.",
    remedy="Write `# xops: ignore[RULE] reason` with a code or a name that `xops-lint rules` lists.",
    ops=("devops", "dataops", "mlops", "aiops"),
    severity=Severity.WARNING,
    exploration=True,
    tests=True,
)
