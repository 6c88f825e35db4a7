"""``xops-lint baseline``: write, renew and show the file of known findings."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xops_lint import baseline_place, comparing, options, terminal
from xops_lint.settings_file import display

if TYPE_CHECKING:
    from xops_lint.baseline import Comparison, Entry
    from xops_lint.registry import Registry
    from xops_lint.settings import Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def command() -> None:
    """Write, renew, prune or show the baseline: known findings that `check` does not report.

    The file has no line numbers and no dates, so it stays right when code moves, and
    one entry a line, so that branches merge. Commit it.
    """


_PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))


@command.command()
@_PATHS
@options.settings_options
@click.option("--force", is_flag=True, help="Replace a baseline that is there.")
@click.pass_context
def create(context: click.Context, /, paths: tuple[Path, ...], force: bool, **_: Any) -> int:
    """Write a baseline with all that is found now."""
    from xops_lint import baselining

    named = paths or (Path("."),)
    settings, registry = options.settings_and_rules(context, named)
    file = baseline_place.default_place(settings)
    if file.exists() and not force:
        raise click.UsageError(f"{display(file)} is there; `xops-lint baseline update` renews it", context)
    entries = baselining.with_found(_compare(named, settings, registry, frozenset()))
    baselining.write(file, entries)
    terminal.say(f"{display(file)} holds {comparing.counted(len(entries))}; commit it")
    return 0


@command.command()
@_PATHS
@options.settings_options
@click.pass_context
def update(context: click.Context, /, paths: tuple[Path, ...], **_: Any) -> int:
    """Add what is new, and take out what is gone."""
    from xops_lint import baselining

    file, comparison = _compared(context, paths)
    entries = baselining.with_found(comparison)
    if entries != baselining.known(file):
        baselining.write(file, entries)
    terminal.say(f"{display(file)}: {comparing.changes(comparison, len(entries - comparison.kept))}")
    return 0


@command.command()
@_PATHS
@options.settings_options
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if there is something to take out.")
@click.pass_context
def prune(context: click.Context, /, paths: tuple[Path, ...], check: bool, **_: Any) -> int:
    """Take out what is no longer found, and add nothing."""
    from xops_lint import baselining

    file, comparison = _compared(context, paths)
    for entry in comparison.absent:
        terminal.say(f"{_shown(entry)}: no longer found")
    if check:
        return int(bool(comparison.absent))
    if comparison.kept != baselining.known(file):
        baselining.write(file, comparison.kept)
    terminal.say(f"{display(file)}: {comparing.changes(comparison)}")
    return 0


@command.command()
@options.settings_options
@options.output_format("text", "json")
@click.pass_context
def show(context: click.Context, /, output_format: str, **_: Any) -> int:
    """List what the baseline holds, and how much of each rule."""
    from xops_lint import baselining

    settings, registry = options.settings_and_rules(context, (Path("."),))
    file = baseline_place.default_place(settings)
    entries = sorted(baselining.known(file), key=lambda entry: entry.sort_key())
    names = {code: rule.name for code, rule in registry.rules.items()}
    with terminal.output() as out:
        if output_format == "json":
            rows = [
                {"filename": path, "code": code, "name": names.get(code), "scope": scope, "key": key}
                for path, code, scope, key in entries
            ]
            out.write(json.dumps(rows, indent=2) + "\n")
            return 0
        out.writelines(f"{_shown(entry)}\n" for entry in entries)
        counts = Counter(entry.code for entry in entries)
        out.write(f"{display(file)} holds {comparing.counted(len(entries))}\n")
        out.writelines(f"{count:>6}  {code}  {names.get(code, '')}\n" for code, count in counts.most_common())
    return 0


def _compared(context: click.Context, paths: tuple[Path, ...]) -> tuple[Path, Comparison]:
    """Lint, and compare with the baseline, whose file is returned too."""
    from xops_lint import baselining

    named = paths or (Path("."),)
    settings, registry = options.settings_and_rules(context, named)
    file = baseline_place.default_place(settings)
    return file, _compare(named, settings, registry, baselining.known(file))


def _compare(named: tuple[Path, ...], settings: Settings, registry: Registry, entries: frozenset[Entry]) -> Comparison:
    from xops_lint import baselining, discovery, runner

    found = discovery.find(named, settings)
    report = runner.run(found.files, settings, registry, project_files=discovery.project(found, named, settings))
    baselining.unless_failed(report)
    report = report.with_notices(found.skipped)
    looked = baselining.Looked.at(report, [each.path for each in found.files], named, settings, registry)
    return baselining.compare(report, entries, looked)


def _shown(entry: Entry) -> str:
    return f"{entry.path}: {entry.code}{f' in {entry.scope}' if entry.scope else ''}"
