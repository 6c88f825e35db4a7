"""A command that people are told to type names what is not there."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from xops_lint import ci
from xops_lint.diagnostic import Finding, Related
from xops_lint.facts import Facts
from xops_lint.graph.commands import Launch, started
from xops_lint.graph.model import Spot
from xops_lint.graph.options import taken, untaken
from xops_lint.graph.stages import runnable
from xops_lint.model import Project, Range
from xops_lint.references import is_plain, present
from xops_lint.rule import Group, Rule
from xops_lint.shell import Command

RULE = Rule(
    code="XOP618",
    name="documented-command-drift",
    summary="A command that people are told to type names what is not there.",
    harm="Whoever follows the description gets an error, and has to guess how the project is run today.",
    remedy="Write down the command as it is today, and let CI run it.",
    ops=("devops",),
    group=Group.PREVIEW,
)

MOVES = frozenset({"cd", "pushd", "clone", "unzip", "tar", "scp"})
"""Words of commands after which people are in another folder, or have more files."""


class Drift(NamedTuple):
    """What a command names in vain, and a place that shows so."""

    message: str
    related: Related | None = None


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report scripts, options and stages in readmes, makefiles and CI that the project does not have."""
    checked = {file.path for file in ci.files(project)}
    for file in project.shown.facts:
        # Nobody promises that a script of the shell is for whoever reads it.
        told = file.told if file.language != "shell" else ()
        commands = told or (file.commands if file.path in checked else ())
        for command in commands:
            drift = drifted(project, file, command)
            if drift is not None:
                related = (drift.related,) if drift.related is not None else ()
                yield RULE.at(command.range, drift.message, path=file.path, related=related)


def drifted(project: Project, file: Facts, command: Command) -> Drift | None:
    """Return what is wrong with one command, if anything surely is."""
    if "run_pipeline" in command.roles:
        return lacking_stage(project, file, command)
    found = started(project, file, command, None, {})
    if found is None:
        return lacking_script(project, file, command) if file.told else None
    program, words = found
    options = taken(project, program)
    launch = Launch("", program, None, words, Spot(file.path, command.range))
    name = untaken(launch, options) if options else ""
    if not options or not name:
        return None
    related = Related(options[0].call.range, "the options are declared here", program.path)
    return Drift(f"passes `{name}`, which `{program.path}` does not take", related)


def lacking_script(project: Project, file: Facts, command: Command) -> Drift | None:
    """Return the script that a command starts and that is nowhere in the project, though its folder is."""
    script = command.script.removeprefix("./")
    if not script.endswith((".py", ".ipynb")) or not is_plain(script) or posixpath.basename(script) in project.by_name:
        return None
    places = [posixpath.normpath(posixpath.join(base, script)) for base in above(file.path)]
    if any(present(project, place) for place in places):
        return None
    folders = {posixpath.dirname(place) for place in places}
    if "/" in script:
        # What stands in a folder that is not there may be in another project.
        if not any(each.path.rpartition("/")[0] in folders for each in project.python):
            return None
    elif any("download" in each.roles or not MOVES.isdisjoint(each.words[:2]) for each in file.told):
        return None
    return Drift(f"starts `{script}`, which is not in the project")


def above(path: str) -> list[str]:
    """Return the folders around a path, the nearest first."""
    folders = path.split("/")[:-1]
    return ["/".join(folders[:length]) for length in range(len(folders), -1, -1)]


def lacking_stage(project: Project, file: Facts, command: Command) -> Drift | None:
    """Return the stage that a command names and no pipeline has."""
    named = runnable(project, command)
    missing = next((target for target in named.targets if target not in named.known), None)
    if missing is None or not named.known or present(project, missing) or not is_plain(missing):
        return None
    return Drift(f"runs the stage `{missing}`, which no pipeline has", Related(Range(0, 0), "the pipeline", named.path))
