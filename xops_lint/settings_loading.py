"""Puts settings together: files, from the extended to the nearest, then the command line."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xops_lint import settings_file
from xops_lint.exceptions import SettingsError
from xops_lint.rule import Confidence, Severity
from xops_lint.selectors import Selection
from xops_lint.settings import Override, Settings, Silence, merged_options
from xops_lint.settings_file import SettingsFile

_ADDED = frozenset(
    {
        "extend-select",
        "extend-ignore",
        "extend-exclude",
        "unfixable",
        "extend-safe-fixes",
        "extend-unsafe-fixes",
        "overrides",
        "rule-paths",
        "catalog",
    }
)
_UPDATED = frozenset({"per-file-ignores", "per-file-profiles", "severity"})
_PATHS = frozenset({"rule-paths", "catalog"})
_SILENCING = frozenset({"files", "routes", "ignore", "extend-ignore", "reason"})
_COMMAND_ONLY = frozenset({"select", "extend-select", "ignore", "extend-ignore", "profile"})
"""Keys that on the command line stand beside the files' values and do not replace them."""


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Settings given on the command line or in the environment, by key.

    ``source`` names the option or the variable each came from.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)


def load(
    paths: Sequence[Path] = (),
    *,
    config: Path | None = None,
    isolated: bool = False,
    command_line: CommandLine = CommandLine(),
) -> Settings:
    """Return the settings for paths: the nearest file's, its extended files', and the command line's."""
    start = _folder(paths[0]) if paths else Path.cwd()
    file = _file(start, config, isolated)
    files = settings_file.chain(file) if file else []
    repository = repository_root(start)
    root = _root(file, config, repository)
    merged: dict[str, Any] = {}
    source: dict[str, str] = {}
    for found in files:
        _merge(found, merged, source)
    command = {key: value for key, value in command_line.values.items() if key not in _COMMAND_ONLY}
    for key, label in command_line.source.items():
        source[f"--{key}" if key in _COMMAND_ONLY else key] = label
    return Settings(
        root=root,
        file=settings_file.display(file.path) if file else None,
        anchored=file is not None or repository is not None,
        source=source,
        command=_command_selection(command_line.values),
        command_profile=command_line.values.get("profile"),
        **_fields({"cache": True, **merged, **command}),
    )


def repository_root(start: Path) -> Path | None:
    """Return the nearest folder at or above ``start`` that holds ``.git``."""
    return next((folder for folder in (start, *start.parents) if (folder / ".git").exists()), None)


def _folder(path: Path) -> Path:
    absolute = Path(os.path.abspath(path))
    return absolute if absolute.is_dir() else absolute.parent


def _file(start: Path, config: Path | None, isolated: bool) -> SettingsFile | None:
    if config is not None:
        if not config.is_file():
            raise SettingsError(f"{config}: no such settings file")
        return settings_file.read(Path(os.path.abspath(config)))
    return None if isolated else settings_file.nearest(start)


def _root(file: SettingsFile | None, config: Path | None, repository: Path | None) -> Path:
    # A file named with --config may lie anywhere; the project is where we stand.
    if file is not None and config is None:
        return file.path.parent
    return repository or Path.cwd()


def _merge(file: SettingsFile, merged: dict[str, Any], source: dict[str, str]) -> None:
    _check_routes(file)
    offset = len(merged.get("overrides", ()))
    for key, value in file.values.items():
        if key == "extend":
            continue
        if key in _PATHS:
            value = [_path(file, written) for written in value]
        elif key in ("baseline", "cache-dir"):
            value = _path(file, value)
        if key == "options":
            merged[key] = merged_options([merged.get(key, {}), value])
        elif key in _ADDED:
            merged[key] = [*merged.get(key, []), *value]
        elif key in _UPDATED:
            merged[key] = {**merged.get(key, {}), **value}
        else:
            merged[key] = value
        for route, spelled in _routes(key, value, offset):
            source[".".join(spelled)] = file.source(route)


def _check_routes(file: SettingsFile) -> None:
    """Raise SettingsError where `routes` or `reason` stand with what they have no say in."""
    for index, table in enumerate(file.values.get("overrides", ())):
        wrong = set(table) - _SILENCING if "routes" in table else set(table) & {"reason"}
        if wrong:
            key = min(wrong)
            where = file.source(("overrides", index, key))
            raise SettingsError(
                f"{where}: `{key}` does not go with `routes`"
                if "routes" in table
                else f"{where}: `reason` goes with `routes` alone"
            )


def _routes(key: str, value: Any, offset: int) -> Iterator[tuple[tuple[str | int, ...], tuple[str, ...]]]:
    """Yield the routes worth a source: keys, their tables' keys, and overrides' keys."""
    yield (key,), (key,)
    if key == "overrides":
        for index, override in enumerate(value):
            for route, spelled in _nested(override):
                yield (key, index, *route), (key, str(index + offset), *spelled)
    else:
        for route, spelled in _nested(value):
            yield (key, *route), (key, *spelled)


def _nested(value: Any) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (key,), (key,)
            for route, spelled in _nested(inner):
                yield (key, *route), (key, *spelled)


def _path(file: SettingsFile, written: str) -> Path:
    return Path(os.path.abspath(file.path.parent / Path(written).expanduser()))


def _command_selection(values: Mapping[str, Any]) -> Selection:
    select = values.get("select")
    return Selection(
        None if select is None else tuple(select),
        tuple(values.get("extend-select", ())),
        (*values.get("ignore", ()), *values.get("extend-ignore", ())),
    )


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Turn parsed values into the fields of Settings."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        found[key.replace("-", "_")] = _CONVERTED[key](value) if key in _CONVERTED else _frozen(value)
    return found


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _override(table: Mapping[str, Any]) -> Override:
    if "routes" in table:
        ignore = (*table.get("ignore", ()), *table.get("extend-ignore", ()))
        silence = Silence(tuple(table["files"]), tuple(table["routes"]), ignore, table.get("reason", ""))
        return Override(files=(), silence=silence)
    select = table.get("select")
    return Override(
        files=tuple(table["files"]),
        selection=Selection(
            None if select is None else tuple(select),
            tuple(table.get("extend-select", ())),
            (*table.get("ignore", ()), *table.get("extend-ignore", ())),
        ),
        profile=table.get("profile"),
        severity=table.get("severity", {}),
        options=table.get("options", {}),
    )


_CONVERTED: Mapping[str, Any] = {
    "overrides": lambda tables: tuple(_override(table) for table in tables),
    "per-file-ignores": lambda table: {pattern: tuple(chosen) for pattern, chosen in table.items()},
    "min-severity": Severity,
    "fail-on": Severity,
    "min-confidence": Confidence,
}
