"""``xops-lint check``: lint files and folders."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from xops_lint import options
from xops_lint.cache.runs import Run
from xops_lint.comparing import Baseline
from xops_lint.presentation import Presentation, status, with_notices
from xops_lint.timing import Timing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xops_lint.cache.shards import Shard
    from xops_lint.discovery import FoundFile
    from xops_lint.report import Report
    from xops_lint.settings import Settings


class _Check(click.Command):
    """A command with one option whose value may be left out, so that a path after it is a path."""

    def parse_args(self, context: click.Context, arguments: list[str]) -> list[str]:
        """Give the option the empty value where it stands alone."""
        return super().parse_args(context, [f"{it}=" if it == "--add-ignores" else it for it in arguments])


def _shard(context: click.Context, parameter: click.Parameter, value: str | None) -> Shard | None:
    if value is None:
        return None
    number, _, total = value.partition("/")
    if not (number.isdecimal() and total.isdecimal() and 1 <= int(number) <= int(total)):
        raise click.BadParameter(f"`{value}`: say which of how many, as in `1/3`; the first is 1", context, parameter)
    from xops_lint.cache.shards import Shard

    return Shard(int(number), int(total))


@click.command(cls=_Check)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@options.settings_options
@options.report_format
@click.option(
    "--output-file",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="XOPS_LINT_OUTPUT_FILE",
    help="Write the report to a file.",
)
@click.option("--fix", is_flag=True, help="Mend what can be mended safely, and report the rest.")
@click.option("--interactive", is_flag=True, help="With --fix, show each fix and ask whether to apply it.")
@click.option("--unsafe-fixes", is_flag=True, help="Let fixes take part that may change what the code does.")
@click.option("--online", is_flag=True, help="Let fixes ask package indexes, hubs and git hosts for versions.")
@click.option("--fix-only", is_flag=True, help="Mend, and report nothing.")
@click.option("--diff", is_flag=True, help="Show what would be mended as a diff, and write nothing.")
@click.option("--show-fixes", is_flag=True, help="List what was mended.")
@click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit with 1 if anything was mended.")
@click.option(
    "--add-ignores",
    metavar="[=REASON]",
    help="Silence what is found by comments, with a reason.",
)
@click.option("--no-baseline", is_flag=True, help="Report also what the baseline holds.")
@click.option("--write-baseline", is_flag=True, help="Put all that is found into the baseline.")
@click.option("--since", metavar="REV", help="Report only what was not there at a git revision.")
@click.option(
    "--shard",
    metavar="I/N",
    callback=_shard,
    help="Read the I-th of N shares of the files, and write what is in them for `merge`.",
)
@click.option("--statistics", is_flag=True, help="Show how often each rule found something, and no findings.")
@click.option("--timing", is_flag=True, help="Show where the time goes, by phase and rule.")
@click.option("--show-files", is_flag=True, help="List the files that would be checked, and check none.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if there are findings.")
@click.option("--stdin-filename", metavar="NAME", help="The name of what `-` reads from the standard input.")
@click.option("--quiet", "-q", is_flag=True, help="Show the report and errors, and nothing else.")
@click.option("--verbose", "-v", is_flag=True, help="Show also what was skipped, and the settings file.")
@options.color
@click.pass_context
def command(context: click.Context, /, paths: tuple[Path, ...], **given: Any) -> int:
    """Lint files and folders; `.` if none is named, the standard input for `-`."""
    stdin = paths == (Path("-"),)
    if stdin != bool(given["stdin_filename"]) or (not stdin and Path("-") in paths):
        raise click.UsageError("`-` stands alone and needs `--stdin-filename NAME`", context)
    named = (Path(given["stdin_filename"]),) if stdin else paths or (Path("."),)
    settings = replace(options.settings_in_force(context, named), online=given["online"])
    presentation, known = Presentation.of(settings, **given), Baseline.of(settings, options.rules, **given)
    if given["interactive"]:
        _refuse_to_ask(context, **given)
    if given["show_files"]:
        return _show_files(named, settings, given["shard"])
    if given["shard"]:
        from xops_lint import sharing

        return sharing.share(context, given["shard"], named, settings, presentation)
    if given["fix"] or given["fix_only"] or given["diff"] or given["add_ignores"] is not None:
        if stdin and given["add_ignores"] is not None:
            raise click.UsageError("`--add-ignores` writes into files: `-` is none", context)
        if given["timing"]:
            raise click.UsageError("`--timing` is for runs that mend nothing", context)
        from xops_lint import mending

        if given["since"]:
            raise click.UsageError("`--since` is for runs that mend and silence nothing", context)
        mend = mending.mend_text if stdin else mending.mend
        return mend(named, settings, options.rules(settings), presentation, known, **given)
    if given["since"] and given["write_baseline"]:
        raise click.UsageError("`--since` reports what is new: a baseline is written of all that is found", context)
    timing = Timing() if given["timing"] else None
    read = _check_text(named[0], settings) if stdin else _check(named, settings, presentation, timing)
    return conclude(read, named, settings, presentation, known, **given)


def conclude(
    read: Read, named: tuple[Path, ...], settings: Settings, presentation: Presentation, known: Baseline, **given: Any
) -> int:
    """Compare what was found with the baseline and a revision, show it, and return the exit status."""
    report, remark = known.compare(read.report, read.paths, named)
    if given["since"]:
        report = _since(given["since"], report, read.paths, named, settings, presentation)
    presentation.show(report.seen_from(os.getcwd()), remark)
    return status(report, settings, exit_zero=given["exit_zero"])


def _since(
    revision: str,
    report: Report,
    paths: Sequence[str],
    named: Sequence[Path],
    settings: Settings,
    presentation: Presentation,
) -> Report:
    from xops_lint import since
    from xops_lint.baselining import Looked

    looked = Looked.at(report, paths, named, settings, options.rules(settings))
    with presentation.waiting() as progress:
        return since.compared(report, revision, looked, progress)


def _refuse_to_ask(context: click.Context, /, **given: Any) -> None:
    """Raise UsageError where there is nothing to ask about, or nobody to ask."""
    if not (given["fix"] or given["fix_only"]) or given["diff"] or given["add_ignores"] is not None:
        raise click.UsageError("`--interactive` goes with `--fix` alone", context)
    if not sys.stdin.isatty():
        raise click.UsageError("`--interactive` asks questions: run it in a terminal", context)


def _show_files(paths: tuple[Path, ...], settings: Settings, shard: Shard | None) -> int:
    from xops_lint import discovery, terminal

    with terminal.output() as out:
        for file in discovery.find(paths, settings).files:
            if shard is None or shard.takes(file.path):
                out.write(f"{file.path}\n")
    return 0


class Read(NamedTuple):
    """What was found, and the files that were read for it."""

    report: Report
    paths: list[str]


def _check(paths: tuple[Path, ...], settings: Settings, presentation: Presentation, timing: Timing | None) -> Read:
    from xops_lint import discovery

    timed = timing or Timing()
    with timed.phase("finding files"):
        found = discovery.find(paths, settings)
        project_files = discovery.project(found, paths, settings)
    kept = Run.of(settings, found.files, project_files) if settings.cache else None
    with timed.phase("contents and the kept report"):
        report = kept.report() if kept is not None else None
    if report is not None and report.wants_versions:
        from xops_lint.filling import filled

        report = filled(report, settings)
    if report is None:
        report = _found_out(found.files, project_files, settings, presentation, kept, timing)
    if timing is not None:
        names = {rule.code: rule.name for rule in options.rules(settings).rules.values()} if timing.rules else {}
        timing.tell(names, sys.stderr)
    return Read(with_notices(report, found.skipped), [file.path for file in found.files])


def _found_out(
    files: Sequence[FoundFile],
    project_files: Sequence[FoundFile],
    settings: Settings,
    presentation: Presentation,
    kept: Run | None,
    timing: Timing | None,
) -> Report:
    from xops_lint import runner

    with (timing or Timing()).phase("rules loaded"):
        rules = options.rules(settings)
    with presentation.waiting() as progress:
        return runner.run(
            files, settings, rules, project_files=project_files, progress=progress, kept=kept, timing=timing
        )


def _check_text(name: Path, settings: Settings) -> Read:
    from xops_lint import discovery, runner

    registry = options.rules(settings)
    path = discovery.relative(Path(os.path.abspath(name)), settings.root)
    if settings.force_exclude and discovery.excluded(path, settings):
        nothing = runner.run((), settings, registry, project_files=())
        return Read(with_notices(nothing, [discovery.Notice(path, "is excluded")]), [])
    return Read(runner.run_text(path, sys.stdin.buffer.read(), settings, registry), [path])
