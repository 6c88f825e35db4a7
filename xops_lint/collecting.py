"""Reads the files of a project for its facts alone: nothing is judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from xops_lint import languages, pool
from xops_lint.discovery import FoundFile
from xops_lint.document import Document
from xops_lint.examination import Job, Task, examine, lost
from xops_lint.git import tracked_files
from xops_lint.linking import linked
from xops_lint.project import Project
from xops_lint.project_checks import Documents, all_facts, exists
from xops_lint.registry import Registry
from xops_lint.runner import dependencies
from xops_lint.settings import Settings
from xops_lint.suppressions import Policy


@dataclass(frozen=True, slots=True)
class Collected:
    """The facts of a project, and its documents, each read when it is asked for."""

    project: Project
    document: Callable[[str], Document | None]


def collect(
    files: Sequence[FoundFile], settings: Settings, registry: Registry, progress: pool.Progress | None = None
) -> Collected:
    """Return the facts of all files of a project, linked."""
    with pool.without_gc():
        job = Job(settings, registry, Policy(settings.suppressions, frozenset()))
        job = replace(job, dependencies=dependencies(job, files))
        tasks = [Task(file, shown=False) for file in files]
        if len(tasks) > pool.FEWEST and any(task.file.language in ("python", "notebook") for task in tasks):
            languages.prepare(settings.catalog)
        waiting = progress or (lambda done, total: None)
        outcomes = pool.spread(partial(examine, job), partial(lost, job), tasks, settings.jobs, waiting)
        facts = all_facts(linked(job, tasks, outcomes))
    root = settings.root
    project = Project(str(root), facts, tracked_files(root), job.dependencies, partial(exists, root))
    hosts = {each.path: each.host for each in facts if each.host}
    return Collected(project, Documents(job, {file.path: file for file in files}, hosts).get)
