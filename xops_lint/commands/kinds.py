"""``xops-lint kinds``: list the kinds of configs, or what files were taken for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xops_lint import options, terminal

if TYPE_CHECKING:
    from xops_lint.discovery import FoundFile
    from xops_lint.settings import Settings


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@options.output_format("text", "json")
@options.settings_source
@click.pass_context
def command(context: click.Context, /, path: Path | None, output_format: str, **_: Any) -> int:
    """List the kinds of configs; with a path, what each file there is taken for."""
    rows = _known() if path is None else _taken_for(context, path)
    with terminal.output() as out:
        if output_format == "json":
            out.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
        elif path is None:
            out.writelines(f"{row['kind']}\n" for row in rows)
        else:
            width = max((len(row["path"]) for row in rows), default=0)
            for row in rows:
                out.write(f"{row['path']:<{width}}  {row['language']}  {' '.join(row['kinds'])}".rstrip() + "\n")
    return 0


def _known() -> list[dict[str, Any]]:
    names = (file.name for file in resources.files("xops_lint.data.kinds").iterdir())
    return [{"kind": name.removesuffix(".yaml")} for name in sorted(names) if name.endswith(".yaml")]


def _taken_for(context: click.Context, path: Path) -> list[dict[str, Any]]:
    from xops_lint import discovery

    settings, _registry = options.settings_and_rules(context, (path,))
    return [
        {"path": file.path, "language": file.language, "kinds": list(_kinds(file, settings))}
        for file in discovery.find([path], settings).files
    ]


def _kinds(file: FoundFile, settings: Settings) -> Iterator[str]:
    from xops_lint import languages
    from xops_lint.config import ConfigFile

    if file.language in ("python", "notebook"):
        return
    try:
        data = file.absolute.read_bytes()
    except OSError:
        return
    document = languages.read(file.path, data, file.language, context=settings.context(file.path))
    if isinstance(document, ConfigFile):
        yield from dict.fromkeys(kind for kind in document.kinds or [document.kind] if kind)
