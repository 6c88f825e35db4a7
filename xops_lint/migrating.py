"""Reads the configuration of other linters, and says what it is here."""

from __future__ import annotations

import configparser
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from xops_lint import data_files, languages, settings_file
from xops_lint.config import ConfigFile, Value
from xops_lint.document import Context
from xops_lint.matching import regex
from xops_lint.registry import Registry
from xops_lint.rule import Group

_PYLINT_FILES: Final = (".pylintrc", "pylintrc", "setup.cfg", "tox.ini")
_FOLDER: Final = regex(r"\^?(?P<path>(?:[\w/-]|\\\.)+?)/?(?:\.\*)?\$?")
"""A regular expression that says no more than the beginning of a path."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check of another linter: whether it is on there, and the rules that look for the same here."""

    name: str
    on: bool
    rules: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Migration:
    """What one linter's configuration is here: its checks, its paths, and what no setting takes over."""

    tool: str
    file: str
    checks: tuple[Check, ...] = ()
    excluded: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings to paste: rules to turn on and off besides the default ones, paths to leave out."""

    extend_select: tuple[str, ...]
    ignore: tuple[str, ...]
    extend_exclude: tuple[str, ...]


def find(root: Path) -> list[Migration]:
    """Return what each configuration of another linter at a root is here."""
    project = _toml(root / "pyproject.toml")
    found = (_mllint(root, project), _dslinter(root, project), _pynblint(root), _nbqa(project))
    return [migration for migration in found if migration is not None]


def settings(migrations: Iterable[Migration], registry: Registry) -> Settings:
    """Return the settings by which the rules find what the other linters looked for."""
    checks = [check for migration in migrations for check in migration.checks]
    wanted = {rule for check in checks if check.on for rule in check.rules}
    unwanted = {rule for check in checks if not check.on for rule in check.rules} - wanted
    usual = {rule.name for rule in registry.rules.values() if rule.group is Group.DEFAULT}
    excluded = dict.fromkeys(path for migration in migrations for path in migration.excluded)
    return Settings(tuple(sorted(wanted - usual)), tuple(sorted(unwanted & usual)), tuple(excluded))


def _checks(tool: str, chosen: Mapping[str, bool], *, otherwise: bool | None = None) -> Iterator[Check]:
    """Yield the checks of a tool; ``chosen`` says of some, or of all below a name, whether they are on."""
    known = data_files.load("migrations.yaml")[tool]
    usual = known["by_default"] if otherwise is None else otherwise
    for name, here in known["checks"].items():
        spelled = [each for each in chosen if name == each or name.startswith(f"{each}/")]
        on = chosen[max(spelled, key=len)] if spelled else usual
        yield Check(name, on, tuple(here.get("rules", ())), here.get("note", ""))
    for name in chosen:
        if not any(each == name or each.startswith(f"{name}/") for each in known["checks"]):
            yield Check(name, chosen[name], (), "is a check of nobody we know")


def _mllint(root: Path, project: Mapping[str, Any]) -> Migration | None:
    file = root / ".mllint.yml"
    table = _yaml(file) if file.is_file() else _table(project, "tool", "mllint")
    if table is None:
        return None
    chosen = {str(name): False for name in _listed(_table(table, "rules"), "disabled")}
    remarks = []
    for keys, remark in (
        (("git", "maxFileSize"), "`git.maxFileSize`: pre-commit's `check-added-large-files` has `--maxkb`"),
        (("code-quality", "linters"), "`code-quality.linters`: these run as hooks or CI steps of their own"),
        (("testing",), "`testing`: coverage and reports stay with the test runner"),
        (("rules", "custom"), "`rules.custom`: a program becomes a local rule (`rule-paths`), or a step of CI"),
    ):
        if _value(table, *keys) is not None:
            remarks.append(remark)
    name = file.name if file.is_file() else "pyproject.toml"
    return Migration("mllint", name, tuple(_checks("mllint", chosen)), remarks=tuple(remarks))


def _dslinter(root: Path, project: Mapping[str, Any]) -> Migration | None:
    """Read pylint's settings, where they load the plugin."""
    options: dict[str, str] = {}
    name = next((name for name in _PYLINT_FILES if "dslinter" in _text(root / name)), None)
    if name is not None:
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            parser.read_string(_text(root / name))
        except configparser.Error:
            return Migration("dslinter", name, remarks=("the file cannot be read",))
        for section in parser.sections():
            options.update((key.replace("_", "-"), value) for key, value in parser[section].items())
    else:
        for table in (_table(project, "tool", "pylint") or {}).values():
            if isinstance(table, Mapping):
                options.update((key.replace("_", "-"), _joined(value)) for key, value in table.items())
        if "dslinter" not in options.get("load-plugins", ""):
            return None
    disabled, enabled = (_words(options.get(key, "")) for key in ("disable", "enable"))
    chosen = {**dict.fromkeys(disabled, False), **dict.fromkeys(enabled, True)}
    known = data_files.load("migrations.yaml")["dslinter"]["checks"]
    own = {each: on for each, on in chosen.items() if each in known}
    checks = tuple(_checks("dslinter", own, otherwise=False if "all" in disabled else None))
    excluded = tuple(f"**/{path}" for path in _words(options.get("ignore", "")) if path != "CVS")
    others = len(chosen) - len(own)
    remarks = (f"{others} other names of pylint's own checks stay with pylint",) if others else ()
    return Migration("dslinter", name or "pyproject.toml", checks, excluded, remarks)


