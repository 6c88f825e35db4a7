"""Every finding with its source, what it leads to, what to write and where to read on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from xops_lint.diagnostic import Diagnostic, Safety
from xops_lint.report import Report
from xops_lint.reporters._display import clean, underlined
from xops_lint.reporters._shared import located
from xops_lint.text import Place

_RESET, _BOLD, _DIM = "\033[0m", "\033[1m", "\033[2m"
_OPTIONS = {Safety.SAFE: "`--fix`", Safety.UNSAFE: "`--fix --unsafe-fixes`"}
_COLORS = {"error": "\033[1;31m", "warning": "\033[1;33m", "info": "\033[1;36m"}


def render(report: Report, out: TextIO, *, color: bool = False) -> None:
    """Write one block a finding, with a blank line between two."""
    for number, diagnostic in enumerate(report.diagnostics):
        if number:
            out.write("\n")
        out.writelines(f"{line}\n" for line in _block(diagnostic, color))


def _block(diagnostic: Diagnostic, color: bool) -> Iterator[str]:
    strong = _COLORS[diagnostic.severity] if color else ""
    bold, dim, reset = (_BOLD, _DIM, _RESET) if color else ("", "", "")
    place = diagnostic.place
    head = f"{bold}{clean(located(place))}{reset}: {strong}{diagnostic.code}{reset} {bold}{diagnostic.name}{reset}"
    yield f"{head}: {clean(diagnostic.message)}"
    gutter = len(str(place.row + len(diagnostic.excerpt)))
    if diagnostic.excerpt:
        yield f"{dim}{' ' * gutter} |{reset}"
    for offset, line in enumerate(diagnostic.excerpt):
        row = place.row + offset
        text, marks = underlined(line, *_marked(line, row, place))
        yield f"{dim}{row:>{gutter}} |{reset} {text}".rstrip()
        if line.strip() or place.row == place.end_row:
            yield f"{dim}{' ' * gutter} |{reset} {_painted(marks, strong, reset)}"
    if diagnostic.excerpt and place.row + len(diagnostic.excerpt) <= _last_row(place):
        yield f"{dim}{' ' * gutter} |{reset} ..."
    for label, text in _remarks(diagnostic):
        yield f"{dim}{' ' * gutter} ={reset} {bold}{label}{reset}: {text}"


def _remarks(diagnostic: Diagnostic) -> Iterator[tuple[str, str]]:
    for related in diagnostic.related:
        yield "note", clean(f"{located(related.place)}: {related.message}")
    yield "harm", clean(diagnostic.harm)
    yield "help", clean(diagnostic.help)
    if diagnostic.fix is not None and diagnostic.fix.safety in _OPTIONS:
        yield "fix", f"{clean(diagnostic.fix.title)}: {_OPTIONS[diagnostic.fix.safety]}"
    if diagnostic.url:
        yield "page", diagnostic.url


def _marked(line: str, row: int, place: Place) -> tuple[int, int]:
    """Return the first and the end index of the characters of a row that a place covers."""
    start = place.column - 1 if row == place.row else len(line) - len(line.lstrip())
    end = place.end_column - 1 if row == place.end_row else len(line.rstrip())
    return start, end


def _last_row(place: Place) -> int:
    return place.end_row - 1 if place.end_column == 1 and place.end_row > place.row else place.end_row


def _painted(marks: str, color: str, reset: str) -> str:
    blanks = len(marks) - len(marks.lstrip())
    return f"{marks[:blanks]}{color}{marks[blanks:]}{reset}"
