"""Numbered programs hand files to one another, and nothing runs them in order."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from xops_lint import model_files
from xops_lint.diagnostic import Finding, Related
from xops_lint.matching import regex
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP615",
    name="manual-pipeline",
    summary="Numbered programs hand files to one another, and nothing runs them in order.",
    harm="Somebody has to know the order and to start each one: sooner or later one is left out, or runs on old files.",
    remedy="Declare each program as a stage of a pipeline, with the files that it takes and leaves.",
    ops=("mlops",),
    group=Group.OPTIONAL,
    exploration=True,
)

NUMBER = regex(r"(?:step|part|nb|notebook|stage)?[ _-]?(\d{1,3})(?:\.(?!\w+$)|[ _-])\D", re.IGNORECASE)
"""How the name of a program begins that has its place in an order."""

RUNNERS = regex(
    r"\.(?:sh|bash|bat|ps1|cmd|nf|smk)$|(?:^|/)(?:snakefile|justfile|taskfile\.ya?ml|dodo\.py)$", re.IGNORECASE
)
"""Files that are not read, or not by their order, and may run programs one after another."""


class Handed(NamedTuple):
    """A file by its name that one numbered program leaves and a later one takes."""

    name: str
    left: Call
    writer: Facts
    taken: Call
    reader: Facts


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a folder, the first file that a numbered program leaves for a later one."""
    folders: dict[str, list[Facts]] = defaultdict(list)
    for file in project.python:
        if number(file) is not None and not file.context.test:
            folders[posixpath.dirname(file.path)].append(file)
    for folder, files in sorted(folders.items()):
        found = next(handed(files), None) if len({number(file) for file in files}) > 1 else None
        if found is not None and not strung(project, folder, files):
            reader = posixpath.basename(found.reader.path)
            yield RULE.at(
                found.left,
                f"leaves `{found.name}` for `{reader}`, and nothing runs the two in order",
                path=found.writer.path,
                related=(Related(found.taken.range, "taken up here", found.reader.path),),
            )


def number(file: Facts) -> int | None:
    """Return the place in an order that the name of a program tells."""
    found = NUMBER.match(posixpath.basename(file.path))
    return int(found[1]) if found is not None else None


def handed(files: Sequence[Facts]) -> Iterator[Handed]:
    """Yield the data and models that earlier programs of a folder leave for later ones, which do not make them."""
    ordered = sorted(files, key=lambda file: (number(file) or 0, file.path))
    written = {file.path: named(file, "save_data", "save_model") for file in ordered}
    for place, writer in enumerate(ordered):
        for name, left in written[writer.path].items():
            for reader in ordered[place + 1 :]:
                taken = named(reader, "load_data", "load_model").get(name)
                if taken is not None and name not in written[reader.path] and number(reader) != number(writer):
                    yield Handed(name, left, writer, taken, reader)


def named(file: Facts, *roles: str) -> Mapping[str, Call]:
    """Return the first call of these roles for each known name of a file."""
    found: dict[str, Call] = {}
    for call in file.playing(*roles):
        for name in model_files.names(file, call):
            found.setdefault(name, call)
    return found


def strung(project: Project, folder: str, files: Sequence[Facts]) -> bool:
    """Say whether anything in the project starts one of some programs, or may, beside a person."""
    names = [posixpath.basename(file.path) for file in files]
    if any(file.path in project.started or project.launchers.get(file.path) for file in files):
        return True
    if any(
        RUNNERS.search(path) and posixpath.dirname(path) in ("", folder, "scripts") for path in project.tracked or ()
    ):
        return True
    texts = (value.text for file in project.facts for tree in file.documents for value in tree.walk() if value.text)
    commands = (each.text for file in project.facts if not file.path.endswith(".md") for each in file.told)
    return any(name in text for text in (*commands, *texts) for name in names)
