"""What ``check`` shows of a report: the format, the notices, the summary, the exit status."""

from __future__ import annotations

import dataclasses
import importlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xops_lint import tally, terminal
from xops_lint.diagnostic import Safety
from xops_lint.exceptions import SettingsError
from xops_lint.settings import Settings, at_least

if TYPE_CHECKING:
    from xops_lint.discovery import Notice
    from xops_lint.report import Report

_NOTICES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Presentation:
    """How one run's report is shown."""

    format: str
    output_file: Path | None
    statistics: bool
    color: str
    quiet: bool
    verbose: bool
    settings_file: str

    @classmethod
    def of(cls, settings: Settings, **given: Any) -> Presentation:
        """Take the choices from options and settings."""
        format = given["output_format"] or settings.output_format or _default_format(os.environ)
        if given["statistics"] and format not in tally.FORMATS:
            raise SettingsError(f"`--statistics` has no format `{format}`; it has {', '.join(tally.FORMATS)}")
        return cls(
            format=format,
            output_file=given["output_file"],
            statistics=given["statistics"],
            color=given["color"],
            quiet=given["quiet"],
            verbose=given["verbose"],
            settings_file=settings.file or "none",
        )

    @contextmanager
    def waiting(self) -> Iterator[terminal.Progress]:
        """Give what draws a progress bar, and take the bar away in the end."""
        shown = not (self.quiet or os.environ.get("XOPS_LINT_NO_PROGRESS"))
        progress = terminal.Progress(sys.stderr, shown=shown)
        try:
            yield progress
        finally:
            progress.clear()

    def show(self, report: Report, remark: str = "", *, beside: bool = False) -> None:
        """Write the report to its place, and what else a person wants to know beside it.

        ``beside`` leaves the standard output to something else.
        """
        taken = beside and self.output_file is None
        with nullcontext(sys.stderr) if taken else terminal.output(self.output_file) as out:
            if self.statistics:
                tally.render(report, out, self.format)
            else:
                reporter = importlib.import_module(f"xops_lint.reporters.{self.format.replace('-', '_')}")
                reporter.render(report, out, color=terminal.colors(self.color, out))
        if not self.quiet:
            self._tell_notices(report)
            terminal.say(summary(report))
            if hint := _fixable(report):
                terminal.say(hint)
            if remark:
                terminal.say(remark)

    def _tell_notices(self, report: Report) -> None:
        if self.verbose:
            terminal.say(f"settings: {self.settings_file}; root: {report.root}; {report.seconds:.2f} s")
            if report.cache:
                terminal.say(f"cache: {report.cache}")
        shown = report.skipped if self.verbose else report.skipped[:_NOTICES_SHOWN]
        for notice in shown:
            terminal.say(f"skipped {notice.path}: {notice.message}")
        if len(shown) < len(report.skipped):
            terminal.say(f"skipped {len(report.skipped) - len(shown)} more; --verbose names them")


def summary(report: Report) -> str:
    """Return the last line a person reads."""
    suppressed, skipped = f"{len(report.suppressed)} suppressed", f"{len(report.skipped)} skipped"
    known = f", {len(report.baselined)} {report.compared}" if report.compared else ""
    if report.diagnostics:
        new = "new " if report.compared else ""
        return f"{_counted(len(report.diagnostics), f'{new}finding')}, {suppressed}, {skipped}{known}"
    if not report.checked:
        return f"No files were checked, {skipped}"
    return f"All checks passed: {_counted(report.checked, 'file')} checked, {suppressed}, {skipped}{known}"


def _fixable(report: Report) -> str:
    """Return how many findings can be mended, and by which options; nothing if none can."""
    safe, unsafe = (
        sum(found.fix is not None and found.fix.safety is safety for found in report.diagnostics)
        for safety in (Safety.SAFE, Safety.UNSAFE)
    )
    if safe and unsafe:
        return f"{safe} can be mended with `--fix`, {unsafe} more with `--unsafe-fixes`"
    if safe or unsafe:
        return f"{safe or unsafe} can be mended with `--fix{'' if safe else ' --unsafe-fixes'}`"
    return ""


def status(report: Report, settings: Settings, *, exit_zero: bool) -> int:
    """Return the exit status: 2 if the run failed, 1 if findings reach ``fail-on``."""
    if report.failed:
        return 2
    if exit_zero:
        return 0
    return int(any(at_least(diagnostic.severity, settings.fail_on) for diagnostic in report.diagnostics))


def with_notices(report: Report, notices: Sequence[Notice]) -> Report:
    """Return the report with what discovery left out."""
    return dataclasses.replace(report, skipped=(*notices, *report.skipped))


def _default_format(environment: Mapping[str, str]) -> str:
    return "github" if environment.get("GITHUB_ACTIONS") == "true" else "full"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
