"""Tells what a run finds from what the project's state at a git revision had already."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xops_lint import baselining, discovery, git
from xops_lint.baseline import Entry
from xops_lint.cache.store import NAME
from xops_lint.exceptions import RevisionError
from xops_lint.file_names import language_of
from xops_lint.runner import World, run_in

if TYPE_CHECKING:
    from xops_lint.baselining import Looked
    from xops_lint.pool import Progress
    from xops_lint.report import Report

_IGNORE_FILE: Final = ".gitignore"


def compared(report: Report, revision: str, looked: Looked, progress: Progress) -> Report:
    """Return the report with what the revision's state did not have as findings; the rest stands beside them.

    Both states are judged by the rules and settings of now. Raises RevisionError if git has no such state.
    """
    before = _found_at(revision, looked, progress)
    known = frozenset((*before, *map(Entry.of, report.baselined)))
    everything = replace(report, diagnostics=(*report.diagnostics, *report.baselined))
    words = f"{report.compared} or at {revision}" if report.compared else f"at {revision}"
    comparison = baselining.compare(everything, known, looked)
    found = baselining.compared(everything, comparison, looked.registry, words)
    return replace(found, absent=(*report.absent, *found.absent))


def _found_at(revision: str, looked: Looked, progress: Progress) -> frozenset[Entry]:
    """Return what is found in the project as git has it at a revision, by the rules and settings of now."""
    settings = looked.settings
    state = git.state(settings.root, revision)
    if state is None:
        raise RevisionError(f"`{revision}`: git has no such revision here; `git log` lists those that it has")
    with tempfile.TemporaryDirectory(prefix="xops-lint-") as folder:
        # Its paths are real ones, so that a name which is a link elsewhere does not tell two roots apart.
        top = Path(folder).resolve()
        # It ends what is looked for above the files: their own ignore files count alone.
        (top / ".git").mkdir()
        # Of a repository with more in it nothing else counts but what its ignore files say.
        below = tuple(blob for blob in state.blobs if blob.path.startswith(state.prefix) or _ignores(blob.path))
        written = git.write(state._replace(blobs=below), top, _is_read)
        then = replace(settings, root=top / state.prefix, cache_dir=settings.cache_dir or settings.root / NAME)
        if not then.root.is_dir():
            return frozenset()
        files = discovery.find([then.root], then).files
        world = World(files, _tracked(written, state.prefix))
        report = run_in(world, files, then, looked.registry, progress)
    if report.failed:
        raise RevisionError(f"`{revision}`: a rule or a reader failed on that state, so what is new cannot be told")
    return frozenset(map(Entry.of, report.diagnostics))


def _is_read(path: str) -> bool:
    """Say whether anybody reads a file; of the others it counts that they are there, and how large they are."""
    return _ignores(path) or language_of(path) is not None


def _ignores(path: str) -> bool:
    return path.rpartition("/")[2] == _IGNORE_FILE


def _tracked(paths: Iterable[str], prefix: str) -> Callable[[], frozenset[str]]:
    below = frozenset(path[len(prefix) :] for path in paths if path.startswith(prefix))
    return lambda: below