def _pynblint(root: Path) -> Migration | None:
    text = _text(root / ".pynblint")
    if not text:
        return None
    values = {}
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.lstrip().startswith("#"):
            values[key.strip().lower()] = value.strip().strip("'\"")
    included, excluded = _names(values.pop("included_lints", "")), _names(values.pop("excluded_lints", ""))
    chosen = {**dict.fromkeys(excluded, False), **dict.fromkeys(included, True)}
    checks = tuple(_checks("pynblint", chosen, otherwise=False if included else None))
    remarks = tuple(f"`{key}`: nothing here counts or shows that" for key in sorted(values))
    return Migration("pynblint", ".pynblint", checks, remarks=remarks)


def _nbqa(project: Mapping[str, Any]) -> Migration | None:
    table = _table(project, "tool", "nbqa")
    if table is None:
        return None
    excluded, remarks = [], []
    for tool, pattern in (_table(table, "exclude") or {}).items():
        match = _FOLDER.fullmatch(str(pattern))
        if match is not None:
            excluded.append(match["path"].replace("\\.", "."))
        else:
            remarks.append(f"`exclude.{tool} = {pattern}` is a regular expression: write it as a pattern of paths")
    if _table(table, "files"):
        remarks.append("`files`: name the paths in the command or in `include`")
    if _table(table, "process_cells"):
        remarks.append("`process_cells`: cells of other languages are known by their magics and kernels")
    tools = sorted({tool for key in ("addopts", "config", "mutate") for tool in _table(table, key) or {}})
    if tools:
        remarks.append(f"{', '.join(tools)} go on through nbQA; notebooks need no wrapper here")
    return Migration("nbQA", "pyproject.toml", excluded=tuple(dict.fromkeys(excluded)), remarks=tuple(remarks))


def _toml(file: Path) -> Mapping[str, Any]:
    return (settings_file.parsed(file.read_bytes()) if file.is_file() else None) or {}


def _yaml(file: Path) -> Mapping[str, Any]:
    document = languages.read(file.name, file.read_bytes(), "yaml", context=Context())
    plain = _plain(document.documents[0]) if isinstance(document, ConfigFile) and document.documents else None
    return plain if isinstance(plain, dict) else {}


def _plain(value: Value) -> Any:
    if isinstance(value.data, dict):
        return {key: _plain(inner) for key, inner in value.data.items()}
    return [_plain(inner) for inner in value.data] if isinstance(value.data, list) else value.data


def _text(file: Path) -> str:
    return file.read_text("utf-8", "replace") if file.is_file() else ""


def _value(table: Mapping[str, Any], *keys: str) -> Any:
    value: Any = table
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def _table(table: Mapping[str, Any], *keys: str) -> Mapping[str, Any] | None:
    value = _value(table, *keys)
    return value if isinstance(value, Mapping) else None


def _listed(table: Mapping[str, Any] | None, key: str) -> list[Any]:
    value = (table or {}).get(key)
    return value if isinstance(value, list) else []


def _joined(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _words(text: str) -> list[str]:
    lines = (line.partition("#")[0] for line in text.splitlines())
    return [word for line in lines for word in re.split(r"[\s,]+", line) if word]


def _names(text: str) -> list[str]:
    try:
        data = json.loads(text) if text else []
    except ValueError:
        return _words(text)
    return [str(name) for name in data] if isinstance(data, list) else []
