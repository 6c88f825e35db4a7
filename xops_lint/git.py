"""What git knows of a folder, asked of git itself."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

_PATIENCE_SECONDS = 60
# The repository's own file monitor is not started: nothing of what is linted runs.
# What a partial clone lacks is not fetched: nothing here waits for a network.
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "protocol.allow=never", "-c", "blame.showRoot=false")


_LINK = "120000"
_BLOB = "blob"
_POINTER_BYTES = 1024
"""No file of this size or less needs to be kept elsewhere: it may be the pointer to one."""


class Written(NamedTuple):
    """Who wrote a line of a file, in which commit, and on which day."""

    author: str
    commit: str
    day: date


def tracked_files(folder: Path) -> frozenset[str] | None:
    """Return the paths below a folder that git tracks, relative to it; None without git."""
    listed = _asked(folder, "ls-files", "-z")
    return None if listed is None else frozenset(os.fsdecode(path) for path in listed.split(b"\0") if path)


def kept_bytes(folder: Path, path: str) -> int:
    """Return how large a file is that git itself would keep; 0 for links and what a filter keeps elsewhere."""
    try:
        found = (folder / path).lstat()
    except (OSError, ValueError):
        return 0
    if not stat.S_ISREG(found.st_mode) or found.st_size <= _POINTER_BYTES:
        return 0
    # Large file storage and the like replace what they keep by a pointer, through a filter that an attribute names.
    told = _asked(folder, "check-attr", "-z", "filter", "--", path)
    filtered = told is not None and told.split(b"\0")[2:3] not in ([], [b"unspecified"], [b"unset"])
    return 0 if filtered else found.st_size


class Blob(NamedTuple):
    """A file that git keeps: its path from the repository's top, its name in git's store, its size in bytes."""

    path: str
    name: str
    size: int


class State(NamedTuple):
    """What git keeps of a repository at one revision; ``prefix`` leads from its top to the folder asked for."""

    folder: Path
    prefix: str
    blobs: tuple[Blob, ...]


def state(folder: Path, revision: str) -> State | None:
    """Return the files at a revision, without links and submodules; None if git has no such revision there."""
    found = _asked(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    prefix = _asked(folder, "rev-parse", "--show-prefix")
    if found is None or prefix is None:
        return None
    commit = found.decode("ascii").strip()
    listed = _asked(folder, "ls-tree", "-r", "-z", "-l", "--full-tree", commit)
    return None if listed is None else State(folder, os.fsdecode(prefix).rstrip("\n"), tuple(_blobs(listed)))


def write(state: State, folder: Path, wanted: Callable[[str], bool]) -> list[str]:
    """Write the files of a state below a folder as git keeps them, and return their paths.

    Those that are not wanted get the right size, and nothing in them.
    """
    with _asking(state.folder, "cat-file", "--batch") as store:
        for blob in state.blobs:
            target = folder / blob.path
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as stream:
                if wanted(blob.path):
                    stream.write(_content(store, blob))
                else:
                    stream.truncate(blob.size)
    return [blob.path for blob in state.blobs]


def _blobs(listed: bytes) -> Iterator[Blob]:
    for line in filter(None, listed.split(b"\0")):
        about, _, path = line.partition(b"\t")
        mode, kind, name, size = about.decode("ascii").split()
        parts = path.split(b"/")
        # A tree can be made by hand: no name in it leads out of the folder.
        if kind == _BLOB and mode != _LINK and not {b"", b".", b"..", b".git"}.intersection(parts):
            yield Blob(os.fsdecode(path), name, int(size))


def _content(store: subprocess.Popen[bytes], blob: Blob) -> bytes:
    """Return what git keeps under a name; nothing of what a partial clone lacks."""
    if store.stdin is None or store.stdout is None:
        return b""
    store.stdin.write(f"{blob.name}\n".encode("ascii"))
    store.stdin.flush()
    answer = store.stdout.readline().split()
    if answer[1:2] != [_BLOB.encode("ascii")]:
        return b""
    content = store.stdout.read(int(answer[2]))
    store.stdout.read(1)
    return content


def blamed(file: Path, rows: Sequence[int]) -> dict[int, Written]:
    """Return who wrote rows of a file; without those that are not committed or of whose history git lacks a part."""
    ranges = [option for row in sorted(set(rows)) for option in ("-L", f"{row},{row}")]
    told = _asked(file.parent, "blame", "--no-textconv", "--porcelain", *ranges, "--", file.name)
    if told is None:
        return {}
    # The first commit is a boundary, and so is where a shallow clone ends, which nobody wrote all of.
    shallow = b"\nboundary\n" in told and _asked(file.parent, "rev-parse", "--is-shallow-repository") == b"true\n"
    return dict(_written(told.decode("utf-8", "replace"), shallow))


def _written(porcelain: str, shallow: bool) -> Iterator[tuple[int, Written]]:
    """Yield the rows of a porcelain answer: it tells of a commit once, with the first row that is of it."""
    commits: dict[str, dict[str, str]] = {}
    row, commit = 0, ""
    for line in porcelain.split("\n"):
        key, _, value = line.partition(" ")
        if line.startswith("\t"):
            about = commits[commit]
            day = _day(about)
            if commit.strip("0") and day is not None and not (shallow and "boundary" in about):
                yield row, Written(about["author"], commit, day)
        elif len(key) >= 40 and all(letter in "0123456789abcdef" for letter in key):
            commit, row = key, int(value.split()[1])
            commits.setdefault(commit, {})
        elif commit:
            commits[commit][key] = value


def _day(commit: Mapping[str, str]) -> date | None:
    """Return the day a commit was written on, where its author was; None if it claims one that never was."""
    zone = commit["author-tz"]
    try:
        offset = timedelta(hours=int(zone[:-2]), minutes=int(zone[0] + zone[-2:]))
        return datetime.fromtimestamp(int(commit["author-time"]), timezone(offset)).date()
    except (ValueError, OverflowError, OSError):
        return None


def _asking(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start a git that answers what it is asked, line by line."""
    pipe, nobody = subprocess.PIPE, subprocess.DEVNULL
    return subprocess.Popen([*_GIT, *words], cwd=folder, env=_environment(), stdin=pipe, stdout=pipe, stderr=nobody)


def _environment() -> dict[str, str]:
    # A hook's variables speak of the repository it runs in, which may be another.
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


def _asked(folder: Path, *words: str) -> bytes | None:
    """Return git's answer, None if there is no git or it has none."""
    try:
        answer = subprocess.run(
            [*_GIT, *words], cwd=folder, env=_environment(), capture_output=True, check=True, timeout=_PATIENCE_SECONDS
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout
