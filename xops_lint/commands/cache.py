"""``xops-lint cache``: what is kept between runs, and how to be rid of it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from xops_lint import options, terminal
from xops_lint.cache import store
from xops_lint.cache.runs import store_of


@click.group()
def command() -> None:
    """Show or clear what is kept between runs."""


@command.command()
@options.settings_source
@options.cache_folder
@options.output_format("text", "json")
@click.pass_context
def status(context: click.Context, /, **given: object) -> int:
    """Show where results are kept, and how many."""
    folder = _folder(context)
    found = store.status(folder)
    with terminal.output() as out:
        if given["output_format"] == "json":
            out.write(json.dumps({"folder": str(folder), **found._asdict()}, indent=2) + "\n")
        else:
            out.write(f"{folder}: {found.entries} results of files, {found.runs} whole runs, {_sized(found.size)}\n")
    return 0


@command.command()
@options.settings_source
@options.cache_folder
@click.pass_context
def clear(context: click.Context, /, **given: object) -> int:
    """Take out all that is kept; files of others in the folder stay."""
    folder = _folder(context)
    try:
        freed = store.clear(folder)
    except OSError as error:
        raise click.ClickException(f"{folder}: {error.strerror}") from error
    terminal.say(f"{folder}: {_sized(freed)} freed")
    return 0


def _folder(context: click.Context) -> Path:
    return store_of(options.settings_in_force(context, (Path("."),))).folder


def _sized(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
