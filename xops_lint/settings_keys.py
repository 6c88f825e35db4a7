"""Every settings key: its type, its default and its meaning; and what breaks them.

The JSON Schema made here is the one truth: files are checked against it,
``config --schema`` prints it, and the documentation's table comes from it.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from xops_lint import reporters
from xops_lint.nearest import suggestion
from xops_lint.rule import Confidence, Option, Rule, Severity
from xops_lint.selectors import ALL, DEFAULT

PROFILES = ("exploration", "standard", "production")
SEVERITIES = tuple(severity.value for severity in Severity)
CONFIDENCES = tuple(confidence.value for confidence in Confidence)

DEFAULT_EXCLUDE = (
    ".bzr",
    ".direnv",
    ".dvc/cache",
    ".dvc/tmp",
    ".eggs",
    ".git",
    ".git-rewrite",
    ".hg",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pyenv",
    ".pytest_cache",
    ".pytype",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    ".vscode",
    ".xops-lint-baseline.json",
    ".xops-lint-cache",
    "__pycache__",
    "__pypackages__",
    "_build",
    "_vendor",
    "buck-out",
    "build",
    "dist",
    "mlruns",
    "node_modules",
    "site-packages",
    "third_party",
    "venv",
)


class Violation(NamedTuple):
    """A key or a value that the schema rejects: where it stands and what is wrong."""

    route: tuple[str | int, ...]
    message: str


def output_formats() -> tuple[str, ...]:
    """Return the names of all report formats: the modules in ``reporters``."""
    names = (module.name for module in pkgutil.iter_modules(reporters.__path__))
    return tuple(sorted(name.replace("_", "-") for name in names if not name.startswith("_")))


def schema(rules: Iterable[Rule] = ()) -> dict[str, Any]:
    """Return the JSON Schema of a settings file; ``rules`` add their options."""
    properties = _properties()
    options = {rule.name: _options_schema(rule) for rule in rules if rule.options}
    if options:
        properties["options"] = _table_of_known("Settings of single rules.", options)
        properties["overrides"]["items"]["properties"]["options"] = properties["options"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "xops-lint settings",
        "description": "Keys of xops-lint.toml, and of [tool.xops-lint] in pyproject.toml.",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }


def violations(data: Any, against: Mapping[str, Any], route: tuple[str | int, ...] = ()) -> Iterator[Violation]:
    """Yield every way in which parsed settings break a schema made here."""
    expected = against.get("type")
    if expected is not None and not _is_a(data, expected):
        yield Violation(route, f"`{_last(route)}` must be {_words(against)}, not {_article(_type_name(data))}")
    elif "enum" in against and data not in against["enum"]:
        known = ", ".join(f"`{value}`" for value in against["enum"])
        yield Violation(route, f"`{_last(route)}` must be one of {known}, not `{data}`")
    elif "minimum" in against and data < against["minimum"]:
        yield Violation(route, f"`{_last(route)}` must be at least {against['minimum']}, not {data}")
    elif expected == "array":
        for index, item in enumerate(data):
            yield from violations(item, against["items"], (*route, index))
    elif expected == "object":
        yield from _table_violations(data, against, route)


def _table_violations(
    data: Mapping[str, Any], against: Mapping[str, Any], route: tuple[str | int, ...]
) -> Iterator[Violation]:
    known = against.get("properties", {})
    further = against.get("additionalProperties", {})
    for key, value in data.items():
        if key in known:
            yield from violations(value, known[key], (*route, key))
        elif further is False:
            yield Violation((*route, key), f"unknown key `{key}`{suggestion(key, known)}")
        else:
            yield from violations(value, further, (*route, key))
    for key in against.get("required", ()):
        if key not in data:
            yield Violation(route, f"`{_last(route)}` lacks the key `{key}`")


def _properties() -> dict[str, Any]:
    selection = _selection_properties()
    return {
        "extend": {"type": "string", "description": "Another settings file to build on, relative to this one."},
        **selection,
        "preview": _boolean(False, "Let rules in preview take part."),
        "per-file-ignores": _table("Path patterns and the selectors ignored there.", _strings()),
        "per-file-profiles": _table("Path patterns and the profile in force there.", _choice(PROFILES)),
        "overrides": {
            "type": "array",
            "description": "Settings for some files; the last match wins.",
            "items": _override(selection),
        },
        "include": _strings("Path patterns; if given, only files that match are linted.", ()),
        "exclude": _strings("Path patterns that are not linted.", DEFAULT_EXCLUDE),
        "extend-exclude": _strings("More path patterns that are not linted.", ()),
        "respect-gitignore": _boolean(True, "Skip what git ignores."),
        "force-exclude": _boolean(False, "Exclude also files that are named on the command line."),
        "min-severity": _choice(SEVERITIES, "info", "Run only rules at least this severe."),
        "min-confidence": _choice(CONFIDENCES, "low", "Run only rules at least this sure."),
        "fail-on": _choice(SEVERITIES, "info", "Exit with 1 if a finding is at least this severe."),
        "fixable": _strings("Selectors of the rules whose fixes are applied.", (ALL,)),
        "unfixable": _strings("Selectors of rules whose fixes are shown and never applied.", ()),
        "extend-safe-fixes": _strings("Selectors of rules whose unsafe fixes count as safe here.", ()),
        "extend-unsafe-fixes": _strings("Selectors of rules whose safe fixes count as unsafe here.", ()),
        "locked": _strings("Selectors of rules that no comment may suppress.", ()),
        "rule-paths": _strings("Folders of local rule packs, relative to this file; their code is run.", ()),
        "catalog": _strings("Own tool files or folders of them, relative to this file.", ()),
        "jobs": {"type": "integer", "minimum": 1, "description": "Processes to use; all cores if left out."},
        "output-format": _choice(output_formats(), None, "How findings are shown; `full` if left out."),
        "baseline": {
            "type": "string",
            "description": "The file of known findings, relative to this one; `.xops-lint-baseline.json` if left out.",
        },
        "cache": _boolean(True, "Keep results, and take them from there while what they are of stays the same."),
        "cache-dir": {
            "type": "string",
            "description": "Where results are kept, relative to this file; `.xops-lint-cache` at the root if left out.",
        },
        "suppressions": _boolean(True, "Honour suppression comments."),
    }


def _selection_properties() -> dict[str, Any]:
    return {
        "select": _strings("Selectors of the rules to run: codes, prefixes, names, principles, @ops, ALL.", (DEFAULT,)),
        "ignore": _strings("Selectors of rules to leave out.", ()),
        "extend-select": _strings("Selectors of rules to run besides `select`.", ()),
        "extend-ignore": _strings("Selectors of rules to leave out besides `ignore`.", ()),
        "profile": _choice(PROFILES, None, "The profile of files that nothing else gives one."),
        "severity": _table("Selectors and the severity of their rules.", _choice(SEVERITIES)),
        "options": _table("Settings of single rules.", {"type": "object"}),
    }


def _override(selection: Mapping[str, Any]) -> dict[str, Any]:
    properties = {key: dict(value) for key, value in selection.items()}
    for value in properties.values():
        value.pop("default", None)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["files"],
        "properties": {
            "files": _strings("Path patterns these settings are for."),
            "routes": _strings("Routes of configs such as `spec.containers[*]`: `ignore` silences what lies there."),
            "reason": {"type": "string", "description": "Why `ignore` silences what lies at `routes`."},
            **properties,
        },
    }


def _options_schema(rule: Rule) -> dict[str, Any]:
    return _table_of_known(rule.summary, {name: _option_schema(option) for name, option in rule.options.items()})


def _option_schema(option: Option) -> dict[str, Any]:
    default = list(option.default) if isinstance(option.default, tuple | frozenset | set) else option.default
    found: dict[str, Any] = {"description": option.help, "default": default}
    if isinstance(default, list):
        found["items"] = {"type": _type_name(default[0])} if default else {}
    if default is not None:
        found["type"] = "number" if isinstance(default, float) else _type_name(default)
    return found


def _table_of_known(description: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "additionalProperties": False,
        "properties": dict(properties),
    }


def _strings(description: str = "", default: tuple[str, ...] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
    return _described(found, description, None if default is None else list(default))


def _boolean(default: bool, description: str) -> dict[str, Any]:
    return _described({"type": "boolean"}, description, default)


def _choice(values: tuple[str, ...], default: str | None = None, description: str = "") -> dict[str, Any]:
    return _described({"type": "string", "enum": list(values)}, description, default)


def _table(description: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return _described({"type": "object", "additionalProperties": values}, description, {})


def _described(found: dict[str, Any], description: str, default: Any) -> dict[str, Any]:
    if description:
        found["description"] = description
    if default is not None:
        found["default"] = default
    return found


_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}


def _is_a(value: Any, expected: str) -> bool:
    if isinstance(value, bool):
        return expected == "boolean"
    return isinstance(value, _TYPES[expected])


def _type_name(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    return next((name for name, types in _TYPES.items() if isinstance(value, types)), "date or time")


def _words(against: Mapping[str, Any]) -> str:
    if against["type"] == "array" and "type" in against.get("items", {}):
        return f"an array of {against['items']['type']}s"
    if "enum" in against:
        return "one of " + ", ".join(f"`{value}`" for value in against["enum"])
    return _article(against["type"])


def _article(noun: str) -> str:
    noun = "table" if noun == "object" else noun
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _last(route: tuple[str | int, ...]) -> str:
    *parents, last = route or ("settings",)
    return f"{parents[-1]}[{last}]" if isinstance(last, int) and parents else str(last)
