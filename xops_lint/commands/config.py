"""``xops-lint config``: show the settings in force."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xops_lint import options, terminal
from xops_lint.settings_keys import schema

if TYPE_CHECKING:
    from xops_lint.reasons import Reason
    from xops_lint.registry import Registry
    from xops_lint.rule import Rule
    from xops_lint.settings import Settings


@click.command()
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--schema", "show_schema", is_flag=True, help="Print the JSON Schema of settings files.")
@click.option("--why", "rule", metavar="RULE", help="Tell why a rule is on, off or so severe for the file PATH.")
@options.output_format("text", "json")
@options.settings_options
@click.pass_context
def command(
    context: click.Context, /, path: Path | None, show_schema: bool, rule: str | None, output_format: str, **_: Any
) -> int:
    """Show the settings in force and where each came from; of a file, also its rules.

    The profile of a file says which rules take part. `exploration`, the profile
    of notebooks, scratch folders and examples, keeps errors and what falsifies a
    result; `production` adds rules of its own; test code keeps errors and the
    rules made for it. A rule selected by its code or name takes part anywhere.
    Severities are the rules' own unless `severity` sets them.
    """
    settings, registry = options.settings_and_rules(context, (path or Path("."),))
    if rule is not None:
        if path is None or not path.is_file() or show_schema:
            raise click.UsageError("`--why RULE` needs a file: name one", context)
        _tell_why(registry.find(rule), path, settings, registry, output_format)
        return 0
    with terminal.output() as out:
        if show_schema:
            out.write(json.dumps(schema(registry.rules.values()), indent=2, default=list) + "\n")
            return 0
        shown = _settings(settings)
        file = _file(path, settings, registry) if path and path.is_file() else None
        if output_format == "json":
            out.write(json.dumps({"root": str(settings.root), "settings": shown, "file": file}, indent=2) + "\n")
            return 0
        out.write(f"root = {settings.root}\nsettings file = {settings.file or 'none'}\n\n")
        for key, entry in shown.items():
            out.write(f"{key} = {json.dumps(entry['value'], ensure_ascii=False)}  # {entry['source']}\n")
        if file:
            out.write(f"\n{file['path']}: profile {file['profile']}")
            out.write(f"{', a test' if file['test'] else ''}{', an example' if file['example'] else ''}\n")
            for code, severity in file["rules"].items():
                out.write(f"  {code}  {registry.rules[code].name}  {severity}\n")
    return 0


def _tell_why(rule: Rule, path: Path, settings: Settings, registry: Registry, output_format: str) -> None:
    """Write what is in force for a rule and a file, and all that has a say in it."""
    from xops_lint import discovery, looking, reasons

    file = Path(os.path.abspath(path))
    found = reasons.why(rule, discovery.relative(file, settings.root), settings, registry)
    told = [*_settings_files(settings), *found.reasons, *looking.looks(rule, file, settings, registry)]
    if output_format == "json":
        data = {
            "code": rule.code,
            "name": rule.name,
            "filename": path.as_posix(),
            "severity": found.severity.value if found.severity else None,
            "reasons": [reason._asdict() for reason in told],
        }
        with terminal.output() as out:
            out.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
        return
    state = f"on, severity {found.severity.value}" if found.severity else "off"
    unseen = [reason for reason in told if reason.topic in (looking.LEFT_OUT, looking.UNSEEN)]
    but = ", but does not get to see it" if found.severity and unseen else ""
    with terminal.output() as out:
        out.write(f"{rule.code} {rule.name} is {state} for {path.as_posix()}{but}\n")
        width = max(len(reason.topic) for reason in told)
        for topic, text, source in told:
            out.write(f"  {topic:<{width}}  {text}{f'  # {source}' if source else ''}\n")


def _settings_files(settings: Settings) -> Iterator[Reason]:
    """Yield the settings file in use, and those beside it that nobody reads."""
    from xops_lint.reasons import Reason
    from xops_lint.settings_file import NAMES, display

    yield Reason("settings", settings.file or "no file: the defaults")
    for name in NAMES if settings.file else ():
        file = settings.root / name
        if file.is_file() and display(file) != settings.file and _has_settings(file):
            yield Reason("unread", f"{display(file)} has settings too, and {settings.file} goes before it")


def _has_settings(file: Path) -> bool:
    return file.name != "pyproject.toml" or "[tool.xops-lint" in file.read_text("utf-8", "replace")


def _settings(settings: Settings) -> dict[str, dict[str, Any]]:
    """Return each key's value and where it came from; the command line's own choices come last."""
    shown = {}
    for key in schema()["properties"]:
        if key == "extend":
            continue
        value = getattr(settings, key.replace("-", "_"))
        shown[key] = {"value": _plain(value), "source": settings.source_of(key)}
    command = {
        "--select": settings.command.select,
        "--extend-select": settings.command.extend_select,
        "--ignore": settings.command.ignore,
        "--profile": settings.command_profile,
    }
    for option, value in command.items():
        if value:
            shown[option] = {"value": _plain(value), "source": settings.source.get(option, "the command line")}
    return shown


def _file(path: Path, settings: Settings, registry: Registry) -> dict[str, Any]:
    from xops_lint import discovery

    name = discovery.relative(Path(os.path.abspath(path)), settings.root)
    context = settings.context(name)
    return {
        "path": name,
        "profile": context.profile,
        "test": context.test,
        "example": context.example,
        "rules": {code: severity.value for code, severity in settings.enabled(name, context, registry).items()},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [_plain(inner) for inner in value]
    if hasattr(value, "__slots__"):
        fields = {name.replace("_", "-"): getattr(value, name) for name in value.__slots__}
        return {name: _plain(inner) for name, inner in fields.items() if inner}
    return value
