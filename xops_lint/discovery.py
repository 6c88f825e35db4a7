"""Finds the files to lint below the named paths, as git and the settings see them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from xops_lint.exceptions import PathError
from xops_lint.gitignore import IgnoreFile, file_in, files_above, ignores, ignores_above
from xops_lint.kinds import language_of
from xops_lint.patterns import compiled, matches
from xops_lint.settings import Settings


class FoundFile(NamedTuple):
    """One file to lint; ``path`` is relative to the root, with forward slashes.

    ``explicit`` files were named, not found below a named folder.
    """

    path: str
    absolute: Path
    language: str
    explicit: bool


class Notice(NamedTuple):
    """A path that was left out, and why."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class Discovered:
    """The files of a run, in order of their paths, and what was left out of it."""

    files: tuple[FoundFile, ...]
    skipped: tuple[Notice, ...] = ()


@dataclass(slots=True)
class _Walk:
    """What a walk has found so far; of a file found twice the explicit one stays."""

    settings: Settings
    files: dict[str, FoundFile] = field(default_factory=dict)
    skipped: dict[str, Notice] = field(default_factory=dict)

    def add(self, file: FoundFile) -> None:
        if file.explicit or file.path not in self.files:
            self.files[file.path] = file

    def skip(self, path: str, message: str) -> None:
        self.skipped.setdefault(path, Notice(path, message))


def find(paths: Sequence[Path], settings: Settings) -> Discovered:
    """Return the files to lint at and below paths; raise PathError for one that does not exist."""
    walk = _Walk(settings)
    for path in paths:
        absolute = Path(os.path.abspath(path))
        if not os.path.lexists(absolute):
            raise PathError(f"{path}: no such file or directory")
        if absolute.is_dir():
            _find_below(absolute, walk)
        else:
            _find_named(absolute, walk)
    return Discovered(tuple(walk.files[key] for key in sorted(walk.files)), tuple(sorted(walk.skipped.values())))


def project(settings: Settings, named: Sequence[Path]) -> Discovered:
    """Return all files of the project: those of the root, or of the named paths if nothing marks a root."""
    return find([settings.root] if settings.anchored else named, settings)


def relative(path: Path, root: Path) -> str:
    """Return a path relative to the root, with forward slashes."""
    return os.path.relpath(path, root).replace(os.sep, "/")


def excluded(path: str, settings: Settings) -> bool:
    """Say whether the settings or git leave out a path, relative to the root, or a folder above it."""
    if _matches_exclude(path, settings):
        return True
    absolute = Path(os.path.abspath(settings.root / path))
    return settings.respect_gitignore and ignores_above(files_above(absolute.parent), _git_path(absolute))


def _find_named(absolute: Path, walk: _Walk) -> None:
    path = relative(absolute, walk.settings.root)
    language = language_of(path)
    if walk.settings.force_exclude and excluded(path, walk.settings):
        walk.skip(path, "is excluded")
    elif not absolute.is_file():
        walk.skip(path, "is no regular file")
    elif language is None:
        walk.skip(path, "is of no kind that is linted")
    else:
        walk.add(FoundFile(path, absolute, language, explicit=True))


def _find_below(start: Path, walk: _Walk) -> None:
    settings = walk.settings
    path = relative(start, settings.root)
    if settings.force_exclude and path != "." and excluded(path, settings):
        walk.skip(path, "is excluded")
        return
    # What would leave out the named folder itself does not count below it.
    base = start if _matches_exclude(path, settings) else settings.root
    above = files_above(start) if settings.respect_gitignore else ()
    folder = f"{_git_path(start).rstrip('/')}/"
    open_folders = [(start, tuple(file for file in above if file.base == folder or not ignores([file], folder)))]
    while open_folders:
        open_folders.extend(_visit(*open_folders.pop(), base, walk))


def _visit(
    folder: Path, ignoring: tuple[IgnoreFile, ...], base: Path, walk: _Walk
) -> Iterator[tuple[Path, tuple[IgnoreFile, ...]]]:
    """Add the files of one folder to the walk; yield its folders, each with the ignore files above it."""
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except OSError as error:
        walk.skip(relative(folder, walk.settings.root), f"cannot be read: {error.strerror}")
        return
    if walk.settings.respect_gitignore and any(entry.name == ".gitignore" for entry in found):
        own = file_in(folder)
        if own and own not in ignoring:
            ignoring = (*ignoring, own)
    prefix = relative(folder, base)
    for entry in found:
        path = entry.name if prefix == "." else f"{prefix}/{entry.name}"
        is_folder = entry.is_dir(follow_symlinks=False)
        if not is_folder and not _is_wanted(entry, walk.settings):
            continue
        end = "/" if is_folder else ""
        if _matches_exclude(path + end, walk.settings) or ignores(ignoring, _git_path(Path(entry.path)) + end):
            continue
        if is_folder:
            yield Path(entry.path), ignoring
        else:
            _add_below(Path(entry.path), walk)


def _is_wanted(entry: os.DirEntry[str], settings: Settings) -> bool:
    if language_of(relative(Path(entry.path), settings.root)) is None:
        return False
    # A link to a file of the project would show it twice; a link to a folder might never end.
    return not entry.is_symlink() or not _is_below(Path(os.path.realpath(entry.path)), settings.root)


def _add_below(absolute: Path, walk: _Walk) -> None:
    path = relative(absolute, walk.settings.root)
    if walk.settings.include and not matches(walk.settings.include, path):
        return
    language = language_of(path)
    if not absolute.is_file():
        walk.skip(path, "is no regular file")
    elif language is not None:
        walk.add(FoundFile(path, absolute, language, explicit=False))


def _is_below(path: Path, root: Path) -> bool:
    return path.is_relative_to(os.path.realpath(root))


def _matches_exclude(path: str, settings: Settings) -> bool:
    return compiled(*settings.exclude, *settings.extend_exclude).match_file(path)


def _git_path(path: Path) -> str:
    return path.as_posix()
