"""How often each rule found something."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from xops_lint.report import Report

FORMATS = ("full", "concise", "grouped", "github", "json", "json-lines")
"""Report formats that have counts; the first four as the same text."""


def render(report: Report, out: TextIO, format: str) -> None:
    """Write the counts, the most frequent rule first, as text, json or json-lines."""
    counts = Counter((diagnostic.code, diagnostic.name, diagnostic.severity) for diagnostic in report.diagnostics)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rows = [
        {"code": code, "name": name, "severity": severity, "count": count} for (code, name, severity), count in ordered
    ]
    if format == "json":
        out.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
    elif format == "json-lines":
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    else:
        width = max((len(str(count)) for count in counts.values()), default=0)
        out.writelines(f"{row['count']:>{width}}  {row['code']}  {row['name']}\n" for row in rows)
