"""Count findings per 1,000 lines of Python, by rule, in folders of real code.

    python benchmarks/density.py DIRECTORY…

Runs the default rules with no settings file. Python lines are those of modules and
of the code cells of notebooks; findings elsewhere are counted without a density.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xops_lint.languages.notebook import read_cells

_COMMAND = (sys.executable, "-m", "xops_lint", "check", "--isolated", "--output-format", "json")
_PYTHON = (".py", ".ipynb")


@dataclass(slots=True)
class Tally:
    """What one rule found: how often in Python, how often elsewhere, in which files."""

    python: int = 0
    elsewhere: int = 0
    files: set[str] = field(default_factory=set)


def main() -> None:
    """Run the linter on every directory and print one table for all of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("directories", nargs="+", type=Path, metavar="DIRECTORY")
    directories: list[Path] = parser.parse_args().directories
    findings = [finding for directory in directories for finding in _findings(directory)]
    lines = sum(_python_lines(path) for directory in directories for path in _files(directory))
    print(_table(_tallies(findings), lines))


def _findings(directory: Path) -> list[dict[str, Any]]:
    """Return the linter's JSON report of a directory, file names made unique."""
    report = _output(directory)
    findings: list[dict[str, Any]] = json.loads(report)
    return [{**finding, "filename": f"{directory}/{finding['filename']}"} for finding in findings]


def _files(directory: Path) -> list[Path]:
    """Return the files the linter checks there."""
    return [directory / line for line in _output(directory, "--show-files").splitlines()]


def _output(directory: Path, *options: str) -> str:
    finished = subprocess.run((*_COMMAND, *options), cwd=directory, capture_output=True, text=True, check=False)
    if finished.returncode not in (0, 1):
        sys.exit(f"xops-lint left with {finished.returncode} in {directory}:\n{finished.stderr}")
    return finished.stdout


def _python_lines(path: Path) -> int:
    if path.suffix == ".py":
        return path.read_bytes().count(b"\n")
    return read_cells(path.read_bytes()).text.count("\n") if path.suffix == ".ipynb" else 0


def _tallies(findings: Sequence[dict[str, Any]]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for finding in findings:
        tally = tallies.setdefault(f"{finding['code']} {finding['name']}", Tally())
        if finding["filename"].endswith(_PYTHON):
            tally.python += 1
        else:
            tally.elsewhere += 1
        tally.files.add(finding["filename"])
    return tallies


def _table(tallies: dict[str, Tally], lines: int) -> str:
    """Return a row per rule, the most frequent first, and the sum."""
    total = Tally()
    rows = [f"{'rule':44}{'Python':>8}{'/ 1,000':>9}{'other':>7}{'files':>7}"]
    for rule, tally in sorted(tallies.items(), key=lambda item: (-item[1].python, item[0])):
        rows.append(_row(rule, tally, lines))
        total.python += tally.python
        total.elsewhere += tally.elsewhere
        total.files |= tally.files
    return "\n".join((*rows, _row(f"all rules, {lines:,} lines of Python", total, lines)))


def _row(name: str, tally: Tally, lines: int) -> str:
    density = 1000 * tally.python / max(lines, 1)
    return f"{name:44}{tally.python:8}{density:9.3f}{tally.elsewhere:7}{len(tally.files):7}"


if __name__ == "__main__":
    main()
