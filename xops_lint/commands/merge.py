"""``xops-lint merge``: report what the shards of a run have read, as one run would."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xops_lint import options, settings_loading
from xops_lint.commands.check import Read, conclude
from xops_lint.comparing import Baseline
from xops_lint.presentation import Presentation, with_notices
from xops_lint.settings_loading import CommandLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xops_lint.cache.shards import Artefact, Command
    from xops_lint.settings import Settings


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@options.report_format
@click.option(
    "--output-file",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="XOPS_LINT_OUTPUT_FILE",
    help="Write the report to a file.",
)
@options.judging_options
@click.option("--no-baseline", is_flag=True, help="Report also what the baseline holds.")
@click.option("--since", metavar="REV", help="Report only what was not there at a git revision.")
@click.option("--statistics", is_flag=True, help="Show how often each rule found something, and no findings.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if there are findings.")
@click.option("--quiet", "-q", is_flag=True, help="Show the report and errors, and nothing else.")
@click.option("--verbose", "-v", is_flag=True, help="Show also what was skipped, and the settings file.")
@options.color
@click.pass_context
def command(context: click.Context, /, files: tuple[Path, ...], **given: Any) -> int:
    """Report what `check --shard` wrote into FILES, or below folders, as one run would have.

    Run it in the same folder of the same checkout as the shards. Paths and options are those of the
    shards; the findings, their order and the exit status are those of one `xops-lint check`.
    """
    from xops_lint.cache import shards

    artefacts = [shards.read(path, str(path)) for path in _files(context, files)]
    asked = shards.fitting(artefacts).manifest.command
    settings = _settings(context, asked)
    presentation = Presentation.of(settings, **given)
    known = Baseline.of(settings, options.rules, write_baseline=False, isolated=asked.isolated, **given)
    named = tuple(map(Path, asked.paths))
    return conclude(_read(artefacts, named, settings, presentation), named, settings, presentation, known, **given)


def _files(context: click.Context, given: Sequence[Path]) -> list[Path]:
    """Return the shards that are named, or lie below folders that are."""
    from xops_lint.cache.shards import SUFFIX

    found = []
    for path in given:
        below = sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
        if not below:
            raise click.UsageError(f"{path} holds no shard: `xops-lint check --shard I/N` writes one", context)
        found += below
    return found


def _settings(context: click.Context, asked: Command) -> Settings:
    """Return the settings of the shards, changed by the options of this command."""
    own = options.command_line(context)
    values = {key: Path(os.path.abspath(value)) if key == "baseline" else value for key, value in asked.values.items()}
    config = None if asked.config is None else Path(asked.config)
    return settings_loading.load(
        [Path(path) for path in asked.paths],
        config=config,
        isolated=asked.isolated,
        command_line=CommandLine({**values, **own.values}, {**asked.source, **own.source}),
    )


def _read(
    artefacts: Sequence[Artefact], named: tuple[Path, ...], settings: Settings, presentation: Presentation
) -> Read:
    """Do what `check` does with what the shards hold in place of a cache."""
    from xops_lint import discovery, runner, sharing
    from xops_lint.cache import keys, shards

    registry = options.rules(settings)
    found = discovery.find(named, settings)
    world = runner.world(discovery.project(found, named, settings), settings)
    cache = sharing.carrying(settings, {key: data for each in artefacts for key, data in each.entries.items()})
    _, tasks = runner.tasks_of(world, found.files, settings, registry)
    here = {task.file.path: cache.contents.of(task.file) for task in tasks}
    shards.unlike(artefacts, here, keys.settings(settings), keys.portable_program())
    with presentation.waiting() as progress:
        report = runner.run_in(world, found.files, settings, registry, progress, examiner=cache)
    known = f"{cache.known} of {cache.asked} files known from {len(artefacts)} shards"
    report = dataclasses.replace(report, cache=cache.store.trouble or known)
    return Read(with_notices(report, found.skipped), [file.path for file in found.files])
