"""Reads the files of a project for its facts alone: nothing is judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from xops_lint import declaring, pool
from xops_lint.cache.runs import exists
from xops_lint.discovery import FoundFile
from xops_lint.document import Document
from xops_lint.examination import Job, Task
from xops_lint.examining import Examiner
from xops_lint.git import kept_bytes, tracked_files
from xops_lint.gitignore import ignored
from xops_lint.linking import linked
from xops_lint.project import Project
from xops_lint.project_checks import Documents, all_facts
from xops_lint.registry import Registry
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
        job = replace(job, dependencies=declaring.dependencies(job, declaring.files(files)))
        tasks = [Task(file, shown=False) for file in files]
        examiner = Examiner()
        outcomes = examiner.examined(job, tasks, progress or (lambda done, total: None))
        facts = all_facts(linked(job, tasks, outcomes, examiner))
    root = settings.root
    around = (
        tracked_files(root),
        job.dependencies,
        partial(exists, root),
        partial(kept_bytes, root),
        partial(ignored, root),
    )
    project = Project(str(root), facts, *around)
    hosts = {each.path: each.host for each in facts if each.host}
    return Collected(project, Documents(job, {file.path: file for file in files}, hosts).get)
