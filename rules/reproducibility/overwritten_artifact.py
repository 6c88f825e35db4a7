"""Every run writes its model to the same file, and nothing keeps the one before."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.keeping import destination, keeps_trained
from xops_lint.matching import regex
from xops_lint.model import Facts, Project
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP350",
    name="overwritten-artifact",
    summary="Every run writes its model to the same file, and nothing keeps the one before.",
    harm="A worse model replaces a better one without a trace, and there is none to go back to.",
    remedy="Log or register the model, declare it as the output of a versioned stage, or name the file by its run.",
    ops=("mlops",),
    group=Group.PREVIEW,
)

_BESIDE = regex(r"[\w.-][\w./\\ -]*")
"""A path that is no address and counts from where the program runs."""

KEEPING = (
    *("start_run", "log_metrics", "log_parameters", "log_model", "log_artifact", "register_model", "autolog"),
    *("version_data", "deploy"),
)
"""Roles that keep models, or belong to runs whose models another rule asks for."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report where programs that nothing records write what they have trained."""
    reported: set[tuple[str, int]] = set()
    for entry in project.shown.entries_making("save_model"):
        unrecorded = not entry.context.test and not project.tracks(entry)
        if not unrecorded or next(project.calls_reached(entry, *KEEPING), None) is not None:
            continue
        for file, save in project.calls_reached(entry, "save_model"):
            where = destination(file, save)
            path = where.value.constant if where is not None else None
            if where is None or not isinstance(path, str) or (file.path, save.index) in reported:
                continue
            if keeps_trained(file, save) and _BESIDE.fullmatch(path) and not kept(project, file, path):
                reported.add((file.path, save.index))
                yield RULE.at(where, "is overwritten by every run, and no version of it is kept", path=file.path)


def kept(project: Project, file: Facts, path: str) -> bool:
    """Say whether a stage, git or a pointer to stored data keeps a file, or something else is told of it by name."""
    name = posixpath.basename(path)
    found = {posixpath.normpath(posixpath.join(folder, path)) for folder in (posixpath.dirname(file.path), "")}
    held = (project.tracked or frozenset()) | project.stage_outputs
    around = {above for each in found for above in (each, posixpath.dirname(each)) if above not in ("", ".")}
    if not held.isdisjoint(around) or not held.isdisjoint(f"{each}.dvc" for each in around):
        return True
    commands = [command for facts in project.facts for command in facts.commands]
    commands += [command for facts in project.facts for line in facts.shell for command in line.commands]
    return any(name in word for command in commands for word in command.words)
