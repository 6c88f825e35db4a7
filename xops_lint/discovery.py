"""Finds the files to lint below the named paths, as git and the settings see them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from xops_lint.exceptions import PathError
from xops_lint.file_names import language_of
from xops_lint.gitignore import IgnoreFile, file_in, files_above, ignores, ignores_above
from xops_lint.patterns import compiled, matches
from xops_lint.report import Notice as Notice
from xops_lint.settings import Settings


class FoundFile(NamedTuple):
    """One file to lint; ``path`` is relative to the root, with forward slashes.

    ``explicit`` files were named, not found below a named folder.
    """

    path: str
    absolute: Path
    language: str
    explicit: bool


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


def project(found: Discovered, named: Sequence[Path], settings: Settings) -> tuple[FoundFile, ...]:
    """Return all files of the project: what was found at the named paths, and the rest of the root.

    Where nothing marks a root, the working folder may be anything, and the
    project is what was named.
    """
    if not settings.anchored or settings.root in {Path(os.path.abspath(path)) for path in named}:
        return found.files
    files = {file.path: file for file in (*find([settings.root], settings).files, *found.files)}
    return tuple(files[path] for path in sorted(files))


def relative(path: Path, root: Path) -> str:
    """Return a path relative to the root, with forward slashes."""
    return os.path.relpath(path, root).replace(os.sep, "/")


def excluded(path: str, settings: Settings) -> bool:
    """Say whether the settings or git leave out a path, relative to the root, or a folder above it."""
    if _matches_exclude(path, settings):
        return True
    absolute = Path(os.path.abspath(settings.root / path))
    return settings.respect_gitignore and ignores_above(files_above(absolute.parent), absolute.as_posix())


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


class _Folder(NamedTuple):
    """A folder to visit; all three paths end in a slash, or are empty for the place they count from.

    ``path`` counts from the root, ``below`` from where exclude patterns do.
    """

    absolute: str
    path: str
    below: str
    ignoring: tuple[IgnoreFile, ...]


def _find_below(start: Path, walk: _Walk) -> None:
    settings = walk.settings
    path = relative(start, settings.root)
    if settings.force_exclude and path != "." and excluded(path, settings):
        walk.skip(path, "is excluded")
        return
    absolute, prefix = _with_slash(start.as_posix()), "" if path == "." else _with_slash(path)
    # What would leave out the named folder itself does not count below it.
    below = "" if prefix and _matches_exclude(prefix, settings) else prefix
    above = files_above(start) if settings.respect_gitignore else ()
    ignoring = tuple(file for file in above if file.base == absolute or not ignores([file], absolute))
    folders = [_Folder(absolute, prefix, below, ignoring)]
    while folders:
        folders.extend(_visit(folders.pop(), walk))


def _visit(folder: _Folder, walk: _Walk) -> Iterator[_Folder]:
    """Add the files of one folder to the walk, and yield the folders to visit next."""
    settings = walk.settings
    try:
        with os.scandir(folder.absolute) as entries:
            found = list(entries)
    except OSError as error:
        walk.skip(folder.path.rstrip("/") or ".", f"cannot be read: {error.strerror}")
        return
    ignoring = folder.ignoring
    if settings.respect_gitignore and any(entry.name == ".gitignore" for entry in found):
        own = file_in(Path(folder.absolute))
        ignoring = (*ignoring, own) if own and own not in ignoring else ignoring
    for entry in found:
        is_folder = entry.is_dir(follow_symlinks=False)
        name = f"{entry.name}/" if is_folder else entry.name
        language = None if is_folder else language_of(folder.path + name)
        if not (is_folder or language) or _matches_exclude(folder.below + name, settings):
            continue
        if ignores(ignoring, folder.absolute + name):
            continue
        if is_folder:
            yield _Folder(folder.absolute + name, folder.path + name, folder.below + name, ignoring)
        elif language and not _is_link_within(entry, settings):
            _add_below(FoundFile(folder.path + name, Path(entry.path), language, explicit=False), entry, walk)


def _add_below(file: FoundFile, entry: os.DirEntry[str], walk: _Walk) -> None:
    if walk.settings.include and not matches(walk.settings.include, file.path):
        return
    if _is_file(entry):
        walk.add(file)
    else:
        walk.skip(file.path, "is no regular file")


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        # A link that leads to itself.
        return False


def _is_link_within(entry: os.DirEntry[str], settings: Settings) -> bool:
    # A link to a file of the project would show it twice, and a link to a folder might never end.
    return entry.is_symlink() and Path(os.path.realpath(entry.path)).is_relative_to(os.path.realpath(settings.root))


def _matches_exclude(path: str, settings: Settings) -> bool:
    return compiled(*settings.exclude, *settings.extend_exclude).verdict(path) is True


def _with_slash(path: str) -> str:
    return f"{path.rstrip('/')}/"
