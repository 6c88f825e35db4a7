"""``xops-lint migrate``: what the configuration of another linter is here."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xops_lint import options, terminal

if TYPE_CHECKING:
    from xops_lint.migrating import Check, Migration, Settings

_WRAPPER = textwrap.TextWrapper(width=100, subsequent_indent="    ", break_on_hyphens=False, break_long_words=False)


@click.command()
@click.argument("path", default=".", type=click.Path(exists=True, file_okay=False, path_type=Path))
@options.output_format("text", "json")
def command(path: Path, output_format: str) -> int:
    """Say what the settings of mllint, dslinter, pynblint and nbQA in a folder are here.

    Reads `.mllint.yml`, `[tool.mllint]`, pylint's settings that load dslinter, `.pynblint` and `[tool.nbqa]`,
    lists their checks with the rules that look for the same, and prints settings to paste. Nothing is written.
    """
    from xops_lint import migrating, registry

    found = migrating.find(path)
    settings = migrating.settings(found, registry.load(()))
    if not found:
        terminal.say("no settings of mllint, dslinter, pynblint or nbQA here")
    with terminal.output() as out:
        if output_format == "json":
            out.write(json.dumps(_data(found, settings), indent=2, ensure_ascii=False) + "\n")
        elif found:
            out.writelines(f"{line}\n" for line in _lines(found, settings))
    return 0


def _lines(found: Sequence[Migration], settings: Settings) -> Iterator[str]:
    for migration in found:
        yield f"{migration.tool} ({migration.file})"
        width = max((len(check.name) for check in migration.checks), default=0)
        for check in migration.checks:
            yield f"  {check.name:<{width}}  {'on ' if check.on else 'off'}  {_told(check)}"
        for pattern in migration.excluded:
            yield f"  leaves out {pattern}"
        yield from (f"  {remark}" for remark in migration.remarks)
        yield ""
    yield "Settings to paste into xops-lint.toml, or below [tool.xops-lint] in pyproject.toml:"
    yield ""
    yield from pasted(settings)


def _told(check: Check) -> str:
    """Return the rules that a check is, and what is to be said of it."""
    rules = ", ".join(check.rules)
    return f"{rules} ({check.note})" if rules and check.note else rules or check.note


def pasted(settings: Settings) -> Iterator[str]:
    """Yield the lines of the settings; a comment if the usual ones will do."""
    lists = (
        ("extend-select", settings.extend_select),
        ("ignore", settings.ignore),
        ("extend-exclude", settings.extend_exclude),
    )
    if not any(values for _, values in lists):
        yield "# nothing: the rules that are on anyway look for all of it"
    for key, values in lists:
        if values:
            yield from _WRAPPER.wrap(f"{key} = [{', '.join(map(json.dumps, values))}]")


def _data(found: Sequence[Migration], settings: Settings) -> dict[str, Any]:
    return {
        "found": [
            {
                "tool": migration.tool,
                "file": migration.file,
                "checks": [
                    {"name": check.name, "on": check.on, "rules": list(check.rules), "note": check.note or None}
                    for check in migration.checks
                ],
                "excluded": list(migration.excluded),
                "remarks": list(migration.remarks),
            }
            for migration in found
        ],
        "settings": {
            "extend-select": list(settings.extend_select),
            "ignore": list(settings.ignore),
            "extend-exclude": list(settings.extend_exclude),
        },
    }
