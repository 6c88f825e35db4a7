"""Examines many files, on as many processes as there are cores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from xops_lint import declaring, languages, pool
from xops_lint.examination import CODE, Job, Outcome, Task, examine, lost

if TYPE_CHECKING:
    from xops_lint.dependencies import Dependencies
    from xops_lint.discovery import FoundFile

Result = TypeVar("Result")


class Examiner:
    """Finds out the outcome of every file anew."""

    def examined(self, job: Job, tasks: Sequence[Task], progress: pool.Progress) -> list[Outcome]:
        """Return the outcome of every file, in order."""
        return spread(partial(examine, job), partial(lost, job), job, tasks, progress)

    def dependencies(self, job: Job, files: Sequence[FoundFile]) -> Dependencies | None:
        """Return what configs declare to depend on."""
        return declaring.dependencies(job, files)

    def distrust(self) -> None:
        """Take nothing more from where results are kept."""

    def close(self) -> str:
        """Keep what was found out; return in words what was known before."""
        return ""


def spread(
    work: Callable[[Task], Result],
    lost: Callable[[Task], Result],
    job: Job,
    tasks: Sequence[Task],
    progress: pool.Progress,
) -> list[Result]:
    """Return the result of every task, in order."""
    if len(tasks) > pool.FEWEST and any(task.file.language in CODE for task in tasks):
        languages.prepare(job.settings.catalog)
    return pool.spread(work, lost, tasks, job.settings.jobs, progress)
