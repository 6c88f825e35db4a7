"""The ledger of suppressions as a SARIF log: audits want results that say how they were suppressed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from xops_lint import engine
from xops_lint.diagnostic import Diagnostic
from xops_lint.document import Document
from xops_lint.ledger import STATES, Ledger, Suppression
from xops_lint.registry import Registry
from xops_lint.report import Report
from xops_lint.reporters import sarif
from xops_lint.suppressions import UNUSED_IGNORE

Details = Callable[[Suppression], Mapping[str, Any]]


def log(ledger: Ledger, registry: Registry, details: Details) -> dict[str, Any]:
    """Return each silenced finding as a result that is suppressed, and as a note each suppression of none."""
    by_finding: dict[tuple[Any, ...], tuple[Diagnostic, list[Suppression]]] = {}
    for each in ledger.suppressions:
        for found in each.silenced or (_idle(each, registry),):
            by_finding.setdefault(found.sort_key(), (found, []))[1].append(each)
    shown = [by_finding[key] for key in sorted(by_finding)]
    report = replace(ledger.report, diagnostics=tuple(found for found, _ in shown)).seen_from(os.getcwd())
    made = sarif.log(report)
    for (_, suppressions), result in zip(shown, made["runs"][0]["results"]):
        silencing = [each for each in suppressions if each.silenced]
        result["suppressions"] = [_suppression(each, ledger.report, details) for each in silencing]
        if not silencing:
            result["properties"] = _properties(suppressions[0], details)
    return made


def _suppression(each: Suppression, report: Report, details: Details) -> dict[str, Any]:
    folder = os.path.relpath(report.root)
    path = os.path.normpath(f"{folder}/{each.place.path}").replace(os.sep, "/")
    return {
        "kind": "external" if each.form == "settings" else "inSource",
        "status": "accepted",
        "justification": each.reason,
        "location": sarif.location_of(each.place._replace(path=path)),
        "properties": _properties(each, details),
    }


def _properties(each: Suppression, details: Details) -> dict[str, Any]:
    until = each.until and each.until.isoformat()
    return {"form": each.form, "rules": [*each.rules], "state": each.state, "until": until, **details(each)}


def _idle(each: Suppression, registry: Registry) -> Diagnostic:
    """Return the finding that a suppression is which silences nothing."""
    rule = registry.rules[UNUSED_IGNORE]
    finding = rule.at(engine.START, f"{STATES[each.state]}: `{', '.join(each.rules)}`")
    document = Document(each.place.path, "text", "")
    return replace(engine.diagnose(document, finding, rule.severity), place=each.place)
