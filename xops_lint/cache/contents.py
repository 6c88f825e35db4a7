"""What is in files, as digests, each read once a run."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

from xops_lint.discovery import FoundFile


@dataclass(slots=True)
class Contents:
    """The digests of contents; ``given`` stands in for what is on disk.

    ``seen`` has the state of a file before it was read, to tell whether it has changed since.
    """

    given: Mapping[str, bytes] = field(default_factory=dict)
    largest: int = 50_000_000
    known: dict[str, str] = field(default_factory=dict)
    seen: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def of(self, file: FoundFile) -> str:
        """Return the digest of a file's content; an empty text if it cannot be read."""
        found = self.known.get(file.path)
        if found is None:
            found = self.known[file.path] = self._read(file)
        return found

    def _read(self, file: FoundFile) -> str:
        given = self.given.get(file.path)
        if given is not None:
            return blake2b(given, digest_size=16).hexdigest()
        try:
            with open(file.absolute, "rb", buffering=0) as stream:
                status = os.fstat(stream.fileno())
                if not stat.S_ISREG(status.st_mode) or status.st_size > self.largest:
                    return ""
                self.seen[file.path] = _state(status)
                return blake2b(stream.read(), digest_size=16).hexdigest()
        except OSError:
            return ""

    def unchanged(self, files: Iterable[FoundFile]) -> bool:
        """Say whether all files are as they were when they were read."""
        try:
            return all(_state(os.stat(file.absolute)) == self.seen.get(file.path) for file in files)
        except OSError:
            return False


def _state(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_mtime_ns, status.st_size, status.st_ino, status.st_ctime_ns)
