"""Training reads a local file that nothing versions."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.locations import is_remote
from xops_lint.matching import regex
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP325",
    name="unversioned-data-file",
    summary="Training reads a local file that nothing versions.",
    harm="The model cannot be made again once the file is changed or lost, and others do not have it at all.",
    remedy="Add the file to a data-versioning tool, or commit it if it is small.",
    ops=("dataops",),
)

DELIVERING = regex(r"\b(?:unzip|unrar|tar|gunzip|7z[ar]?|download|clone|pull|fetch|cp|mv|get|cd)\b")
"""Words of commands after which there may be files that no code names."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report files that training code reads and that git, pipelines and other code do not hold, each once a file."""
    if project.tracked is None:
        return
    made = produced(project)
    seen: set[tuple[str, str]] = set()
    for file, call in project.shown.calls("load_data"):
        path = call.argument("path")
        name = path.value.constant if path else None
        if path is None or not isinstance(name, str) or not local_file(name) or file.context.test:
            continue
        name = portable(name)
        places = candidates(file, name)
        if any(held(project, place) or made.fullmatch(posixpath.basename(place)) for place in places):
            continue
        if any(other.endswith(f"/{name}") for other in project.tracked):
            continue  # It is committed for a neighbour, and read from there or copied.
        if (file.path, name) not in seen and trains(project, file, call) and not delivered(project, file, call):
            seen.add((file.path, name))
            yield RULE.at(path, "is read in training and held by no version control", path=file.path)


def local_file(name: str) -> bool:
    """Say whether a string is the relative path of a file with an ending."""
    plain = "://" not in name and not is_remote(name) and not name.startswith(("/", "~", "\\")) and "\n" not in name
    return plain and ":" not in name and bool(posixpath.splitext(name)[1]) and "*" not in name


def portable(path: str) -> str:
    """Return a path with the slashes that git uses, wherever it was written."""
    return posixpath.normpath(path.replace("\\", "/"))


def candidates(file: Facts, name: str) -> tuple[str, ...]:
    """Return the paths from the root that a relative path may mean."""
    folder = posixpath.dirname(file.path)
    folders = [folder]
    while folder:
        folder = posixpath.dirname(folder)
        folders.append(folder)
    return tuple(posixpath.normpath(posixpath.join(folder, name)) for folder in folders)


def held(project: Project, path: str) -> bool:
    """Say whether git or a data-versioning tool holds a path or a folder around it."""
    tracked = project.tracked or frozenset()
    while path and path != ".":
        if path in tracked or f"{path}.dvc" in tracked or path in project.stage_outputs:
            return True
        path = posixpath.dirname(path)
    return False


def produced(project: Project) -> re.Pattern[str]:
    """Return a pattern of the base names of files that code of this project writes or fetches.

    Any name may stand where a part of a name is not known, unless all of it is.
    """
    fetched = (argument.value.string for _, call in project.calls("download") for argument in call.arguments)
    names = {posixpath.basename(portable(text)) for text in (*project.written, *fetched) if text}
    told = sorted(name for name in names if name.strip("{}"))
    return re.compile("|".join(".+".join(map(re.escape, name.split("{}"))) for name in told) or "(?!)")


def delivered(project: Project, file: Facts, call: Call) -> bool:
    """Say whether a program that runs the call fetches or unpacks files, or goes to another folder."""
    for entry in project.entries_running(file, call):
        for _, other in project.calls_reached(entry):
            moves = other.entry is not None and "relocates" in other.entry.traits
            if moves or not other.roles.isdisjoint({"download", "extract"}):
                return True
        for shell in (*entry.shell, *file.shell):
            if any("download" in each.roles or DELIVERING.search(each.text) for each in shell.commands):
                return True
    return False


def trains(project: Project, file: Facts, call: Call) -> bool:
    """Say whether a program that runs the call also trains."""
    entries = project.entries_running(file, call)
    return any(next(project.calls_reached(entry, "train"), None) is not None for entry in entries)
