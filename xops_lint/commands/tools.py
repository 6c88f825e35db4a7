"""``xops-lint tools``: show the tool catalog."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from xops_lint import options, terminal
from xops_lint.exceptions import SelectorError
from xops_lint.nearest import suggestion

if TYPE_CHECKING:
    from xops_lint.entry import Entry


@click.command()
@click.argument("name", required=False)
@options.output_format("text", "json")
@options.settings_source
@click.pass_context
def command(context: click.Context, /, name: str | None, output_format: str, **_: Any) -> int:
    """List the tools of the catalog; of one tool, the names it knows and their roles."""
    from xops_lint.catalog import Catalog

    settings, _registry = options.settings_and_rules(context, (Path("."),))
    catalog = Catalog(settings.catalog)
    tools = sorted(catalog.tools())
    if name is not None and name not in tools:
        raise SelectorError(f"unknown tool `{name}`{suggestion(name, tools)}")
    chosen = tools if name is None else [name]
    entries = {tool: sorted(catalog.entries(tool), key=lambda entry: entry.name) for tool in chosen}
    with terminal.output() as out:
        if output_format == "json":
            out.write(json.dumps(_plain(entries), indent=2, ensure_ascii=False) + "\n")
        elif name is None:
            _table(entries, out)
        else:
            out.writelines(f"{entry.name}  {' '.join(sorted(entry.roles))}".rstrip() + "\n" for entry in entries[name])
    return 0


def _table(entries: Mapping[str, list[Entry]], out: TextIO) -> None:
    width = max((len(tool) for tool in entries), default=0)
    for tool, known in entries.items():
        roles = sorted({role for entry in known for role in entry.roles})
        out.write(f"{tool:<{width}}  {len(known):>4} names  {' '.join(roles)}".rstrip() + "\n")


def _plain(entries: Mapping[str, list[Entry]]) -> list[dict[str, Any]]:
    return [
        {"tool": tool, "names": [{"name": entry.name, "roles": sorted(entry.roles)} for entry in known]}
        for tool, known in entries.items()
    ]
