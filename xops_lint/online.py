"""Asks package indexes, git hosts and hubs for newest versions: only where ``--online`` lets it."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Final, NamedTuple

from xops_lint.diagnostic import Thing, Wanted

_PATIENCE_SECONDS: Final = 30
_INDEX: Final = "https://pypi.org/simple"
_HUB: Final = "https://huggingface.co"
_JSON: Final = "application/vnd.pypi.simple.v1+json"


class Answer(NamedTuple):
    """The newest version, empty if there is none, and who said so or why nobody did."""

    version: str
    where: str


class Network:
    """The places that are asked, as the variables of pip, uv and the hub name them; each thing is asked for once."""

    def __init__(self, variables: Mapping[str, str] = os.environ) -> None:
        self._index = next(
            (variables[key] for key in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL") if variables.get(key)),
            _INDEX,
        ).rstrip("/")
        self._hub = (variables.get("HF_ENDPOINT") or _HUB).rstrip("/")
        self._answers: dict[tuple[str, str, str], Answer] = {}

    def newest(self, wanted: Wanted) -> Answer:
        """Return the newest version of what is wanted: of a repository, the commit its branch or tag stands at."""
        key = (wanted.thing.value, wanted.name, wanted.branch)
        if key not in self._answers:
            self._answers[key] = self._asked(wanted)
        return self._answers[key]

    def _asked(self, wanted: Wanted) -> Answer:
        if wanted.thing is Thing.PACKAGE:
            return _released(f"{self._index}/{wanted.name}/")
        if wanted.thing is Thing.REPOSITORY:
            return _head(wanted.name.removeprefix("git+"), wanted.branch)
        if wanted.thing in (Thing.MODEL, Thing.DATASET):
            inside = "datasets/" if wanted.thing is Thing.DATASET else ""
            return _head(f"{self._hub}/{inside}{wanted.name}", wanted.branch)
        return Answer("", "no index tells which Python a project is meant for")


def _released(page: str) -> Answer:
    """Return the newest final version of a distribution, of which not every file is yanked (PEP 691, PEP 700)."""
    from packaging.version import InvalidVersion, Version

    try:
        request = urllib.request.Request(page, headers={"Accept": _JSON})
        with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS) as response:
            told = json.load(response)
        final = {version for version in map(Version, told["versions"]) if not version.is_prerelease}
    except (OSError, ValueError, KeyError, TypeError, InvalidVersion) as error:
        return Answer("", f"{page} does not tell it: {error}")
    withdrawn = _withdrawn(told.get("files", ()))
    newest = max(final - withdrawn, default=None)
    return Answer("", f"{page} has no final version") if newest is None else Answer(str(newest), "the package index")


def _withdrawn(files: object) -> set[object]:
    """Return the versions of which every file is yanked."""
    from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename

    yanked, kept = set[object](), set[object]()
    for file in files if isinstance(files, list) else ():
        name = str(file.get("filename"))
        try:
            version = parse_wheel_filename(name)[1] if name.endswith(".whl") else parse_sdist_filename(name)[1]
        except (InvalidSdistFilename, InvalidWheelFilename):
            continue
        (yanked if file.get("yanked") else kept).add(version)
    return yanked - kept


def _head(address: str, branch: str) -> Answer:
    """Return the commit at which a branch or tag stands, the default branch without one, as git tells it."""
    names = [branch, f"{branch}^{{}}"] if branch else ["HEAD"]
    variables = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    try:
        asked = subprocess.run(
            ["git", "ls-remote", "--", address, *names],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE_SECONDS,
            env=variables,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return Answer("", f"{address} does not tell it: {error}")
    found = {name: commit for commit, _, name in (line.partition("\t") for line in asked.stdout.splitlines())}
    # A tag that is an object of its own stands for the commit it points to.
    spellings = (f"refs/tags/{branch}^{{}}", f"refs/tags/{branch}", f"refs/heads/{branch}") if branch else ("HEAD",)
    commit = next((found[name] for name in spellings if name in found), "")
    reason = asked.stderr.strip().splitlines()[-1:] or ["it has no such branch or tag"]
    return Answer(commit, "its repository") if commit else Answer("", f"{address} does not tell it: {reason[0]}")
