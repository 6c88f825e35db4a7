"""Findings below the name of their file."""

from __future__ import annotations

from itertools import groupby
from typing import TextIO

from xops_lint.report import Report
from xops_lint.reporters._display import clean
from xops_lint.reporters._shared import position


def render(report: Report, out: TextIO, *, color: bool = False) -> None:
    """Write the path, then one line a finding, with a blank line between two files."""
    bold, strong, reset = ("\033[1m", "\033[1;31m", "\033[0m") if color else ("", "", "")
    by_path = groupby(report.diagnostics, lambda diagnostic: diagnostic.place.path)
    for number, (path, found) in enumerate(by_path):
        diagnostics = list(found)
        width = max(len(position(diagnostic.place)) for diagnostic in diagnostics)
        if number:
            out.write("\n")
        out.write(f"{bold}{clean(path)}{reset}\n")
        for diagnostic in diagnostics:
            spot = f"{position(diagnostic.place):<{width}}"
            code = f"{strong}{diagnostic.code}{reset}"
            out.write(f"  {spot}  {code} {diagnostic.name}: {clean(diagnostic.message)}\n")
