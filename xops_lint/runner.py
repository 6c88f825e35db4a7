"""Lints many files: reads and judges each, then the project as a whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

from xops_lint import declaring, discovery, pool
from xops_lint.cache.contents import Contents
from xops_lint.cache.entries import UnusableEntry
from xops_lint.cache.files import FileCache
from xops_lint.cache.runs import Run, exists, store_of
from xops_lint.charts import charts
from xops_lint.diagnostic import Diagnostic
from xops_lint.discovery import Discovered, FoundFile
from xops_lint.examination import Job, Outcome, Task
from xops_lint.examining import Examiner
from xops_lint.file_names import language_of
from xops_lint.filling import filled
from xops_lint.fingerprints import distinct
from xops_lint.git import kept_bytes, tracked_files
from xops_lint.gitignore import ignored
from xops_lint.linking import linked
from xops_lint.pool import Progress
from xops_lint.project_checks import Across, Around, ProjectChecks
from xops_lint.registry import Registry
from xops_lint.report import Notice, Report
from xops_lint.settings import Settings
from xops_lint.suppressions import Policy, Settled, Standing, settle
from xops_lint.timing import Timing
from xops_lint.trust import Trust


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
    kept: Run | None = None,
    timing: Timing | None = None,
) -> Report:
    """Lint files; findings of the whole project are shown for these files alone.

    ``kept`` is the run as the cache knows it: its report is kept in the end. ``timing`` notes where time goes.
    """
    return run_in(world(project_files, settings), files, settings, registry, progress, kept, timing)


def world(project_files: Sequence[FoundFile], settings: Settings) -> World:
    """Return what surrounds the files of a project as it is on disk."""
    return World(project_files, partial(tracked_files, settings.root))


def run_text(path: str, data: bytes, settings: Settings, registry: Registry) -> Report:
    """Lint a text that stands in for a file of the project; ``path`` is relative to the root."""
    file = text_file(path, settings)
    if file is None:
        return Report((), skipped=(Notice(path, "is of no kind that is linted"),), root=str(settings.root))
    return run_in(world_of_text(file, data, settings), (file,), settings, registry)


def text_file(path: str, settings: Settings) -> FoundFile | None:
    """Return the file that a text stands in for; None if files of its name are not linted."""
    language = language_of(path)
    return None if language is None else FoundFile(path, settings.root / path, language, explicit=True)


def world_of_text(file: FoundFile, data: bytes, settings: Settings) -> World:
    """Return what surrounds a text that stands in for a file."""
    around = world(discovery.project(Discovered((file,)), (), settings), settings)
    return replace(around, given={file.path: data})


def run_in(
    world: World,
    files: Sequence[FoundFile],
    settings: Settings,
    registry: Registry,
    progress: Progress | None = None,
    kept: Run | None = None,
    timing: Timing | None = None,
    examiner: Examiner | None = None,
) -> Report:
    """Lint files in a given world; the same world gives the same report, but for versions that fixes name.

    ``examiner`` finds out what is in files, in place of the one that the settings choose.
    """
    started = time.perf_counter()
    examiner = examiner or _examiner(world, settings, kept)
    told = progress or (lambda done, total: None)
    with pool.without_gc():
        try:
            report = _run(world, files, _Lint(settings, registry, examiner, kept, told, timing))
        except UnusableEntry:
            examiner.distrust()
            report = _run(world, files, _Lint(settings, registry, examiner, kept, told, timing))
        report = replace(report, cache=examiner.close(), seconds=time.perf_counter() - started)
    if kept is not None:
        kept.keep(report)
    return filled(report, settings)


def examine_alone(
    world: World,
    files: Sequence[FoundFile],
    settings: Settings,
    registry: Registry,
    examiner: Examiner,
    tasks: Sequence[Task],
    progress: Progress,
) -> None:
    """Let an examiner find out some tasks of a run as they are by themselves, before files are linked."""
    policy = Policy(settings.suppressions, settings.locked_codes(registry))
    job = _job(world, files, examiner, Job(settings, registry, policy, given=world.given))
    with pool.without_gc():
        examiner.examined(job, tasks, progress)
        examiner.close()


def tasks_of(
    world: World, files: Sequence[FoundFile], settings: Settings, registry: Registry
) -> tuple[ProjectChecks, list[Task]]:
    """Return the project rules of a run over files, and the tasks of it in order: what is read around them as well."""
    checks = ProjectChecks(settings, registry, tuple(file.path for file in files))
    surroundings = {file.path: file for file in (*(world.project_files if checks.look_around else ()), *files)}
    shown = {file.path for file in files}
    return checks, [Task(surroundings[path], path in shown) for path in sorted(surroundings)]


def _job(world: World, files: Sequence[FoundFile], examiner: Examiner, job: Job) -> Job:
    """Return the job with what the project declares to depend on."""
    return replace(job, dependencies=examiner.dependencies(job, declaring.files((*world.project_files, *files))))


def _examiner(world: World, settings: Settings, kept: Run | None) -> Examiner:
    if not settings.cache:
        return Examiner()
    if kept is not None:
        return FileCache(kept.store, settings, kept.contents)
    return FileCache(store_of(settings), settings, Contents(world.given))


class _Lint(NamedTuple):
    """What a run works with, whatever its files; ``timing`` is None if nobody asks where time goes."""

    settings: Settings
    registry: Registry
    examiner: Examiner
    kept: Run | None
    progress: Progress
    timing: Timing | None


def _run(world: World, files: Sequence[FoundFile], lint: _Lint) -> Report:
    settings, registry, examiner = lint.settings, lint.registry, lint.examiner
    timing = lint.timing or Timing()
    policy = Policy(settings.suppressions, settings.locked_codes(registry))
    checks, tasks = tasks_of(world, files, settings, registry)
    surroundings = {task.file.path: task.file for task in tasks}
    shown = {file.path for file in files}
    with timing.phase("dependencies"):
        alone = Job(settings, registry, policy, given=world.given, timed=lint.timing is not None)
        job = _job(world, files, examiner, alone)
    with timing.phase("files"):
        outcomes = examiner.examined(job, tasks, lint.progress)
    with timing.phase("links between files"):
        outcomes = linked(job, tasks, outcomes, examiner)
    for outcome in outcomes:
        timing.add(outcome.seconds)
    with timing.phase("project rules"):
        across = checks.run(job, surroundings, outcomes, _noting(world, settings, lint.kept), timing)
    with timing.phase("suppressions"):
        explained = charts(job, surroundings, outcomes).explained
        settled = _settled(outcomes, across, shown, policy, explained)
    trust = Trust.of(settings, registry)
    return Report(
        diagnostics=tuple(map(trust.judged, settled.reported)),
        suppressed=tuple(map(trust.judged, settled.suppressed)),
        checked=sum(outcome.checked for outcome in outcomes if outcome.path in shown),
        skipped=tuple(notice for outcome in outcomes for notice in outcome.skipped),
        failed=bool(across.failed) or any(outcome.judged.failed for outcome in outcomes),
        root=str(settings.root),
        standing=settled.standing,
    )


def _noting(world: World, settings: Settings, kept: Run | None) -> Around:
    """Return what answers questions about the disk and git; ``kept`` notes what was asked."""
    root = settings.root
    around = Around(world.tracked, partial(exists, root), partial(kept_bytes, root), partial(ignored, root))
    return around if kept is None else Around(*kept.noting(*around))


def _settled(
    outcomes: Iterable[Outcome],
    across: Across,
    shown: set[str],
    policy: Policy,
    explained: Callable[[str, Sequence[Diagnostic]], Sequence[Diagnostic]],
) -> Settled:
    """Apply each file's suppressions to its own findings and to those of project rules."""
    reported: list[Diagnostic] = []
    suppressed: list[Diagnostic] = []
    standing: list[Standing] = []
    for outcome in outcomes:
        if outcome.path in shown:
            judged = outcome.judged
            found = explained(outcome.path, (*judged.diagnostics, *across.found.get(outcome.path, ())))
            settled = settle(found, judged.directives, judged.ran - across.failed, policy)
            reported += distinct(settled.reported)
            suppressed += distinct(settled.suppressed)
            standing += settled.standing
    return Settled(reported, suppressed, tuple(standing))
