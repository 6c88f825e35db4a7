"""What ``check --shard`` does: reads a share of a run's files, and writes what is in them for ``merge``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from xops_lint import __version__, options, terminal
from xops_lint.cache import keys
from xops_lint.cache.contents import Contents
from xops_lint.cache.files import FileCache
from xops_lint.cache.runs import store_of
from xops_lint.cache.shards import SUFFIX, CarriedStore, Command, Manifest, Shard, packed
from xops_lint.exceptions import ShardError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xops_lint.presentation import Presentation
    from xops_lint.settings import Settings

_WHOLE: Final = ("fix", "fix_only", "diff", "add_ignores", "interactive", "write_baseline", "timing", "stdin_filename")
_SHOWING: Final = ("output_format", "statistics", "since", "no_baseline", "show_fixes", "exit_zero")
_OWN: Final = frozenset({"cache", "cache-dir", "jobs"})
"""Settings that are every machine's own."""

_PATHS: Final = frozenset({"baseline"})


def share(
    context: click.Context, shard: Shard, named: Sequence[Path], settings: Settings, presentation: Presentation
) -> int:
    """Read a share of the files, and write what is in them; whatever is found, the status is 0."""
    from xops_lint import discovery, runner

    _refuse_others(context)
    registry = options.rules(settings)
    found = discovery.find(named, settings)
    world = runner.world(discovery.project(found, named, settings), settings)
    _, tasks = runner.tasks_of(world, found.files, settings, registry)
    taken = [task for task in tasks if shard.takes(task.file.path)]
    cache = carrying(settings, {})
    with presentation.waiting() as progress:
        runner.examine_alone(world, found.files, settings, registry, cache, taken, progress)
    manifest = Manifest(
        *shard,
        version=__version__,
        program=keys.portable_program(),
        settings=keys.settings(settings),
        command=_command(context, named),
        files={task.file.path: cache.contents.of(task.file) for task in taken},
    )
    path = presentation.output_file or Path(f"xops-lint-{shard.number}-of-{shard.total}{SUFFIX}")
    _write(path, packed(manifest, cache.store.taken))
    if not presentation.quiet:
        terminal.say(f"shard {shard}: {len(taken)} of {len(tasks)} files; `xops-lint merge` reports what is in {path}")
    return 0


class CarryingCache(FileCache):
    """A cache whose results travel between machines."""

    store: CarriedStore


def carrying(settings: Settings, entries: Mapping[str, memoryview]) -> CarryingCache:
    """Return the cache of a run over shards: what they hold, and what this machine knows of before."""
    folder = store_of(settings)
    store = CarriedStore(folder.folder, folder.default, local=settings.cache, carried=entries)
    return CarryingCache(store, settings, Contents(), program=keys.portable_program)


def _refuse_others(context: click.Context) -> None:
    """Raise UsageError for what only a whole run can do, and for what ``merge`` is to be told."""
    for parameter in context.command.params:
        name = parameter.name or ""
        if context.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        if name in _WHOLE:
            raise click.UsageError(f"`{parameter.opts[0]}` is for whole runs: `--shard` reads a share", context)
        if name in _SHOWING:
            raise click.UsageError(f"`{parameter.opts[0]}` is for `xops-lint merge`: a shard reports nothing", context)


def _command(context: click.Context, named: Sequence[Path]) -> Command:
    config, isolated = options.source_in_force(context)
    given = options.command_line(context)
    values: dict[str, Any] = {}
    for key, value in given.values.items():
        if key not in _OWN:
            values[key] = _from_here(value) if key in _PATHS else value
    source = {key: label for key, label in given.source.items() if key in values}
    return Command(
        tuple(map(_from_here, named)), values, source, None if config is None else _from_here(config), isolated
    )


def _from_here(path: Path) -> str:
    """Return a path from the working folder, as another machine may have it elsewhere."""
    return os.path.relpath(path).replace(os.sep, "/")


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise ShardError(f"{path}: cannot be written: {error.strerror}") from error
