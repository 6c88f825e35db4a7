"""Lints many files: reads and judges each, then the project as a whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from xops_lint import discovery, engine, languages, pool
from xops_lint.config import ConfigFile
from xops_lint.diagnostic import Diagnostic
from xops_lint.discovery import Discovered, FoundFile
from xops_lint.engine import Failure
from xops_lint.examination import CODE, Job, Outcome, Task, examine, lost, read
from xops_lint.fingerprints import distinct
from xops_lint.git import tracked_files
from xops_lint.kinds import kind_by_name, language_of
from xops_lint.linking import linked
from xops_lint.pool import Progress
from xops_lint.project_checks import ProjectChecks
from xops_lint.registry import Registry
from xops_lint.report import Notice, Report
from xops_lint.settings import Settings
from xops_lint.suppressions import Policy, Settled, Standing, settle

if TYPE_CHECKING:
    from xops_lint.dependencies import Dependencies


@dataclass(frozen=True, slots=True)
class World:
    """What surrounds the files to lint: the whole project, and what git tracks of it.

    ``given`` holds contents that stand in for what is on disk.
    """

    project_files: Sequence[FoundFile]
    tracked: Callable[[], frozenset[str] | None]
    given: Mapping[str, bytes] = field(default_factory=dict)


def run(
    files: Sequence[FoundFile],
    settings: Settings,
    registry: Registry,
    *,
    project_files: Sequence[FoundFile],
    progress: Progress | None = None,
) -> Report:
    """Lint files; findings of the whole project are shown for these files alone."""
    return run_in(world(project_files, settings), files, settings, registry, progress)


def world(project_files: Sequence[FoundFile], settings: Settings) -> World:
    """Return what surrounds the files of a project as it is on disk."""
    return World(project_files, partial(tracked_files, settings.root))


def run_text(path: str, data: bytes, settings: Settings, registry: Registry) -> Report:
    """Lint a text that stands in for a file of the project; ``path`` is relative to the root."""
    language = language_of(path)
    if language is None:
        return Report((), skipped=(Notice(path, "is of no kind that is linted"),), root=str(settings.root))
    file = FoundFile(path, settings.root / path, language, explicit=True)
    around = world(discovery.project(Discovered((file,)), (), settings), settings)
    return run_in(replace(around, given={path: data}), (file,), settings, registry)


def run_in(
    world: World,
    files: Sequence[FoundFile],
    settings: Settings,
    registry: Registry,
    progress: Progress | None = None,
) -> Report:
    """Lint files in a given world; the same world gives the same report."""
    with pool.without_gc():
        return _run(world, files, settings, registry, progress)


def _run(
    world: World, files: Sequence[FoundFile], settings: Settings, registry: Registry, progress: Progress | None
) -> Report:
    started = time.perf_counter()
    policy = Policy(settings.suppressions, settings.locked_codes(registry))
    checks = ProjectChecks(settings, registry, tuple(file.path for file in files))
    surroundings = {file.path: file for file in (*(world.project_files if checks.look_around else ()), *files)}
    job = Job(settings, registry, policy, given=world.given)
    job = replace(job, dependencies=dependencies(job, (*world.project_files, *files)))
    shown = {file.path for file in files}
    tasks = [Task(surroundings[path], path in shown) for path in sorted(surroundings)]
    if len(tasks) > pool.FEWEST and any(task.file.language in ("python", "notebook") for task in tasks):
        languages.prepare(settings.catalog)
    outcomes = pool.spread(
        partial(examine, job), partial(lost, job), tasks, settings.jobs, progress or (lambda done, total: None)
    )
    outcomes = linked(job, tasks, outcomes)
    across = checks.run(job, surroundings, outcomes, world.tracked)
    settled = _settled(outcomes, across.found, shown, across.failed, policy)
    return Report(
        diagnostics=tuple(settled.reported),
        suppressed=tuple(settled.suppressed),
        checked=sum(outcome.checked for outcome in outcomes if outcome.path in shown),
        skipped=tuple(notice for outcome in outcomes for notice in outcome.skipped),
        failed=bool(across.failed) or any(outcome.judged.failed for outcome in outcomes),
        seconds=time.perf_counter() - started,
        root=str(settings.root),
        standing=settled.standing,
    )


def _settled(
    outcomes: Iterable[Outcome],
    across: Mapping[str, Sequence[Diagnostic]],
    shown: set[str],
    failed: frozenset[str],
    policy: Policy,
) -> Settled:
    """Apply each file's suppressions to its own findings and to those of project rules."""
    reported: list[Diagnostic] = []
    suppressed: list[Diagnostic] = []
    standing: list[Standing] = []
    for outcome in outcomes:
        if outcome.path in shown:
            judged = outcome.judged
            found = (*judged.diagnostics, *across.get(outcome.path, ()))
            settled = settle(found, judged.directives, judged.ran - failed, policy)
            reported += distinct(settled.reported)
            suppressed += distinct(settled.suppressed)
            standing += settled.standing
    return Settled(reported, suppressed, tuple(standing))


def _may_declare(file: FoundFile) -> bool:
    """Say whether a config may declare dependencies: by its kind, or as conda environments are called."""
    name = file.path.rpartition("/")[2]
    return bool(kind_by_name(file.path, file.language)) or (
        file.language == "yaml" and ("env" in name or "conda" in name)
    )


def dependencies(job: Job, files: Iterable[FoundFile]) -> Dependencies | None:
    """Read what the project declares to depend on, from the configs whose names say what they are."""
    from xops_lint.languages import declared

    named = {file.path: file for file in files if file.language not in CODE and _may_declare(file)}

    def collected() -> Iterator[Dependencies]:
        documents = (read(job, named[path]) for path in sorted(named))
        yield declared.collect(document for document in documents if isinstance(document, ConfigFile))

    made = engine.guarded(collected)
    return None if isinstance(made, Failure) else made[0]
