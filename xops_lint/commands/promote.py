"""``xops-lint promote``: tell what stands between code and the next profile."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xops_lint import options, terminal
from xops_lint.comparing import counted
from xops_lint.presentation import Presentation, status, with_notices
from xops_lint.settings_keys import PROFILES

if TYPE_CHECKING:
    from xops_lint.discovery import FoundFile
    from xops_lint.registry import Registry
    from xops_lint.report import Report
    from xops_lint.settings import Settings


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--to", type=click.Choice(PROFILES[1:]), help="The profile to reach; the next one if left out.")
@options.settings_options
@options.report_format
@click.option("--quiet", "-q", is_flag=True, help="Show the report and errors, and nothing else.")
@options.color
@click.pass_context
def command(context: click.Context, /, paths: tuple[Path, ...], to: str | None, **given: Any) -> int:
    """Report what would be found at PATHS if they had the next profile.

    From `exploration` to `standard`, from `standard` to `production`. Files that
    have reached the profile are left out. The baseline counts for nothing here.
    """
    from xops_lint import discovery

    settings, registry = options.settings_and_rules(context, paths)
    presentation = Presentation.of(settings, **given, statistics=False, output_file=None, verbose=False)
    found = discovery.find(paths, settings)
    target = to or _next(found.files, settings)
    below = [file for file in found.files if _rank(file, settings) < PROFILES.index(target)]
    if not below:
        told = f"is `{target}` or more already" if found.files else "holds no file that is linted"
        terminal.say(f"{_listed(paths)} {told}")
        return 0
    project = discovery.project(found, paths, settings)
    now = _found(below, project, settings, registry)
    then = _found(below, project, replace(settings, command_profile=target), registry)
    then = with_notices(then, found.skipped)
    presentation.show(then.seen_from(os.getcwd()), _remark(now, then, paths, target, settings))
    return status(then, settings, exit_zero=False)


def _found(files: Sequence[FoundFile], project: Sequence[FoundFile], settings: Settings, registry: Registry) -> Report:
    from xops_lint import runner

    return runner.run(files, settings, registry, project_files=project)


def _next(files: Sequence[FoundFile], settings: Settings) -> str:
    """Return the profile after the lowest that a file has."""
    lowest = min((_rank(file, settings) for file in files), default=0)
    return PROFILES[min(lowest + 1, len(PROFILES) - 1)]


def _rank(file: FoundFile, settings: Settings) -> int:
    return PROFILES.index(settings.context(file.path).profile)


def _remark(now: Report, then: Report, paths: Sequence[Path], target: str, settings: Settings) -> str:
    """Return in words what stands between the paths and the profile, or how to make it theirs."""
    standing = len(then.diagnostics)
    if standing:
        reported = {found.fingerprint for found in now.diagnostics}
        already = sum(found.fingerprint in reported for found in then.diagnostics)
        stand = "stands" if standing == 1 else "stand"
        more = f"; {already} of them {'is' if already == 1 else 'are'} reported now already" if already else ""
        return f"{counted(standing)} {stand} between {_listed(paths)} and `{target}`{more}"
    table = ", ".join(f'"{_pattern(path, settings)}" = "{target}"' for path in paths)
    file = settings.file or "xops-lint.toml"
    return f"nothing stands between {_listed(paths)} and `{target}`: `per-file-profiles = {{ {table} }}` in {file}"


def _pattern(path: Path, settings: Settings) -> str:
    """Return the pattern of a path's files, from the root."""
    from xops_lint import discovery

    name = discovery.relative(Path(os.path.abspath(path)), settings.root)
    if name == ".":
        return "**"
    return f"{name}/**" if path.is_dir() else name


def _listed(paths: Sequence[Path]) -> str:
    return ", ".join(path.as_posix() for path in paths)
