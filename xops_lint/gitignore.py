"""Says what git ignores: nested .gitignore files and the repository's info/exclude."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from xops_lint.patterns import Compiled, compiled


class IgnoreFile(NamedTuple):
    """The patterns of one file and the folder they count from, which ends in a slash."""

    base: str
    patterns: Compiled


def ignores(files: Sequence[IgnoreFile], path: str) -> bool:
    """Say whether an absolute path is ignored; the nearest file that mentions it decides.

    The path of a folder ends in a slash.
    """
    for file in reversed(files):
        verdict = file.patterns.verdict(path[len(file.base) :])
        if verdict is not None:
            return verdict
    return False


def ignores_above(files: Sequence[IgnoreFile], path: str) -> bool:
    """Say whether an absolute path or a folder above it is ignored."""
    folders = [path[: index + 1] for index, character in enumerate(path) if character == "/"]
    for candidate in dict.fromkeys((*folders, path)):
        if ignores([file for file in files if candidate.startswith(file.base) and candidate != file.base], candidate):
            return True
    return False


def files_above(folder: Path) -> tuple[IgnoreFile, ...]:
    """Return the ignore files that count in a folder, its own included, outermost first."""
    inside = []
    for candidate in (folder, *folder.parents):
        inside.append(candidate)
        if (candidate / ".git").exists():
            found = [_read(git_folder(candidate) / "info" / "exclude", candidate)]
            found += [file_in(above) for above in reversed(inside)]
            return tuple(file for file in found if file)
    return tuple(file for file in [file_in(folder)] if file)


def ignored(root: Path, path: str) -> bool:
    """Say whether the .gitignore files from a root down to a path, or to where it would be, leave it out."""
    parents = [parent.as_posix() for parent in reversed(PurePosixPath(path).parents)]
    found = [file for parent in parents if (file := file_in(root / parent)) is not None]
    return ignores_above(found, (root / path).as_posix())


def file_in(folder: Path) -> IgnoreFile | None:
    """Return the .gitignore of a folder, or None."""
    return _read(folder / ".gitignore", folder)


def git_folder(repository: Path) -> Path:
    """Return where git keeps a repository's shared files, also for worktrees and submodules."""
    marker = repository / ".git"
    if not marker.is_file():
        return marker
    try:
        folder = repository / marker.read_text("utf-8").removeprefix("gitdir:").strip()
        common = folder / "commondir"
        return folder / common.read_text("utf-8").strip() if common.is_file() else folder
    except (OSError, UnicodeDecodeError):
        return marker


def _read(path: Path, base: Path) -> IgnoreFile | None:
    try:
        lines = path.read_bytes().decode("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    prefix = base.as_posix().rstrip("/") + "/"
    return IgnoreFile(prefix, compiled(*lines))
