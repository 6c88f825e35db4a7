"""One JSON object a line and finding."""

from __future__ import annotations

import json
from typing import TextIO

from xops_lint.report import Report
from xops_lint.reporters._shared import as_json


def render(report: Report, out: TextIO, *, color: bool = False) -> None:
    """Write the objects; ``color`` has no say in a machine format."""
    for diagnostic in report.with_known():
        out.write(json.dumps(as_json(diagnostic), ensure_ascii=False) + "\n")
