"""SARIF 2.1.0, as code scanning reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TextIO
from urllib.parse import quote

from xops_lint import __version__
from xops_lint.diagnostic import Diagnostic, PlacedFix, RelatedPlace
from xops_lint.report import Report
from xops_lint.reporters._shared import in_file
from xops_lint.text import Place

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEMS = {"error": "error", "warning": "warning", "info": "recommendation"}
_LONGEST_TEXT = 1024


def render(report: Report, out: TextIO, *, color: bool = False) -> None:
    """Write one run; ``color`` has no say in a machine format."""
    out.write(json.dumps(log(report), indent=2, ensure_ascii=False) + "\n")


def log(report: Report) -> dict[str, Any]:
    """Return the log of one run, whose results are in the order of the report."""
    # What is gone has no place, and code scanning would show it as an alert.
    found = [diagnostic for diagnostic in report.with_known() if diagnostic.baseline_state != "absent"]
    rules = {diagnostic.code: diagnostic for diagnostic in reversed(found)}
    indices = {code: index for index, code in enumerate(sorted(rules))}
    driver = {
        "name": "xops-lint",
        "semanticVersion": __version__,
        "informationUri": "https://xops-lint.readthedocs.io/",
        "rules": [_rule(rules[code]) for code in indices],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "xops-lint/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not report.failed,
                "toolExecutionNotifications": [
                    {"level": "note", "message": {"text": f"skipped {notice.path}: {notice.message}"}}
                    for notice in report.skipped
                ],
            }
        ],
        "results": [_result(diagnostic, indices) for diagnostic in found],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(diagnostic: Diagnostic) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": diagnostic.code,
        "name": diagnostic.name,
        "shortDescription": {"text": _cut(diagnostic.summary or diagnostic.name)},
        "fullDescription": {"text": _cut(diagnostic.harm or diagnostic.name)},
        "help": {"text": _cut(diagnostic.help or diagnostic.name)},
        "defaultConfiguration": {"level": _LEVELS[diagnostic.severity]},
        "properties": {
            "tags": [diagnostic.principle, *diagnostic.ops],
            "precision": diagnostic.confidence,
            "problem.severity": _PROBLEMS[diagnostic.severity],
        },
    }
    if diagnostic.url:
        rule["helpUri"] = diagnostic.url
        rule["help"]["markdown"] = f"{_cut(diagnostic.help)}\n\n[{diagnostic.name}]({diagnostic.url})"
    return rule


def _result(diagnostic: Diagnostic, indices: Mapping[str, int]) -> dict[str, Any]:
    location = location_of(diagnostic.place, diagnostic.excerpt)
    if diagnostic.place.cell is not None:
        location["logicalLocations"] = [_cell(diagnostic.place)]
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": indices[diagnostic.code],
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": f"{diagnostic.message}\n{diagnostic.help}".strip()},
        "locations": [location],
        "partialFingerprints": {"xopsLint/v1": diagnostic.fingerprint},
        "suppressions": [],
    }
    if diagnostic.baseline_state:
        result["baselineState"] = diagnostic.baseline_state
    if diagnostic.related:
        result["relatedLocations"] = [
            {"id": number, **_related(related)} for number, related in enumerate(diagnostic.related, start=1)
        ]
    if diagnostic.related and diagnostic.flow:
        result["codeFlows"] = [_flow(diagnostic)]
    # A fix of a cell is told in its rows, which are no rows of the file.
    if diagnostic.fix and diagnostic.place.cell is None:
        result["fixes"] = [_fix(diagnostic.fix)]
    return result


def location_of(place: Place, excerpt: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return a place as a location, with its text if that is known."""
    if not place.row:
        return {"physicalLocation": {"artifactLocation": _artifact(place)}}
    region: dict[str, Any] = {**_region(place)}
    snippet = "\n".join(excerpt)
    if snippet and place.cell is None:
        region["snippet"] = {"text": snippet}
    return {"physicalLocation": {"artifactLocation": _artifact(place), "region": region}}


def _artifact(place: Place) -> dict[str, str]:
    return {"uri": quote(place.path.encode("utf-8", "surrogateescape")), "uriBaseId": "%SRCROOT%"}


def _region(place: Place) -> dict[str, int]:
    place = in_file(place)
    return {
        "startLine": place.row,
        "startColumn": place.column,
        "endLine": place.end_row,
        "endColumn": place.end_column,
    }


def _cell(place: Place) -> dict[str, str]:
    name = f"cell {place.cell}"
    identifier = f"/{place.cell_id}" if place.cell_id else ""
    spot = f"cell[{place.cell}]{identifier}:{place.row}:{place.column}"
    return {"name": name, "fullyQualifiedName": spot, "kind": "member"}


def _related(related: RelatedPlace) -> dict[str, Any]:
    return {**location_of(related.place), "message": {"text": related.message}}


def _flow(diagnostic: Diagnostic) -> dict[str, Any]:
    steps = [*map(_related, diagnostic.related), _related(RelatedPlace(diagnostic.place, diagnostic.message))]
    return {"threadFlows": [{"locations": [{"location": step} for step in steps]}]}


def _fix(fix: PlacedFix) -> dict[str, Any]:
    changes = []
    for edit in fix.edits:
        replacement: dict[str, Any] = {"deletedRegion": _region(edit.place)}
        if edit.text:
            replacement["insertedContent"] = {"text": edit.text}
        changes.append({"artifactLocation": _artifact(edit.place), "replacements": [replacement]})
    return {"description": {"text": fix.title}, "artifactChanges": changes}


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"
