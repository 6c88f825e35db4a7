"""What one machine found out of its share of a run's files, as one file that any other machine can read.

The file holds JSON alone. Its entries are those of the cache, under keys that depend on contents and
not on places, so that a run that has them takes them for its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from xops_lint.cache import codec
from xops_lint.cache.literals import Foreign
from xops_lint.cache.store import Store, digest
from xops_lint.exceptions import ShardError

SUFFIX: Final = ".shard"
_HEAD: Final = b"xops-lint shard 1\n"


class Shard(NamedTuple):
    """Which share of a run's files is meant: ``number`` of ``total``, counted from 1."""

    number: int
    total: int

    def __str__(self) -> str:
        return f"{self.number}/{self.total}"

    def takes(self, path: str) -> bool:
        """Say whether a path is in the share, which depends on the path alone."""
        return int(digest(path.encode("utf-8", "surrogatepass"), size=8), 16) % self.total == self.number - 1


class Command(NamedTuple):
    """How ``check`` was called: settings by key, and from which option each came; paths from the working folder."""

    paths: tuple[str, ...]
    values: Mapping[str, Any]
    source: Mapping[str, str]
    config: str | None
    isolated: bool


class Manifest(NamedTuple):
    """What a shard is a share of: digests of the program and the settings, and of the contents of its own files."""

    number: int
    total: int
    version: str
    program: str
    settings: str
    command: Command
    files: Mapping[str, str]

    @property
    def shard(self) -> Shard:
        """Which share it is."""
        return Shard(self.number, self.total)


class Artefact(NamedTuple):
    """A shard as it lies in a file; ``name`` is what a person knows it by."""

    name: str
    manifest: Manifest
    entries: Mapping[str, memoryview]


@dataclass(slots=True)
class CarriedStore(Store):
    """A store that has the entries of shards, and notes every entry that a run has a use for in ``taken``.

    ``local`` says whether there is a folder as well, in which results of this machine lie.
    """

    local: bool = True
    carried: Mapping[str, memoryview] = field(default_factory=dict)
    taken: dict[str, memoryview] = field(default_factory=dict)

    def get(self, pack: str, key: str) -> memoryview | None:
        """Return an entry, None if there is no sound one."""
        found = self.carried.get(key) or self.taken.get(key)
        if found is None and self.local:
            # `super()` without arguments has no class to refer to where slots made a new one.
            found = Store.get(self, pack, key)
        if found is not None:
            self.taken[key] = found
        return found

    def put(self, pack: str, key: str, data: bytes) -> None:
        """Keep an entry, in the folder too if there is one."""
        self.taken[key] = memoryview(data)
        if self.local:
            Store.put(self, pack, key, data)

    def save(self) -> None:
        """Write the folder, if there is one."""
        if self.local:
            Store.save(self)


def packed(manifest: Manifest, entries: Mapping[str, memoryview]) -> bytes:
    """Return the content of a shard's file."""
    lengths = {key: len(data) for key, data in sorted(entries.items())}
    listed = json.dumps(lengths, separators=(",", ":")).encode("ascii")
    rest = b"".join((codec.encode(manifest, Manifest), b"\n", listed, b"\n", *(entries[key] for key in lengths)))
    return b"".join((_HEAD, digest(rest).encode("ascii"), b"\n", rest))


def read(path: Path, name: str) -> Artefact:
    """Return a shard; raise ShardError if the file is none."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ShardError(f"{name}: cannot be read: {error.strerror}") from error
    if not data.startswith(_HEAD):
        raise ShardError(f"{name}: is no shard of this version: `xops-lint check --shard I/N` writes one")
    check, _, rest = data[len(_HEAD) :].partition(b"\n")
    if check.decode("latin-1") != digest(rest):
        raise ShardError(f"{name}: is damaged or cut off; run its shard again")
    try:
        told, listed, _ = rest.split(b"\n", 2)
        return Artefact(name, codec.decode(told, Manifest), _entries(json.loads(listed), rest, len(told + listed) + 2))
    except (Foreign, ValueError, AttributeError) as error:
        raise ShardError(f"{name}: does not hold what a shard holds: {error}") from error


def _entries(lengths: Mapping[str, int], data: bytes, at: int) -> Mapping[str, memoryview]:
    body, found = memoryview(data), {}
    for key, length in lengths.items():
        if length.__class__ is not int or length < 0 or at + length > len(data):
            raise ValueError("an entry of no such length")
        found[key] = body[at : at + length]
        at += length
    return found


def fitting(artefacts: Sequence[Artefact]) -> Artefact:
    """Return the first of some shards; raise ShardError unless they are all the shards of one run."""
    first = artefacts[0]
    for other in artefacts[1:]:
        _refuse(first, other, "were made by different versions", lambda it: (it.version, it.program))
        _refuse(first, other, "are of runs with different numbers of shards", lambda it: it.total)
        _refuse(first, other, "are of runs with different paths or options", _asked)
        _refuse(first, other, "are of runs with different settings", lambda it: it.settings)
    known: dict[int, str] = {}
    for each in artefacts:
        if each.manifest.number in known:
            raise ShardError(f"{known[each.manifest.number]} and {each.name} are both shard {each.manifest.shard}")
        known[each.manifest.number] = each.name
    total = first.manifest.total
    missing = [str(Shard(number, total)) for number in range(1, total + 1) if number not in known]
    if missing:
        raise ShardError(f"{_listed('shard', missing)} missing: {len(known)} of {total} were given")
    return first


def unlike(artefacts: Iterable[Artefact], here: Mapping[str, str], settings: str, program: str) -> None:
    """Raise ShardError unless shards were made of the files that are here, with their contents, by this program."""
    read: dict[str, tuple[Artefact, str]] = {}
    for each in artefacts:
        if each.manifest.program != program:
            raise ShardError(
                f"{each.name} was made by xops-lint {each.manifest.version} on another Python or with {_OTHER}"
            )
        if each.manifest.settings != settings:
            raise ShardError(f"{each.name} was made with other settings than those of this checkout")
        read.update({path: (each, content) for path, content in each.manifest.files.items()})
    for path in sorted(read.keys() | here.keys()):
        if path not in read:
            raise ShardError(f"{path} is in none of the shards; {_SAME}")
        shard, content = read[path]
        if here.get(path) != content:
            what = "has another content" if path in here else "is not"
            raise ShardError(f"{path}, which {shard.name} has read, {what} in this checkout; {_SAME}")


_OTHER: Final = "other libraries than this one"
_SAME: Final = "run all shards and `merge` on the same commit"


def _asked(manifest: Manifest) -> Command:
    # The places that options come from do not matter: a variable says the same as an option.
    return manifest.command._replace(source={})


def _refuse(one: Artefact, other: Artefact, what: str, of: Callable[[Manifest], object]) -> None:
    if of(one.manifest) != of(other.manifest):
        raise ShardError(f"{one.name} and {other.name} {what}")


def _listed(noun: str, words: Sequence[str]) -> str:
    return f"{noun} {words[0]} is" if len(words) == 1 else f"{noun}s {', '.join(words)} are"
