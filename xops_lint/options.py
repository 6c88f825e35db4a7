"""The options that commands share, and the settings they amount to."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from xops_lint import registry, settings_loading
from xops_lint.registry import Registry
from xops_lint.settings import Settings
from xops_lint.settings_keys import CONFIDENCES, PROFILES, SEVERITIES, output_formats, schema
from xops_lint.settings_loading import CommandLine

Function = TypeVar("Function", bound=Callable[..., Any])


def _split(context: click.Context, parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...] | None:
    words = tuple(word.strip() for given in value for word in given.split(",") if word.strip())
    return words if value else None


def _absolute(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    return None if value is None else Path(os.path.abspath(value))


def _list(name: str, help: str) -> Callable[[Function], Function]:
    return click.option(name, multiple=True, callback=_split, metavar="LIST", help=help)


def _choice(
    name: str, values: tuple[str, ...], help: str, variable: str | None = None
) -> Callable[[Function], Function]:
    return click.option(name, type=click.Choice(values), envvar=variable, help=help)


def _switch(name: str, help: str) -> Callable[[Function], Function]:
    return click.option(f"--{name}/--no-{name}", default=None, help=help)


_SOURCES = (
    click.option(
        "--config",
        type=click.Path(path_type=Path),
        envvar="XOPS_LINT_CONFIG",
        help="Use this settings file and look for no other.",
    ),
    click.option("--isolated", is_flag=True, help="Use no settings file."),
)

_CACHE_DIR = click.option(
    "--cache-dir",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="XOPS_LINT_CACHE_DIR",
    callback=_absolute,
    metavar="FOLDER",
    help="Where results are kept; `.xops-lint-cache` at the root by default.",
)

_FAIL_ON = _choice("--fail-on", SEVERITIES, "Exit with 1 if a finding is at least this severe.")

_BASELINE = click.option(
    "--baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_absolute,
    metavar="FILE",
    help="Known findings that are not reported again; `.xops-lint-baseline.json` if there is one.",
)

_MACHINE = (
    click.option(
        "--no-cache",
        is_flag=True,
        envvar="XOPS_LINT_NO_CACHE",
        help="Read every file anew, and keep nothing.",
    ),
    _CACHE_DIR,
    click.option(
        "--jobs",
        "-j",
        type=click.IntRange(min=1),
        envvar="XOPS_LINT_JOBS",
        help="Processes to use; all cores by default.",
    ),
)

_SETTINGS = (
    _list("--select", "Rules to run: codes, prefixes, names, principles, @ops, ALL; separated by commas."),
    _list("--ignore", "Rules to leave out."),
    _list("--extend-select", "Rules to run besides the selected ones."),
    _list("--extend-ignore", "Rules to leave out besides the ignored ones."),
    _list("--fixable", "Rules whose fixes are applied; all of them by default."),
    _list("--unfixable", "Rules whose fixes are shown and not applied."),
    _switch("preview", "Let rules in preview take part."),
    _choice("--profile", PROFILES, "The profile of every file.", "XOPS_LINT_PROFILE"),
    _choice("--min-severity", SEVERITIES, "Run only rules at least this severe."),
    _choice("--min-confidence", CONFIDENCES, "Run only rules at least this sure."),
    _FAIL_ON,
    _list("--exclude", "Path patterns to leave out, in place of the usual ones."),
    _list("--extend-exclude", "Path patterns to leave out besides the usual ones."),
    _switch("force-exclude", "Exclude also files that are named here."),
    _switch("respect-gitignore", "Skip what git ignores."),
    _BASELINE,
    click.option(
        "--no-suppressions",
        is_flag=True,
        envvar="XOPS_LINT_NO_SUPPRESSIONS",
        help="Show what comments suppress, too.",
    ),
    *_MACHINE,
)


def output_format(*names: str) -> Callable[[Function], Function]:
    """Add ``--output-format`` with these formats, the first as default."""
    return click.option("--output-format", type=click.Choice(names), default=names[0], show_default=True)


def report_format(function: Function) -> Function:
    """Add ``--output-format`` with every report format."""
    option = _choice("--output-format", output_formats(), "How findings are shown.", "XOPS_LINT_OUTPUT_FORMAT")
    return option(function)


def color(function: Function) -> Function:
    """Add ``--color``."""
    choices = click.Choice(["auto", "always", "never"])
    return click.option("--color", type=choices, default="auto", show_default=True, help="Colour the output.")(function)


def settings_source(function: Function) -> Function:
    """Add ``--config`` and ``--isolated``."""
    for option in reversed(_SOURCES):
        function = option(function)
    return function


def cache_folder(function: Function) -> Function:
    """Add ``--cache-dir``."""
    return _CACHE_DIR(function)


def settings_options(function: Function) -> Function:
    """Add every option that is also a settings key."""
    for option in reversed(_SETTINGS):
        function = option(function)
    return settings_source(function)


def judging_options(function: Function) -> Function:
    """Add the options of ``settings_options`` that count where the files have been read already."""
    for option in reversed((_FAIL_ON, _BASELINE, *_MACHINE)):
        function = option(function)
    return function


def settings_and_rules(context: click.Context, paths: tuple[Path, ...]) -> tuple[Settings, Registry]:
    """Return the settings in force for a command's options and paths, checked, and all rules."""
    settings = settings_in_force(context, paths)
    return settings, rules(settings)


def settings_in_force(context: click.Context, paths: tuple[Path, ...]) -> Settings:
    """Return the settings in force for a command's options and paths; what they say of rules is not checked."""
    config, isolated = source_in_force(context)
    return settings_loading.load(paths, config=config, isolated=isolated, command_line=command_line(context))


def source_in_force(context: click.Context) -> tuple[Path | None, bool]:
    """Return the settings file that a command's options name, and whether they want none."""
    config, isolated = context.params.get("config"), context.params.get("isolated", False)
    if isolated and config is not None:
        if context.get_parameter_source("config") is ParameterSource.COMMANDLINE:
            raise click.UsageError("`--config` and `--isolated` exclude each other", context)
        config = None
    return config, isolated


def rules(settings: Settings) -> Registry:
    """Return all rules; raise SettingsError if the settings name one that does not exist."""
    from xops_lint import settings_check

    loaded = registry.load(settings.rule_paths)
    settings_check.check(settings, loaded)
    return loaded


def command_line(context: click.Context) -> CommandLine:
    """Return the settings that a command's options are, with where each came from."""
    keys = schema()["properties"].keys() - {"output-format"}
    values, source = {}, {}
    for parameter in context.command.params:
        name = parameter.name or ""
        key, value = name.replace("_", "-"), context.params.get(name)
        if key in ("no-suppressions", "no-cache") and value:
            key, value = key.removeprefix("no-"), False
        if key in keys and value is not None:
            values[key] = value
            from_environment = context.get_parameter_source(name) is ParameterSource.ENVIRONMENT
            source[key] = str(parameter.envvar) if from_environment else parameter.opts[0]
    return CommandLine(values, source)
