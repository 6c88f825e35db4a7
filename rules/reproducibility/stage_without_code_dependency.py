"""A stage does not depend on the code it runs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.edits import depended
from xops_lint.matching import regex
from xops_lint.model import Facts, Project, Value
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP362",
    name="stage-without-code-dependency",
    summary="A stage does not depend on the code it runs.",
    harm="After a change of that code the stage counts as up to date, and its outputs are those of the code before.",
    remedy="List the script, and the modules or the package it uses, among the stage's dependencies.",
    ops=("mlops",),
)

HOLE = regex(r"\$\{[^}]*\}")


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a stage, what it runs and neither names nor covers with a folder."""
    for file in project.shown.facts:
        roles = {role for kind in file.kinds for role in file.routes.get(kind, {})}
        # Records of past runs repeat what the pipeline's own file says, with versions.
        if "input" not in roles or "data_version" in roles:
            continue
        for stage in file.values("stage"):
            if keeps_outputs(file, stage):
                yield from missing(project, file, stage)


def keeps_outputs(file: Facts, stage: Value) -> bool:
    """Say whether a stage is left out when nothing it depends on has changed."""
    switches = (stage.get(f"{where}{name}") for where in ("", "do.") for name in ("frozen", "always_changed"))
    always = any(switch is not None and switch.text.lower() != "false" for switch in switches)
    kept = (value for role in ("output", "metrics_file") for value in file.values(role, stage))
    return not always and next(kept, None) is not None


def missing(project: Project, file: Facts, stage: Value) -> Iterator[Finding]:
    """Yield the first script of a stage that it does not depend on, or that uses such a module."""
    folder = next((value.text for value in file.values("folder", stage)), "")
    if HOLE.search(folder):
        return
    root = posixpath.join(posixpath.dirname(file.path), folder)
    declared = [posixpath.normpath(posixpath.join(root, value.text)) for value in file.values("input", stage)]
    for command in file.commands:
        if not command.route.startswith(f"{stage.route}.") or command.folder != "":
            continue
        path = posixpath.normpath(posixpath.join(root, command.script)) if command.script else ""
        module = project.module(command.module, file) if command.module else None
        script = project.files.get(path) or module
        if script is None and not (path and project.exists(path)):
            continue
        if not covered(path or (script.path if script else ""), declared):
            what = command.script or command.module
            added = depended(file, stage, [posixpath.relpath(path or (script.path if script else ""), root or ".")])
            message = f"runs `{what}`, on which the stage does not depend"
            yield RULE.at(command.range, message, path=file.path, fix=added)
            return
        used = [other for other in modules(project, script) if not covered(other, declared)] if script else []
        if used:
            more = f" and {len(used) - 1} more files" if len(used) > 1 else ""
            added = depended(file, stage, [posixpath.relpath(each, root or ".") for each in used])
            message = f"runs code of `{used[0]}`{more}, on which the stage does not depend"
            yield RULE.at(command.range, message, path=file.path, fix=added)
            return


def covered(path: str, declared: list[str]) -> bool:
    """Say whether a path is declared, or lies in a folder that is; unknown pieces may be anything."""
    for each in declared:
        pattern = ".*".join(re.escape(piece) for piece in HOLE.split(each))
        if each == "." or re.fullmatch(rf"{pattern}(?:/.*)?", path):
            return True
    return False


def modules(project: Project, script: Facts) -> list[str]:
    """Return the paths of the project's other modules of which running a script uses functions or classes."""
    paths = {place.path for place in project.reach(script) if place.scope and place.path != script.path}
    return sorted(path for path in paths if not project.files[path].context.test)
