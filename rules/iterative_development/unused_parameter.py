"""A parameter is declared, and nobody reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint import names
from xops_lint.config import Value
from xops_lint.diagnostic import Finding, Related
from xops_lint.facts import Facts
from xops_lint.model import Project
from xops_lint.rule import Confidence, Group, Rule

RULE = Rule(
    code="XOP209",
    name="unused-parameter",
    summary="A parameter is declared, and nobody reads it.",
    harm="Whoever changes it gets the same result as before, and takes that for a finding.",
    remedy="Remove it, or read it where the value is written down instead.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
    group=Group.PREVIEW,
)

READ = 2
"""How many other parameters of a group code must name, for it to be read one by one and not handed on as a whole."""

UNREAD = 1 / 3
"""More of a group than this nobody names only if it is handed on."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report parameters of files that no code and no template names, and those that a command leaves out."""
    groups = [(file, group) for file, group in names.parameters(project) if len(group.items) > READ]
    taken = names.taken(project) if groups else frozenset()
    for file, group in groups:
        left = [key for key in group.items if taken.isdisjoint((key, *re.findall(r"\w+", key)))]
        used = next((key for key in group.items if key not in left), None)
        if used is None or len(group.items) - len(left) < READ or len(left) > UNREAD * len(group.items):
            continue
        related = (Related(group.items[used].key or group.items[used].range, "this one is read", file.path),)
        for key in left:
            value = group.items[key]
            yield RULE.at(
                value.key or value.range, "is read by nothing in the project", path=file.path, related=related
            )
    for file, entry in project.shown.values("entry_point"):
        yield from left_out(file, entry)


def left_out(file: Facts, entry: Value) -> Iterator[Finding]:
    """Yield the parameters of an entry point whose command does not put them in."""
    command, declared = entry.items.get("command"), entry.items.get("parameters")
    if command is None or not command.text or declared is None:
        return
    for name, value in declared.items.items():
        if f"{{{name}}}" not in command.text.replace(" ", ""):
            related = (Related(command.range, "the command", file.path),)
            yield RULE.at(value.key or value.range, "is not put into the command", path=file.path, related=related)
