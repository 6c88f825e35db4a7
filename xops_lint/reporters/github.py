"""Workflow commands that GitHub Actions turns into annotations."""

from __future__ import annotations

from typing import TextIO

from xops_lint.diagnostic import Diagnostic
from xops_lint.report import Report
from xops_lint.reporters._display import clean
from xops_lint.reporters._shared import in_file, located

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}
_DATA = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY = (*_DATA, (":", "%3A"), (",", "%2C"))


def render(report: Report, out: TextIO, *, color: bool = False) -> None:
    """Write one command a finding; ``color`` has no say in a machine format."""
    for diagnostic in report.diagnostics:
        out.write(f"{_command(diagnostic)}\n")


def _command(diagnostic: Diagnostic) -> str:
    place = in_file(diagnostic.place)
    properties = {"title": f"xops-lint ({diagnostic.code})", "file": place.path, "line": str(place.row)}
    # GitHub drops an annotation with columns if it spans lines.
    if place.end_row == place.row:
        properties["col"] = str(place.column)
    properties["endLine"] = str(place.end_row)
    if place.end_row == place.row:
        properties["endColumn"] = str(place.end_column)
    listed = ",".join(f"{name}={_escaped(value, _PROPERTY)}" for name, value in properties.items())
    title = f"{located(diagnostic.place)}: {diagnostic.code} {clean(diagnostic.message)}"
    message = f"{title}\n  help: {clean(diagnostic.help)}"
    return f"::{_LEVELS[diagnostic.severity]} {listed}::{_escaped(message, _DATA)}"


def _escaped(text: str, replacements: tuple[tuple[str, str], ...]) -> str:
    for character, escape in replacements:
        text = text.replace(character, escape)
    return text
