"""What ``check`` makes of a baseline: reports what is new, takes out what is gone, or writes it anew."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xops_lint.baseline_place import default_place, place
from xops_lint.exceptions import BaselineError
from xops_lint.settings_file import display

if TYPE_CHECKING:
    from xops_lint.baseline import Comparison
    from xops_lint.baselining import Looked
    from xops_lint.registry import Registry
    from xops_lint.report import Report
    from xops_lint.settings import Settings


@dataclass(frozen=True, slots=True)
class Baseline:
    """The baseline of one run of ``check``: its file, None if there is none, and whether to write it anew."""

    file: Path | None
    written: bool
    settings: Settings
    rules: Callable[[Settings], Registry]

    @classmethod
    def of(cls, settings: Settings, rules: Callable[[Settings], Registry], **given: Any) -> Baseline:
        """Take the choices from options and settings."""
        written: bool = given["write_baseline"]
        file: Path | None = None
        if written:
            file = default_place(settings)
        elif not given["no_baseline"]:
            file = place(settings, isolated=given["isolated"])
        return cls(file, written, settings, rules)

    def compare(self, report: Report, paths: Iterable[str], named: Sequence[Path]) -> tuple[Report, str]:
        """Return the report with what is new as findings, and a remark on the baseline, which may be empty."""
        if self.file is None:
            return report, ""
        from xops_lint import baselining

        registry = self.rules(self.settings)
        looked = baselining.Looked.at(report, paths, named, self.settings, registry)
        if self.written:
            return self._write(report, looked, registry)
        comparison = baselining.compare(report, baselining.known(self.file), looked)
        remark = self._shrink(report, comparison, looked)
        return baselining.compared(report, comparison, registry), remark

    def _write(self, report: Report, looked: Looked, registry: Registry) -> tuple[Report, str]:
        from xops_lint import baselining

        file = self.file or default_place(self.settings)
        baselining.unless_failed(report)
        entries = baselining.known(file) if file.exists() else frozenset()
        written = baselining.with_found(baselining.compare(report, entries, looked))
        baselining.write(file, written)
        comparison = baselining.compare(report, written, looked)
        return baselining.compared(report, comparison, registry), f"{display(file)} holds {counted(len(written))}"

    def _shrink(self, report: Report, comparison: Comparison, looked: Looked) -> str:
        """Take out what is gone, and say so; in CI say only what is to be done."""
        from xops_lint import baselining

        if self.file is None or not baselining.shrinks(report, comparison, looked):
            return ""
        gone, name = len(comparison.absent), display(self.file)
        if baselining.in_ci(os.environ):
            told = f"{counted(gone)} of {name} {'is' if gone == 1 else 'are'} no longer found"
            return f"{told}; `xops-lint baseline prune` takes {'it' if gone == 1 else 'them'} out" if gone else ""
        try:
            baselining.write(self.file, comparison.kept)
        except BaselineError as error:
            return str(error)
        return f"{name}: {changes(comparison)}"


def changes(comparison: Comparison, added: int = 0) -> str:
    """Return in words what became of a baseline."""
    told = [f"added {counted(added)}"] if added else []
    if comparison.absent:
        told.append(f"took out {counted(len(comparison.absent))} no longer found")
    if comparison.moved:
        told.append(f"moved {counted(comparison.moved)} with {'its file' if comparison.moved == 1 else 'their files'}")
    return ", ".join(told) or "nothing to change"


def counted(number: int) -> str:
    """Return a number of findings in words."""
    return f"{number} finding{'' if number == 1 else 's'}"
