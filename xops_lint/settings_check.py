"""Finds settings that name a rule or an option the rule book does not have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from xops_lint.exceptions import SelectorError, SettingsError
from xops_lint.nearest import suggestion
from xops_lint.registry import Registry
from xops_lint.settings import Options, Settings
from xops_lint.settings_keys import schema, violations

Route = tuple[str, ...]

_NO_OPTIONS: Mapping[str, Any] = {"type": "object", "additionalProperties": False}


def check(settings: Settings, registry: Registry) -> None:
    """Raise SettingsError if a setting names a rule or an option that does not exist."""
    problems = [*_selector_problems(settings, registry), *_option_problems(settings, registry)]
    if problems:
        raise SettingsError("\n".join(problems))


def _selector_problems(settings: Settings, registry: Registry) -> Iterator[str]:
    for route, chosen in _chosen_selectors(settings):
        for selector in chosen:
            try:
                registry.match(selector)
            except SelectorError as error:
                yield f"{settings.source_of(*route)}: {error}"


def _chosen_selectors(settings: Settings) -> Iterator[tuple[Route, Iterable[str]]]:
    yield ("select",), settings.select
    yield ("ignore",), settings.ignore
    yield ("extend-select",), settings.extend_select
    yield ("extend-ignore",), settings.extend_ignore
    yield ("--select",), settings.command.select or ()
    yield ("--extend-select",), settings.command.extend_select
    yield ("--ignore",), settings.command.ignore
    yield ("locked",), settings.locked
    yield ("fixable",), settings.fixable
    yield ("unfixable",), settings.unfixable
    yield ("extend-safe-fixes",), settings.extend_safe_fixes
    yield ("extend-unsafe-fixes",), settings.extend_unsafe_fixes
    for selector in settings.severity:
        yield ("severity", selector), (selector,)
    for pattern, chosen in settings.per_file_ignores.items():
        yield ("per-file-ignores", pattern), chosen
    for index, override in enumerate(settings.overrides):
        route = ("overrides", str(index))
        yield (*route, "select"), override.selection.select or ()
        yield (*route, "extend-select"), override.selection.extend_select
        yield (*route, "ignore"), override.silence.ignore if override.silence else override.selection.ignore
        for selector in override.severity:
            yield (*route, "severity", selector), (selector,)


def _option_problems(settings: Settings, registry: Registry) -> Iterator[str]:
    yield from _unknown_options(settings, ("options",), settings.options, registry)
    for index, override in enumerate(settings.overrides):
        yield from _unknown_options(settings, ("overrides", str(index), "options"), override.options, registry)


def _unknown_options(settings: Settings, route: Route, options: Options, registry: Registry) -> Iterator[str]:
    known = schema(registry.rules.values())["properties"]["options"].get("properties", {})
    for name, values in options.items():
        source = settings.source_of(*route, name)
        if name in registry.rules:
            yield f"{source}: `{name}` is set by its rule's name, `{registry.rules[name].name}`"
        elif name not in registry.names:
            yield f"{source}: unknown rule `{name}`{suggestion(name, registry.names)}"
        else:
            for violation in violations(values, known.get(name, _NO_OPTIONS), (name,)):
                where = (*route, *(str(part) for part in violation.route))
                yield f"{settings.source_of(*where)}: {violation.message}"
