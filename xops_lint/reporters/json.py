"""All findings as one JSON list."""

from __future__ import annotations

import json
from typing import TextIO

from xops_lint.report import Report
from xops_lint.reporters._shared import as_json


def render(report: Report, out: TextIO, *, color: bool = False) -> None:
    """Write the list; ``color`` has no say in a machine format."""
    findings = [as_json(diagnostic) for diagnostic in report.with_known()]
    out.write(json.dumps(findings, indent=2, ensure_ascii=False) + "\n")
