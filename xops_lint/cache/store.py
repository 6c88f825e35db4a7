"""The cache's folder: packs of small entries and files of whole runs, each read and replaced in one step.

A checkout may bring a folder of its own, so nothing in it is trusted: only regular files are read,
links are replaced and never followed, and an entry counts if its checksum fits. Two runs at
once may both write; the later one wins, and what the other knew is found out again.
"""

from __future__ import annotations

import json
import os
import stat
import time
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import Final, NamedTuple

from xops_lint.matching import regex

NAME: Final = ".xops-lint-cache"
"""What the folder is called below a project's root."""

_HEAD: Final = b"xops-lint cache 1\n"
_IGNORE: Final = b"# Made by xops-lint; may go at any time.\n*\n"
_TAG: Final = b"Signature: 8a477f597d28d172789f06886806bc55\n# Made by xops-lint.\n"
_OWN: Final = regex(r"files-[0-9a-f]|run-[0-9a-f]{32}|new-[0-9a-f]+-\w{1,40}|\.gitignore|CACHEDIR\.TAG")

_LARGEST: Final = 16 << 20
"""No file of the cache has more bytes; there are sixteen packs."""

_RUNS: Final = 16
_KEPT_DAYS: Final = 30
_HOUR: Final = 3600


def digest(*parts: bytes, size: int = 16) -> str:
    """Return a digest of some data, of which each part tells its own length."""
    made = blake2b(digest_size=size)
    for part in parts:
        made.update(b"%d:" % len(part))
        made.update(part)
    return made.hexdigest()


class _Entry(NamedTuple):
    """One entry of a pack, and the day on which a run last had a use for it."""

    data: memoryview
    check: str
    day: int


