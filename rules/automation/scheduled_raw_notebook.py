"""A schedule runs a notebook, and neither its errors nor its outputs last."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import ConfigFile, PythonFile
from xops_lint.rule import Group, Rule
from xops_lint.schedules import by_hand
from xops_lint.shell import Command

RULE = Rule(
    code="XOP619",
    name="scheduled-raw-notebook",
    summary="A schedule runs a notebook, and neither its errors nor its outputs last.",
    harm="A cell fails in the middle and the run is green, or the run is red and the notebook that says why is gone.",
    remedy="Let errors fail the run, and keep the executed notebook under a name of its own for each run.",
    ops=("mlops",),
    group=Group.OPTIONAL,
)

GOES_ON = "runs a notebook on a schedule and goes on after errors"
KEEPS_NOTHING = "runs a notebook on a schedule and keeps nothing of the run"

KEEPS = regex(
    r"upload|artifact|pages|deploy|commit|push|publish|\bs3\b|gsutil|storage|azcopy|\bcp\b|\bmv\b|sync|scp|mail|curl|notif",
    re.IGNORECASE,
)
"""Steps and commands of such names put something where it lasts, or send it."""


@RULE.config()
def in_config(file: ConfigFile) -> Iterator[Finding]:
    """Report the notebooks that scheduled jobs execute."""
    if next(file.values("schedule"), None) is None:
        return
    steps = [value.text for role in ("action", "run", "command") for value in file.values(role)]
    kept = any(KEEPS.search(text) for text in steps)
    for command in file.commands:
        message = fault(command, kept=kept or writes_apart(command))
        if message:
            yield RULE.at(command.range, message)


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report the notebooks that tasks of scheduled pipelines execute by a command of a shell."""
    pipelines = [call for call in file.calls("orchestrate") if call.takes("schedule")]
    if not pipelines or by_hand(pipelines):
        return
    tasks = {call.name for call in file.calls("step")}
    for line in file.shell if tasks else ():
        kept = KEEPS.search(line.command) is not None
        for command in line.commands if line.via in tasks else ():
            message = fault(command, kept=kept or writes_apart(command))
            if message:
                yield RULE.at(line.range, message)


def fault(command: Command, *, kept: bool) -> str:
    """Return what is wrong with a command that executes a notebook, or nothing."""
    if "convert" not in command.roles or "--execute" not in command.words:
        return ""
    if "--allow-errors" in command.words or command.forgiven:
        return GOES_ON
    return "" if kept else KEEPS_NOTHING


def writes_apart(command: Command) -> bool:
    """Say whether a command names where the executed notebook goes, with a part that each run fills in."""
    pairs = zip(command.words, (*command.words[1:], ""))
    given = [word if "=" in word else after for word, after in pairs if word.startswith("--output")]
    return any("$" in word or "{" in word for word in given)
