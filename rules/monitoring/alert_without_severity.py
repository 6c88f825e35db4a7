"""An alert does not say how bad it is."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import ConfigFile, Value
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP705",
    name="alert-without-severity",
    summary="An alert does not say how bad it is.",
    harm="It cannot be routed: a full disk and a slow page wake the same person, or nobody.",
    remedy="Give the alert a `severity` label that your routes know, such as `critical` or `warning`.",
    ops=("aiops",),
)

SYNONYMS = frozenset({"severity", "priority", "level", "sev", "urgency", "page", "criticality", "importance"})
"""Labels that people route by."""


@RULE.config()
def check(file: ConfigFile) -> Iterator[Finding]:
    """Report alerts none of whose labels tells their weight."""
    for root in file.documents:
        for group in root.at("**.groups[*]"):
            shared = labels(group)
            for alert in file.values("alert_rule", group):
                name = alert.items.get("alert")
                own = alert.items.get("labels")
                open_ended = own is not None and own.templated
                if name is not None and not open_ended and not SYNONYMS & (shared | labels(alert)):
                    yield RULE.at(name, "has no `severity` label to be routed by")


def labels(around: Value) -> frozenset[str]:
    """Return the lower-case names of the labels that a rule or a group of rules sets."""
    found = around.items.get("labels")
    return frozenset(name.lower() for name in found.items) if found is not None else frozenset()
