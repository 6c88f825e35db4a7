"""An alert does not say what it means or what to do."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import ConfigFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP706",
    name="alert-without-runbook",
    summary="An alert does not say what it means or what to do.",
    harm="Whoever is woken starts by finding out what the alert is about.",
    remedy="Add a `summary` or `description`, and for alerts that page somebody a `runbook_url`.",
    ops=("aiops",),
)

EXPLANATIONS = frozenset({"summary", "description", "message", "title", "text", "info"})
GUIDES = ("runbook", "playbook", "dashboard")
PAGING = frozenset({"critical", "page", "paging", "emergency", "fatal", "disaster", "p1", "sev1"})


@RULE.config()
def check(file: ConfigFile) -> Iterator[Finding]:
    """Report alerts without a word of explanation; in production, paging ones without a runbook."""
    for alert in file.values("alert_rule"):
        name, notes = alert.items.get("alert"), alert.items.get("annotations")
        if name is None or (notes is not None and notes.templated):
            continue
        written = {note.lower() for note in notes.items} if notes is not None else set()
        if not EXPLANATIONS & written:
            yield RULE.at(name, "has no `summary` or `description`")
        elif file.context.profile == "production" and not any(note.startswith(GUIDES) for note in written):
            severity = next(file.values("alert_severity", alert), None)
            if severity is not None and severity.text.lower() in PAGING:
                yield RULE.at(name, f"pages as `{severity.text}` and names no runbook")