@dataclass(slots=True)
class Store:
    """A folder of results; ``trouble`` says why some could not be kept, empty if all could.

    ``default`` says that the folder is where a checkout may have one of its own.
    """

    folder: Path
    default: bool = True
    trouble: str = ""
    day: int = field(default_factory=lambda: int(time.time()) // 86400)
    _packs: dict[str, dict[str, _Entry]] = field(default_factory=dict)
    _used: dict[str, set[str]] = field(default_factory=dict)
    _new: dict[str, dict[str, _Entry]] = field(default_factory=dict)

    def get(self, pack: str, key: str) -> memoryview | None:
        """Return an entry of a pack, None if there is no sound one."""
        if pack not in self._packs:
            self._packs[pack] = self._read_pack(pack)
        entry = self._new.get(pack, {}).get(key) or self._packs[pack].get(key)
        if entry is None or entry.check != _check(key, entry.data):
            return None
        self._used.setdefault(pack, set()).add(key)
        return entry.data

    def put(self, pack: str, key: str, data: bytes) -> None:
        """Keep an entry from the next ``save`` on."""
        self._new.setdefault(pack, {})[key] = _Entry(memoryview(data), _check(key, data), self.day)

    def save(self) -> None:
        """Write the packs that have new entries; where that fails, ``trouble`` says why."""
        for pack, new in self._new.items():
            # Another run may have written since this one read.
            known = self._read_pack(pack)
            used = self._used.get(pack, set())
            kept = {key: it._replace(day=self.day) if key in used else it for key, it in known.items()}
            self._write(f"files-{pack}", _packed(self._bounded({**kept, **new}, used | new.keys())))
        self._new.clear()
        self._packs.clear()

    def get_run(self, key: str) -> bytes | None:
        """Return what is kept of a whole run, None if that is nothing sound."""
        data = self._read(f"run-{key}")
        check, _, rest = data.partition(b"\n")
        return rest if data and check.decode("latin-1") == _check(key, rest) else None

    def put_run(self, key: str, data: bytes) -> None:
        """Keep a whole run, and no more than a few others."""
        if len(data) < _LARGEST:
            self._write(f"run-{key}", _check(key, data).encode() + b"\n" + data)
            self._drop_old_runs()

    def _bounded(self, entries: dict[str, _Entry], wanted: set[str]) -> dict[str, _Entry]:
        """Return the entries without those that nobody used for long, or for longest if they are too many.

        What this run wanted comes first: a day of changes to a large file must not keep the others out.
        """
        kept: dict[str, _Entry] = {}
        left = _LARGEST - len(_HEAD) - 64
        for key, entry in sorted(entries.items(), key=lambda item: (item[0] not in wanted, -item[1].day)):
            left -= len(entry.data) + 100
            # A day to come is that of a clock that went wrong.
            if left > 0 and self.day - _KEPT_DAYS <= entry.day <= self.day:
                kept[key] = entry
        return kept

    def _read_pack(self, pack: str) -> dict[str, _Entry]:
        data = self._read(f"files-{pack}")
        if not data.startswith(_HEAD):
            return {}
        index, _, _ = data[len(_HEAD) :].partition(b"\n")
        body = memoryview(data)[len(_HEAD) + len(index) + 1 :]
        with suppress(ValueError, TypeError, RecursionError, AttributeError):
            return {
                key: _Entry(body[start:end], check, day)
                for key, (start, end, check, day) in json.loads(index).items()
                if start.__class__ is end.__class__ is day.__class__ is int and 0 <= start <= end
            }
        return {}

    def _read(self, name: str) -> bytes:
        """Return what is in a file of the folder; nothing if it is not there or none of ours."""
        with suppress(OSError):
            if self._usable():
                path = self.folder / name
                status = os.lstat(path)
                if stat.S_ISREG(status.st_mode) and status.st_size <= _LARGEST:
                    return path.read_bytes()
        return b""

    def _usable(self) -> bool:
        return not (self.default and self.folder.is_symlink())

    def _write(self, name: str, data: bytes) -> None:
        if self.trouble:
            return
        try:
            if not self._usable():
                raise OSError(0, "it is a link")
            self._prepare()
            self._replace(name, data)
        except OSError as error:
            self.trouble = f"the cache at {self.folder} cannot be written: {error.strerror or error}"

    def _prepare(self) -> None:
        """Make the folder, and let git and backups leave it out."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, content in ((".gitignore", _IGNORE), ("CACHEDIR.TAG", _TAG)):
            if not os.path.lexists(self.folder / name):
                self._replace(name, content)

    def _replace(self, name: str, data: bytes) -> None:
        """Put content in a file's place in one step; a link there is replaced itself."""
        temporary = self.folder / f"new-{os.urandom(8).hex()}-{name.strip('.').replace('.', '')[:40].replace('-', '')}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        try:
            with os.fdopen(os.open(temporary, flags, 0o666), "wb") as stream:
                stream.write(data)
            os.replace(temporary, self.folder / name)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise

    def _drop_old_runs(self) -> None:
        """Take out all but the latest runs, and what killed processes left half written."""
        with suppress(OSError):
            files = [(entry.stat(follow_symlinks=False).st_mtime, entry) for entry in os.scandir(self.folder)]
            runs = sorted((when, entry.path) for when, entry in files if entry.name.startswith("run-"))
            halves = (entry.path for when, entry in files if _is_left(entry.name, when))
            for path in (*(path for _, path in runs[:-_RUNS]), *halves):
                os.unlink(path)


class Status(NamedTuple):
    """How much a folder holds: files of results, whole runs, bytes."""

    entries: int
    runs: int
    size: int


def status(folder: Path) -> Status:
    """Return how much a folder holds."""
    store = Store(folder, default=False)
    sizes = [path.lstat().st_size for path in _own_files(folder)]
    entries = sum(len(store._read_pack(pack)) for pack in "0123456789abcdef")
    runs = sum(path.name.startswith("run-") for path in _own_files(folder))
    return Status(entries, runs, sum(sizes))


def clear(folder: Path) -> int:
    """Take out what the cache has written to a folder, and the folder if it is empty then; return the bytes."""
    freed = 0
    for path in _own_files(folder):
        freed += path.lstat().st_size
        path.unlink()
    with suppress(OSError):
        folder.rmdir()
    return freed


def _own_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _OWN.fullmatch(path.name) and not path.is_dir())


def _is_left(name: str, when: float) -> bool:
    return name.startswith("new-") and abs(time.time() - when) > _HOUR


def _check(key: str, data: bytes | memoryview) -> str:
    return blake2b(data, key=key.encode()[:64], digest_size=8).hexdigest()


def _packed(entries: dict[str, _Entry]) -> bytes:
    index: dict[str, tuple[int, int, str, int]] = {}
    at = 0
    for key, entry in entries.items():
        index[key] = (at, at + len(entry.data), entry.check, entry.day)
        at += len(entry.data)
    listed = json.dumps(index, separators=(",", ":")).encode()
    return b"".join([_HEAD, listed, b"\n", *(entry.data for entry in entries.values())])
