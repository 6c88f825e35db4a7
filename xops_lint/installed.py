"""Which versions this machine has of packages and models: read from environments and caches, of which nothing runs."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from xops_lint.dependencies import normalised
from xops_lint.diagnostic import Thing, Wanted
from xops_lint.matching import regex

_ENVIRONMENTS: Final = (".venv", "venv", "env")
"""What the folder of a project's environment is usually called."""

_SITE_PACKAGES: Final = ("lib/python3*/site-packages", "Lib/site-packages")
_INFO: Final = regex(r"(?P<name>.+?)-(?P<version>\d[^-]*)(?:-py[\d.]+)?\.(?:dist|egg)-info")
_WHEEL: Final = regex(r"(?P<name>[^-]+)-(?P<version>\d[^-]*)(?:-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl")
_CONDA: Final = regex(r"(?P<name>.+)-(?P<version>[^-]+)-[^-]+?(?:\.json|\.conda|\.tar\.bz2)?")
_PYTHON: Final = regex(r"^version(?:_info)?\s*=\s*(?P<version>\d+\.\d+)", re.MULTILINE)
_KEPT: Final = regex(r"(?P<version>\d[^-]*)-")
_CACHES: Final = ("uv", "pip", "Poetry", "conda")
_WHEELS: Final = {"pip": ("pip", "wheels/**/*.whl"), "Poetry": ("pypoetry", "artifacts/**/*.whl")}
_COMMIT: Final = regex(r"[0-9a-f]{40}")


class Held(NamedTuple):
    """A version that this machine has, and what holds it, in words."""

    version: str
    where: str


