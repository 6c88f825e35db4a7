"""Gives the report of a whole run at once if nothing that it depends on has changed since.

No parser, rule or catalog is loaded for that. What rules asked of the disk and of git
is kept with the report, and asked again before it is believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from xops_lint.cache import codec, keys
from xops_lint.cache.contents import Contents
from xops_lint.cache.literals import Foreign, Unstorable
from xops_lint.cache.store import NAME, Store, digest
from xops_lint.diagnostic import Diagnostic
from xops_lint.git import kept_bytes, tracked_files
from xops_lint.gitignore import ignored
from xops_lint.report import Notice, Report

if TYPE_CHECKING:
    from xops_lint.discovery import FoundFile
    from xops_lint.settings import Settings

Tracked = Callable[[], "frozenset[str] | None"]
Exists = Callable[[str], bool]
Size = Callable[[str], int]

_NO_GIT = "no git"


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of a run; ``day`` is the one it holds for, None if it holds for any.

    ``paths`` says of paths that rules asked for whether they were there, ``left_out`` whether
    git ignored them, ``sizes`` how large they were, ``tracked`` is the digest of what git
    tracked, empty if nobody asked.
    """

    diagnostics: tuple[Diagnostic, ...]
    suppressed: tuple[Diagnostic, ...]
    checked: int
    skipped: tuple[Notice, ...]
    paths: Mapping[str, bool]
    left_out: Mapping[str, bool]
    sizes: Mapping[str, int]
    tracked: str
    day: date | None


@dataclass
class Run:
    """One run of ``check`` and the cache it uses; ``paths`` to ``tracked`` note what is asked."""

    settings: Settings
    files: Sequence[FoundFile]
    project_files: Sequence[FoundFile]
    store: Store
    contents: Contents = field(default_factory=Contents)
    paths: dict[str, bool] = field(default_factory=dict)
    left_out: dict[str, bool] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    tracked: str = ""
    day: date = field(default_factory=date.today)
    _key: str | None = None

    @classmethod
    def of(cls, settings: Settings, files: Sequence[FoundFile], project_files: Sequence[FoundFile]) -> Run:
        """Return a run over files with the cache that the settings choose."""
        return cls(settings, files, project_files, store_of(settings))

    def noting(
        self, tracked: Tracked, exists: Exists, size: Size, ignored: Exists
    ) -> tuple[Tracked, Exists, Size, Exists]:
        """Return the same answers to questions about git and the disk, each noted when it is given."""

        def noted_tracked() -> frozenset[str] | None:
            found = tracked()
            self.tracked = told(found)
            return found

        def noted_exists(path: str) -> bool:
            self.paths[path] = exists(path)
            return self.paths[path]

        def noted_size(path: str) -> int:
            self.sizes[path] = size(path)
            return self.sizes[path]

        def noted_ignored(path: str) -> bool:
            self.left_out[path] = ignored(path)
            return self.left_out[path]

        return noted_tracked, noted_exists, noted_size, noted_ignored

    def report(self) -> Report | None:
        """Return the report that is kept of the very same run, None if there is none."""
        data = self.store.get_run(self.key) if self.key else None
        if data is None:
            return None
        try:
            kept: _Kept = codec.decode(data, _Kept)
        except Foreign:
            return None
        root = self.settings.root
        if kept.day not in (None, self.day) or any(exists(root, path) != it for path, it in kept.paths.items()):
            return None
        if any(ignored(root, path) != it for path, it in kept.left_out.items()):
            return None
        if any(kept_bytes(root, path) != size for path, size in kept.sizes.items()):
            return None
        if kept.tracked and kept.tracked != told(tracked_files(root)):
            return None
        return Report(
            kept.diagnostics,
            kept.suppressed,
            kept.checked,
            kept.skipped,
            root=str(root),
            cache=f"{len(self.project_files)} files, none of them changed",
        )

    def keep(self, report: Report) -> None:
        """Keep the report of the run, unless it failed or files changed meanwhile."""
        if not self.key or report.failed or not self.contents.unchanged(self._all()):
            return
        dated = any(standing.directive.until is not None for standing in report.standing)
        kept = _Kept(
            report.diagnostics,
            report.suppressed,
            report.checked,
            report.skipped,
            self.paths,
            self.left_out,
            self.sizes,
            self.tracked,
            self.day if dated else None,
        )
        try:
            self.store.put_run(self.key, codec.encode(kept, _Kept))
        except Unstorable:
            return

    @property
    def key(self) -> str:
        """What tells this run from others; empty if some file cannot be read."""
        if self._key is None:
            self._key = self._digest()
        return self._key

    def _digest(self) -> str:
        parts = [keys.program().encode(), keys.settings(self.settings).encode()]
        for files in (self.files, self.project_files):
            for file in files:
                content = self.contents.of(file)
                if not content:
                    return ""
                parts.append(f"{file.path} {content}".encode("utf-8", "surrogatepass"))
            parts.append(b"")
        return digest(*parts)

    def _all(self) -> Iterable[FoundFile]:
        yield from self.files
        yield from self.project_files


def exists(root: Path, path: str) -> bool:
    """Say whether a path relative to the root is on disk; a text that no file can be called is not."""
    try:
        return (root / path).exists()
    except (OSError, ValueError):
        return False


def store_of(settings: Settings) -> Store:
    """Return the cache that settings choose."""
    if settings.cache_dir is not None:
        return Store(settings.cache_dir, default=False)
    return Store(settings.root / NAME)


def told(tracked: frozenset[str] | None) -> str:
    """Return what tells what git tracks."""
    if tracked is None:
        return _NO_GIT
    return digest(*(path.encode("utf-8", "surrogateescape") for path in sorted(tracked)))
