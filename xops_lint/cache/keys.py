"""What results depend on besides the files: this very program, its libraries, rule packs, tool files, settings."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Final

from xops_lint import __version__
from xops_lint.cache.store import digest
from xops_lint.matching import regex
from xops_lint.settings import Settings

_PACKAGE: Final = Path(__file__).parent.parent
_RULES: Final = "rules"
_LIBRARIES: Final = regex(
    r"(?:libcst|pyyaml|nbformat|packaging|pathspec|tomli)-[^-/]+\.(?:dist|egg)-info", re.IGNORECASE
)
_APART: Final = frozenset(
    {
        "root",
        "source",
        "file",
        "anchored",
        "jobs",
        "output_format",
        "fail_on",
        "baseline",
        "cache",
        "cache_dir",
        "online",
        "rule_paths",
        "catalog",
        "_memory",
    }
)
"""Settings on which no finding depends; those with paths count by what is there."""


def program() -> str:
    """Return a digest of what reads and judges files: our own code and data, Python, the parsers."""
    libraries = sorted(name for folder in sys.path for name in _listed(folder) if _LIBRARIES.fullmatch(name))
    return digest(_own().encode(), sys.version.encode(), "\n".join(libraries).encode())


def portable_program() -> str:
    """Return what ``program`` does in a form that is the same on all machines with the same versions."""
    libraries = sorted({name.lower() for folder in sys.path for name in _listed(folder) if _LIBRARIES.fullmatch(name)})
    python = f"{sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}"
    return digest(_own_contents().encode(), python.encode(), "\n".join(libraries).encode())


def settings(given: Settings) -> str:
    """Return a digest of the settings that findings depend on."""
    words = [f"{field.name}={getattr(given, field.name)!r}" for field in fields(given) if field.name not in _APART]
    spelled = "\n".join(words).encode("utf-8", "backslashreplace")
    return digest(spelled, packs(given).encode(), catalog(given).encode())


def packs(given: Settings) -> str:
    """Return a digest of the local rule packs."""
    return digest(*(_contents(path, (".py",)) for path in given.rule_paths))


def catalog(given: Settings) -> str:
    """Return a digest of a company's own tool files."""
    return digest(*(_contents(path, (".yaml", ".yml")) for path in given.catalog))


@cache
def _own() -> str:
    """Return a digest of this package: of its list of hashes where it is installed, else of its files' stamps."""
    record = _PACKAGE.parent / f"xops_lint-{__version__}.dist-info" / "RECORD"
    with suppress(OSError):
        listed = record.read_bytes()
        if b"xops_lint/cli.py," in listed:
            return digest(__version__.encode(), listed)
    folders = [_PACKAGE, _PACKAGE / _RULES, _PACKAGE.parent / _RULES]
    return digest(__version__.encode(), *(stamp for folder in folders for stamp in _stamps(os.fspath(folder))))


@cache
def _own_contents() -> str:
    """Return a digest of what is in the files of this package, wherever it lies."""
    # The rules lie beside the package in a checkout, and in it where it is installed.
    rules = _PACKAGE / _RULES if (_PACKAGE / _RULES).is_dir() else _PACKAGE.parent / _RULES
    made = {
        f"{below}{name}": digest(data)
        for folder, below in ((_PACKAGE, ""), (rules, f"/{_RULES}"))
        for name, data in _files(os.fspath(folder), (".py", ".yaml", ".json"))
    }
    return digest(__version__.encode(), *(f"{name} {told}".encode() for name, told in sorted(made.items())))


def _stamps(folder: str) -> Iterator[bytes]:
    """Yield what tells states of the code and data below a folder apart, as for bytecode: sizes and times of change."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir(follow_symlinks=False):
                yield from _stamps(entry.path) if entry.name != "__pycache__" else ()
            elif entry.name.endswith((".py", ".yaml", ".json")):
                status = entry.stat()
                yield f"{entry.path} {status.st_size} {status.st_mtime_ns}".encode("utf-8", "surrogateescape")


def _contents(path: Path, ends: tuple[str, ...]) -> bytes:
    """Return a digest of a file, or of the files below a folder whose names end so."""
    made = (digest(name.encode("utf-8", "surrogateescape"), data) for name, data in _files(os.fspath(path), ends))
    return digest(*(each.encode() for each in made)).encode()


def _files(path: str, ends: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    if os.path.isfile(path):
        yield path.rpartition(os.sep)[2], Path(path).read_bytes()
    for folder, _, names in sorted(os.walk(path)):
        if folder.endswith("__pycache__"):
            continue
        for name in sorted(names):
            if name.endswith(ends):
                with open(f"{folder}{os.sep}{name}", "rb", buffering=0) as stream:
                    yield f"{folder.removeprefix(path)}/{name}", stream.read()


def _listed(folder: str) -> Iterable[str]:
    with suppress(OSError):
        return os.listdir(folder or ".")
    return ()
