"""One line a finding: ``path:row:col: CODE message``, for editors and for grep."""

from __future__ import annotations

from typing import TextIO

from xops_lint.report import Report
from xops_lint.reporters._display import clean
from xops_lint.reporters._shared import located


def render(report: Report, out: TextIO, *, color: bool = False) -> None:
    """Write one line a finding."""
    for diagnostic in report.diagnostics:
        code = f"\033[1;31m{diagnostic.code}\033[0m" if color else diagnostic.code
        message = clean(diagnostic.message)
        out.write(f"{clean(located(diagnostic.place))}: {code} {message}\n")