class Machine:
    """The environments and caches of this machine, as its variables name them; ``root`` is the project's."""

    def __init__(self, root: Path, variables: Mapping[str, str] = os.environ) -> None:
        self._root = root
        self._variables = variables
        self._packages: dict[Path, dict[str, list[_Installed]]] = {}
        self._origins: dict[Path, Mapping[str, list[tuple[str, str]]]] = {}
        self._versions: dict[str, Mapping[str, list[str]]] = {}

    def version(self, wanted: Wanted, near: str) -> Held | None:
        """Return the version of what is wanted for a file; None if this machine has none.

        An environment says what is in use, a cache only what was: its newest version counts.
        """
        if wanted.thing in (Thing.MODEL, Thing.DATASET):
            return self._model(wanted)
        for environment in self._environments(near):
            found = self._in(environment, wanted)
            if found:
                return Held(found, self._told(environment))
        return self._cached(wanted.name) if wanted.thing is Thing.PACKAGE else None

    def _environments(self, near: str) -> Iterator[Path]:
        """Yield the environments beside a file and in the folders above it, then the one that is active."""
        folder = (self._root / near).parent
        for above in (folder, *folder.parents):
            for name in _ENVIRONMENTS:
                if (above / name / "pyvenv.cfg").is_file() or (above / name / "conda-meta").is_dir():
                    yield above / name
            if above == self._root:
                break
        # A pre-commit hook runs in an environment of its own, which holds what the linter needs.
        if "PRE_COMMIT" not in self._variables:
            yield from (Path(path) for key in ("VIRTUAL_ENV", "CONDA_PREFIX") if (path := self._variables.get(key)))

    def _in(self, environment: Path, wanted: Wanted) -> str:
        if wanted.thing is Thing.PYTHON:
            return _python(environment)
        for installed in self._installed(environment).get(wanted.name, ()) if wanted.thing is Thing.PACKAGE else ():
            # What came from an address or a folder has a version that no index needs to know.
            if not (installed.information / "direct_url.json").exists():
                return installed.version
        return self._commit(environment, wanted) if wanted.thing is Thing.REPOSITORY else ""

    def _commit(self, environment: Path, wanted: Wanted) -> str:
        """Return the commit of a repository that an environment was built with, as pip notes it."""
        for branch, commit in self._sources(environment).get(_address(wanted.name), ()):
            if not wanted.branch or branch == wanted.branch:
                return commit
        return ""

    def _sources(self, environment: Path) -> Mapping[str, list[tuple[str, str]]]:
        """Return the branches and commits that an environment was built with, by the address of their repository."""
        if environment not in self._origins:
            found: dict[str, list[tuple[str, str]]] = {}
            for installed in (each for all_of in self._installed(environment).values() for each in all_of):
                origin = _read_json(installed.information / "direct_url.json")
                noted = origin.get("vcs_info")
                noted = noted if isinstance(noted, dict) else {}
                commit = noted.get("commit_id")
                if isinstance(commit, str) and _COMMIT.fullmatch(commit):
                    branch = str(noted.get("requested_revision") or "")
                    found.setdefault(_address(origin.get("url")), []).append((branch, commit))
            self._origins[environment] = found
        return self._origins[environment]

    def _installed(self, environment: Path) -> Mapping[str, list[_Installed]]:
        if environment not in self._packages:
            found: dict[str, list[_Installed]] = {}
            folders = [folder for pattern in _SITE_PACKAGES for folder in sorted(environment.glob(pattern))]
            for folder, pattern in (*((each, _INFO) for each in folders), (environment / "conda-meta", _CONDA)):
                for entry in _entries(folder):
                    if match := pattern.fullmatch(entry.name):
                        installed = _Installed(_public(match["version"]), Path(entry))
                        found.setdefault(normalised(match["name"]), []).append(installed)
            self._packages[environment] = found
        return self._packages[environment]

    def _cached(self, name: str) -> Held | None:
        for cache in _CACHES:
            versions = self._from_uv(name) if cache == "uv" else self._listed(cache).get(name, [])
            if versions:
                return Held(_newest(versions), f"the cache of {cache}")
        return None

    def _from_uv(self, name: str) -> list[str]:
        """Return the versions that uv keeps, in a folder of each distribution."""
        uv = self._cache("uv")
        kept = (*uv.glob(f"wheels-v*/pypi/{name}/*"), *uv.glob(f"wheels-v*/index/*/{name}/*"))
        return [_public(match["version"]) for path in kept if (match := _KEPT.match(path.name))]

    def _listed(self, cache: str) -> Mapping[str, list[str]]:
        """Return the versions of each distribution that a cache holds without an order by name."""
        if cache not in self._versions:
            if cache == "conda":
                conda = self._variables.get("CONDA_EXE")
                named = self._variables.get("CONDA_PKGS_DIRS") or (Path(conda).parents[1] / "pkgs" if conda else None)
                self._versions[cache] = _versions(map(Path, _entries(Path(named))) if named else (), _CONDA)
            else:
                folder, pattern = _WHEELS[cache]
                self._versions[cache] = _versions(self._cache(folder).glob(pattern), _WHEEL)
        return self._versions[cache]

    def _cache(self, name: str) -> Path:
        """Return the folder in which a tool keeps what it downloaded, where the system puts such folders."""
        given = self._variables.get({"pypoetry": "POETRY_CACHE_DIR"}.get(name, f"{name.upper()}_CACHE_DIR"))
        if given:
            return Path(given)
        if sys.platform == "win32":
            inner = {"pypoetry": "pypoetry/Cache"}.get(name, f"{name}/cache")
            return Path(self._variables.get("LOCALAPPDATA", "~"), inner).expanduser()
        if sys.platform == "darwin" and name != "uv":
            return self._home / "Library" / "Caches" / name
        return Path(self._variables.get("XDG_CACHE_HOME") or self._home / ".cache", name)

    @property
    def _home(self) -> Path:
        return Path(self._variables.get("HOME") or Path.home())

    def _model(self, wanted: Wanted) -> Held | None:
        """Return the commit that the hub's own cache has of a model or data set."""
        home = Path(self._variables.get("HF_HOME") or self._home / ".cache" / "huggingface")
        hub = Path(self._variables.get("HF_HUB_CACHE") or home / "hub")
        folder = f"{wanted.thing.value}s--{wanted.name.replace('/', '--')}"
        commit = _read(hub / folder / "refs" / (wanted.branch or "main")).strip()
        return Held(commit, "the hub's cache") if _COMMIT.fullmatch(commit) else None

    def _told(self, environment: Path) -> str:
        inside = environment.is_relative_to(self._root)
        return f"`{environment.relative_to(self._root).as_posix()}`" if inside else "the active environment"


class _Installed(NamedTuple):
    """A distribution in an environment, and the folder or file that tells of it."""

    version: str
    information: Path


def _python(environment: Path) -> str:
    """Return the version of an environment's Python, of which the last number moves no result."""
    match = _PYTHON.search(_read(environment / "pyvenv.cfg"))
    if match is not None:
        return match["version"]
    for entry in _entries(environment / "conda-meta"):
        conda = _CONDA.fullmatch(entry.name)
        if conda is not None and conda["name"] == "python":
            return ".".join(conda["version"].split(".")[:2])
    return ""


def _versions(paths: Iterable[Path], pattern: re.Pattern[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        if match := pattern.fullmatch(path.name):
            found.setdefault(normalised(match["name"]), []).append(_public(match["version"]))
    return found


def _newest(versions: list[str]) -> str:
    """Return the newest version, a final one if there is any."""
    from packaging.version import InvalidVersion, Version

    def order(written: str) -> tuple[bool, Version]:
        try:
            version = Version(written)
        except InvalidVersion:
            return False, Version("0")
        return not version.is_prerelease, version

    return max(versions, key=order)


def _public(version: str) -> str:
    """Return a version without what marks the build, which no index knows."""
    return version.partition("+")[0]


def _address(url: object) -> str:
    return url.removeprefix("git+").rstrip("/").removesuffix(".git") if isinstance(url, str) else ""


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except (OSError, ValueError):
        return ""


def _read_json(path: Path) -> dict[str, object]:
    try:
        read = json.loads(_read(path) or "{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
