"""``xops-lint check --fix`` and ``--diff``: mend what can be mended."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xops_lint import terminal
from xops_lint.diagnostic import Safety
from xops_lint.presentation import Presentation, status, with_notices

if TYPE_CHECKING:
    from xops_lint.asking import Asking
    from xops_lint.comparing import Baseline
    from xops_lint.discovery import FoundFile
    from xops_lint.fixing import Fixed
    from xops_lint.registry import Registry
    from xops_lint.settings import Settings


def mend(
    paths: Sequence[Path],
    settings: Settings,
    registry: Registry,
    presentation: Presentation,
    known: Baseline,
    **given: Any,
) -> int:
    """Lint and mend files; return the exit status."""
    from xops_lint import discovery, fixing, ignoring, runner

    found = discovery.find(paths, settings)
    world = runner.world(discovery.project(found, paths, settings), settings)
    allowed = _allowed(**given)
    with presentation.waiting() as progress:
        if given["add_ignores"] is not None:
            fixed = ignoring.ignore(world, found.files, settings, registry, given["add_ignores"], progress)
        elif given["interactive"]:
            asking = _asking(found.files, settings, presentation, allowed, progress)
            fixed = fixing.fix(world, found.files, settings, registry, allowed, progress, asking)
        else:
            fixed = fixing.fix(world, found.files, settings, registry, allowed, progress)
    report = with_notices(fixed.report, found.skipped)
    if given["diff"]:
        with terminal.output(presentation.output_file) as out:
            out.writelines(_diffs(fixed, settings.root))
        return 2 if report.failed else int(bool(fixed.after) and not given["exit_zero"])
    report = with_notices(report, [*fixed.left_alone, *fixing.write(fixed, settings.root)])
    if not presentation.quiet:
        done = "mended" if given["add_ignores"] is None else "silenced"
        _tell(fixed, settings.root, done, each=given["show_fixes"])
    mended = int(given["exit_non_zero_on_fix"] and bool(fixed.applied) and not given["exit_zero"])
    if given["fix_only"]:
        return 2 if report.failed else mended
    report, remark = known.compare(report, [file.path for file in found.files], paths)
    presentation.show(report.seen_from(os.getcwd()), remark)
    return status(report, settings, exit_zero=given["exit_zero"]) or mended


def mend_text(
    paths: Sequence[Path],
    settings: Settings,
    registry: Registry,
    presentation: Presentation,
    known: Baseline,
    **given: Any,
) -> int:
    """Lint and mend the standard input; write what it becomes in place of the report, which is told beside it."""
    from xops_lint import discovery, fixing, runner
    from xops_lint.report import Notice, Report

    data, name = sys.stdin.buffer.read(), discovery.relative(Path(os.path.abspath(paths[0])), settings.root)
    file = runner.text_file(name, settings)
    excluded = settings.force_exclude and discovery.excluded(name, settings)
    if file is None or excluded:
        notice = Notice(name, "is excluded" if excluded else "is of no kind that is linted")
        fixed = fixing.Fixed(Report((), skipped=(notice,), root=str(settings.root)))
    else:
        with presentation.waiting() as progress:
            world = runner.world_of_text(file, data, settings)
            fixed = fixing.fix(world, (file,), settings, registry, _allowed(**given), progress)
    report = with_notices(fixed.report, fixed.left_alone)
    if given["diff"]:
        with terminal.output(presentation.output_file) as out:
            out.writelines(_diffs(fixed, settings.root))
        return 2 if report.failed else int(bool(fixed.after) and not given["exit_zero"])
    with terminal.output() as out:
        out.flush()
        out.buffer.write(next(iter(fixed.after.values()), data))
    mended = int(given["exit_non_zero_on_fix"] and bool(fixed.applied) and not given["exit_zero"])
    if given["fix_only"]:
        return 2 if report.failed else mended
    report, remark = known.compare(report, [name] if report.checked else [], paths)
    presentation.show(report.seen_from(os.getcwd()), remark, beside=True)
    return status(report, settings, exit_zero=given["exit_zero"]) or mended


def _allowed(**given: Any) -> frozenset[Safety]:
    return frozenset({Safety.SAFE, Safety.UNSAFE} if given["unsafe_fixes"] else {Safety.SAFE})


def _asking(
    files: Sequence[FoundFile],
    settings: Settings,
    presentation: Presentation,
    allowed: frozenset[Safety],
    progress: terminal.Progress,
) -> Asking:
    from xops_lint.asking import Asking

    languages = {file.path: file.language for file in files}
    color = terminal.colors(presentation.color, sys.stderr)
    return Asking(languages, allowed, settings.root, color, progress.clear)


def _tell(fixed: Fixed, root: Path, done: str, *, each: bool) -> None:
    """Say how much was mended or silenced, and where if that is asked for."""
    total, files = sum(fixed.applied.values()), len(fixed.after)
    if total:
        terminal.say(f"{done} {total} finding{'s' * (total > 1)} in {files} file{'s' * (files > 1)}")
    for (path, code), count in sorted(fixed.applied.items()) if each else ():
        terminal.say(f"  {_seen(path, root)}: {count} x {code}")


def _diffs(fixed: Fixed, root: Path) -> Iterator[str]:
    """Yield a diff of every file, as ``patch`` takes it."""
    for path in sorted(fixed.after):
        name = _seen(path, root)
        before, after = (_lines(files[path]) for files in (fixed.before, fixed.after))
        for line in difflib.unified_diff(before, after, f"a/{name}", f"b/{name}"):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(content: bytes) -> list[str]:
    return content.decode("utf-8", "backslashreplace").splitlines(keepends=True)


def _seen(path: str, root: Path) -> str:
    return os.path.relpath(root / path).replace(os.sep, "/")
