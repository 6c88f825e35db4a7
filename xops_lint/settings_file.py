"""Finds and reads settings files, and knows the line of each of their keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xops_lint.exceptions import SettingsError
from xops_lint.matching import regex
from xops_lint.settings_keys import schema, violations

NAMES = (".xops-lint.toml", "xops-lint.toml", "pyproject.toml")
"""Settings files of one folder; the first that has settings counts."""

_PART = regex(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
_KEY = rf"(?:{_PART.pattern})(?:\s*\.\s*(?:{_PART.pattern}))*"
_HEADER = regex(rf"\s*(\[\[?)\s*({_KEY})\s*\]\]?\s*(?:#.*)?$")
_ASSIGNMENT = regex(rf"\s*({_KEY})\s*=")
_MULTILINE = regex(r'"""|\'\'\'')

Route = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """One settings file: its checked values, and the text to find their lines in."""

    path: Path
    values: Mapping[str, Any]
    text: str
    prefix: Route

    def source(self, route: Route) -> str:
        """Return ``path:line`` of a key."""
        return f"{display(self.path)}:{line_of(self.text, (*self.prefix, *route))}"


def nearest(start: Path) -> SettingsFile | None:
    """Return the nearest settings file at or above a folder, up to the repository's root."""
    for folder in (start, *start.parents):
        for name in NAMES:
            path = folder / name
            found = _read_if_ours(path) if path.is_file() else None
            if found is not None:
                return found
        if (folder / ".git").exists():
            return None
    return None


def chain(file: SettingsFile) -> list[SettingsFile]:
    """Return a settings file after all the files it extends, oldest first."""
    files = [file]
    while "extend" in files[0].values:
        extending = files[0]
        source = extending.source(("extend",))
        path = (extending.path.parent / Path(extending.values["extend"]).expanduser()).resolve()
        if any(path == known.path.resolve() for known in files):
            raise SettingsError(f"{source}: `extend` leads back to {path}")
        if not path.is_file():
            raise SettingsError(f"{source}: `extend` names {path}, which does not exist")
        files.insert(0, read(path))
    return files


def read(path: Path) -> SettingsFile:
    """Read one settings file and check its keys and types against the schema."""
    text = _text(path)
    prefix = _prefix(path)
    table = _table(_parse(path, text), prefix)
    return _checked(SettingsFile(path, {} if table is None else table, text, prefix))


def parsed(data: bytes) -> dict[str, Any] | None:
    """Return what a TOML file holds, None if it is none that can be read."""
    import tomli

    try:
        return tomli.loads(data.decode("utf-8-sig"))
    except (tomli.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        return None


def line_of(text: str, route: Route) -> int:
    """Return the line, from 1, of a key in a TOML text, or of the nearest table around it."""
    best, length = 1, 0
    for line, spelled in _spelled_keys(text):
        if len(spelled) > length and route[: len(spelled)] == spelled:
            best, length = line, len(spelled)
    return best


def display(path: Path) -> str:
    """Return a path as a person writes it: relative where it lies below the working folder."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def _read_if_ours(path: Path) -> SettingsFile | None:
    # Somebody else's broken pyproject.toml is not ours to complain about.
    text = _text(path)
    prefix = _prefix(path)
    if prefix and "xops-lint" not in text:
        return None
    table = _table(_parse(path, text), prefix)
    return None if table is None else _checked(SettingsFile(path, table, text, prefix))


def _prefix(path: Path) -> Route:
    return ("tool", "xops-lint") if path.name == "pyproject.toml" else ()


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{display(path)}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{display(path)}: is not UTF-8 at byte {error.start}") from error


def _parse(path: Path, text: str) -> dict[str, Any]:
    import tomli

    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise SettingsError(f"{display(path)}: is not TOML: {error}") from error
    except RecursionError as error:
        raise SettingsError(f"{display(path)}: is nested too deeply") from error


def _table(data: Any, prefix: Route) -> Any:
    for part in prefix:
        data = data.get(part) if isinstance(data, dict) else None
    return data


def _checked(file: SettingsFile) -> SettingsFile:
    problems = [f"{file.source(route)}: {message}" for route, message in violations(file.values, schema())]
    if problems:
        raise SettingsError("\n".join(problems))
    return file


def _spelled_keys(text: str) -> Iterator[tuple[int, Route]]:
    table: Route = ()
    counts: dict[Route, int] = {}
    for number, line in _key_lines(text):
        if header := _HEADER.match(line):
            table = _parts(header[2])
            if header[1] == "[[":
                yield number, table
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            else:
                table = _within_last(table, counts)
            yield number, table
        elif assignment := _ASSIGNMENT.match(line):
            parts = _parts(assignment[1])
            for length in range(1, len(parts) + 1):
                yield number, (*table, *parts[:length])


def _key_lines(text: str) -> Iterator[tuple[int, str]]:
    quote = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not quote:
            yield number, line
        for mark in _MULTILINE.findall(line):
            quote = mark if not quote else "" if mark == quote else quote


def _parts(key: str) -> Route:
    return tuple(part.strip("\"'") for part in _PART.findall(key))


def _within_last(table: Route, counts: Mapping[Route, int]) -> Route:
    """Put the index of the last ``[[item]]`` into a ``[item.table]`` header."""
    for length in range(len(table) - 1, 0, -1):
        if table[:length] in counts:
            return (*table[:length], counts[table[:length]], *table[length:])
    return table
