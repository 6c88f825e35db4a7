"""Findings at stages that take or leave files which they do not declare."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final, NamedTuple

from xops_lint.diagnostic import Finding, Related
from xops_lint.edits import declared

if TYPE_CHECKING:
    from xops_lint.graph.doings import Doing, Touch
    from xops_lint.project import Project
    from xops_lint.rule import Rule


class _Words(NamedTuple):
    """How it is told that a stage takes or leaves a file, and the role and name of what it should declare."""

    does: str
    here: str
    role: str
    what: str


READS: Final = _Words("reads", "read here", "input", "dependencies")
WRITES: Final = _Words("writes", "written here", "output", "outputs")


def undeclared(rule: Rule, project: Project, doing: Doing, touch: Touch, words: _Words) -> Finding:
    """Return the finding at a stage's command, with the place in its code and the fix that declares the file."""
    stage, path = doing.stage, posixpath.relpath(touch.path, doing.folder or ".")
    fix = declared(project.files[stage.path], doing.value(project), words.role, [path], words.what)
    related = (Related(touch.spot.range, words.here, touch.spot.path),) if touch.spot.range is not None else ()
    message = f"{words.does} `{path}`, which the stage does not declare"
    return rule.at(doing.command, message, path=stage.path, related=related, fix=fix)
