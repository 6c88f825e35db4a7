"""A stage declares an input that nothing in it reads."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from xops_lint import provenance
from xops_lint.diagnostic import Finding, Related
from xops_lint.edits import undeclared
from xops_lint.facts import Facts
from xops_lint.graph.doings import Doing, doings
from xops_lint.graph.stages import Entry, describes_stages, overlap
from xops_lint.model import Project, Range
from xops_lint.rule import Confidence, Group, Rule
from xops_lint.words import fits, spoken

RULE = Rule(
    code="XOP363",
    name="unread-stage-input",
    summary="A stage declares an input that nothing in it reads.",
    harm="Whenever that file changes, the stage runs anew for nothing, and its history names data that it never saw.",
    remedy="Take the file out of the stage's dependencies, or let the code read it.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
    group=Group.PREVIEW,
)

UNSEEN = ("shell", "list_files", "run_container")
"""Roles of calls that may read files which no code names."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report declared data and models of stages of whose programs everything is known."""
    for doing in doings(project):
        if doing.stage.held or doing.open or "@" in doing.stage.name or not doing.complete(project):
            continue
        programs = [launch.facts for launch in doing.launches]
        code = reached(project, programs)
        if any(file.shell or any(file.playing(*UNSEEN)) or opens_unknown(project, file) for file in code):
            continue
        for entry in doing.stage.inputs:
            if is_data(project, entry) and not touched(doing, entry.text) and not named(project, entry.text, code):
                yield found(project, doing, entry)


def found(project: Project, doing: Doing, entry: Entry) -> Finding:
    """Return the finding at an input, with the fix that takes it out."""
    path = posixpath.relpath(entry.text, doing.folder or ".")
    fix = undeclared(doing.value(project), entry.range, path, "dependencies")
    program = doing.launches[0].facts.path
    related = (Related(Range(0, 0), "names it nowhere", program),)
    message = f"is read by nothing that `{doing.stage.name}` runs"
    return RULE.at(entry.range, message, path=doing.stage.path, related=related, fix=fix)


def reached(project: Project, programs: list[Facts]) -> list[Facts]:
    """Return the files whose code any of some programs may execute."""
    paths = {place.path for program in programs for place in project.reach(program)}
    return [project.files[path] for path in sorted(paths)]


def opens_unknown(project: Project, file: Facts) -> bool:
    """Say whether a file of code reads from where nobody can tell."""
    for call in file.playing("load_data", "load_model"):
        given = call.argument("path") or call.argument("repository")
        opened = list(file.sources(given.value, "open_file")) if given is not None else []
        given = next((other for each in opened if (other := each.argument("path"))), given)
        if given is not None and provenance.unknown(project, file, opened[0] if opened else call, given):
            return True
    return False


def is_data(project: Project, entry: Entry) -> bool:
    """Say whether what is declared is data, a model, or what another stage leaves, and neither code nor settings."""
    path, node = entry.text, project.plan.graph.nodes.get(f"path:{entry.text}")
    if any(facts.path == path or facts.path.startswith(f"{path}/") for facts in project.facts):
        return False
    return node is not None and (node.kind in ("data", "model") or project.plan.known(path))


def touched(doing: Doing, path: str) -> bool:
    """Say whether the stage reads or writes a path, or hands it to a program."""
    if any(overlap(path, touch.path) for touch in (*doing.reads, *doing.writes)):
        return True
    return any(posixpath.basename(path) in word for launch in doing.launches for word in launch.words)


def named(project: Project, path: str, code: list[Facts]) -> bool:
    """Say whether code or a setting has the last part of a path, from which it may put the path together."""
    last = posixpath.basename(path)
    parts = {last, posixpath.splitext(last)[0]}
    if not parts.isdisjoint(spoken(code)):
        return True
    given = (argument.value.pattern for file in code for call in file.calls for argument in call.arguments)
    if any(pattern is not None and fits(pattern, path) for pattern in given):
        return True
    settings = (file for file in project.facts if not file.python and not describes_stages(file))
    return any(last in value.text for file in settings for tree in file.documents for value in tree.walk())
