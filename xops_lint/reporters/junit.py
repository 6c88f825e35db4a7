"""JUnit XML, as CI systems show test results: a suite a file, a failed test a finding."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from xops_lint.diagnostic import Diagnostic
from xops_lint.matching import regex
from xops_lint.report import Report
from xops_lint.reporters._display import clean
from xops_lint.reporters._shared import in_file, located, position

_ILLEGAL = regex("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, out: TextIO, *, color: bool = False) -> None:
    """Write the suites; what a baseline holds is skipped. ``color`` has no say in a machine format."""
    # What is gone is no test that ran.
    found = [diagnostic for diagnostic in report.with_known() if diagnostic.baseline_state != "absent"]
    out.write('<?xml version="1.0" encoding="utf-8"?>\n')
    out.write(f"<testsuites{_attributes(name='xops-lint', **_counts(found))}>\n")
    for path, group in groupby(found, lambda diagnostic: diagnostic.place.path):
        diagnostics = list(group)
        out.write(f"  <testsuite{_attributes(name=path, package='xops-lint', **_counts(diagnostics))}>\n")
        out.writelines(f"{line}\n" for diagnostic in diagnostics for line in _test(diagnostic))
        out.write("  </testsuite>\n")
    if not found:
        # A report without tests looks to CI systems like a run that did not take place.
        out.write(f"  <testsuite{_attributes(name='xops-lint', package='xops-lint', **_counts(found))}>\n")
        out.write(f"    <testcase{_attributes(name='no findings', classname='xops-lint')}/>\n  </testsuite>\n")
    out.write("</testsuites>\n")


def _counts(found: list[Diagnostic]) -> dict[str, str]:
    skipped = sum(_is_known(diagnostic) for diagnostic in found)
    numbers = {"tests": len(found) or 1, "failures": len(found) - skipped, "errors": 0, "skipped": skipped}
    return {name: str(number) for name, number in numbers.items()}


def _test(diagnostic: Diagnostic) -> Iterator[str]:
    place = in_file(diagnostic.place)
    # Systems take two tests with one name for one test, so the name has the position.
    name = f"{diagnostic.code} {diagnostic.name} at {position(diagnostic.place)}"
    where = {"file": place.path, "line": str(place.row), "column": str(place.column)}
    yield f"    <testcase{_attributes(name=name, classname=place.path, **where)}>"
    message = clean(diagnostic.message)
    if _is_known(diagnostic):
        yield f"      <skipped{_attributes(message=f'in the baseline: {message}')}/>"
    else:
        body = [f"{located(diagnostic.place)}: {message}", clean(diagnostic.help), diagnostic.url or ""]
        text = escape(_legal("\n".join(line for line in body if line)))
        yield f"      <failure{_attributes(type=diagnostic.severity, message=message)}>{text}</failure>"
    yield "    </testcase>"


def _is_known(diagnostic: Diagnostic) -> bool:
    return diagnostic.baseline_state == "unchanged"


def _attributes(**values: str) -> str:
    return "".join(f" {name}={quoteattr(_legal(value))}" for name, value in values.items())


def _legal(text: str) -> str:
    """Return a text without characters that no XML may hold, escaped or not."""
    return _ILLEGAL.sub("\ufffd", text)
