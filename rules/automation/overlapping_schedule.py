"""A training on a schedule may start while the one before it still runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Fix, Safety
from xops_lint.elements import NewEntry
from xops_lint.matching import regex
from xops_lint.model import ConfigFile, Value
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP622",
    name="overlapping-schedule",
    summary="A training on a schedule may start while the one before it still runs.",
    harm="Two trainings write the same files and register their models in any order: the older may win.",
    remedy="Say what happens when runs meet, such as `concurrencyPolicy: Forbid`, or a `concurrency` group in CI.",
    ops=("devops",),
    group=Group.PRODUCTION,
)

TRAINS = regex(r"(?<![a-z])(?:re-?)?train(?:er|ing)?(?![a-z])|(?<![a-z])fine-?tun", re.IGNORECASE)
ABOUT = regex(r"train(?:ing)?[-_ ]?(?:data|set|stats|report|logs?)|clean|delete|prune|backup|test|lint", re.IGNORECASE)
"""What only deals with what a training reads or leaves."""

LETS = frozenset({"", "Allow", "null"})


@RULE.config()
def check(file: ConfigFile) -> Iterator[Finding]:
    """Report schedules of trainings whose kind can keep runs apart, and that do not ask for it."""
    for kind, root in zip(file.kinds, file.documents):
        schedule = next(file.values("schedule", root), None)
        if schedule is None or not file.routes.get(kind, {}).get("concurrency") or kept_apart(file, root):
            continue
        if trains(file, root) and meets(file, root):
            fix = alone(file, kind, root, schedule)
            yield RULE.at(schedule, "may start a training while the one before still runs", fix=fix)


def alone(file: ConfigFile, kind: str, root: Value, schedule: Value) -> Fix | None:
    """Return the fix that lets one run at a time start, in the words of the kind: a policy, or a group with a name."""
    owner, _, key = file.routes[kind]["concurrency"][0].rpartition(".")
    around = root.get(owner) if owner else root
    entries = around.items if around is not None else {}
    beside = next((value for value in entries.values() if value.key and value.range.covers(schedule.range)), None)
    if beside is None or beside.key is None or key in entries:
        return None
    group = file.path.rpartition("/")[2].partition(".")[0]
    text = f"{key}: {'Forbid' if key.endswith('Policy') else group}"
    end = max(value.range.end for value in beside.walk())
    return Fix("Let one run at a time start", (NewEntry(beside.key, end, text),), Safety.UNSAFE)


def kept_apart(file: ConfigFile, root: Value) -> bool:
    """Say whether a document asks for one run at a time, or something unknown does."""
    return any(value.items or value.templated or value.text not in LETS for value in file.values("concurrency", root))


def trains(file: ConfigFile, root: Value) -> bool:
    """Say whether a command or an image of a document is a training's."""
    own = [command for command in file.commands if any(value.route == command.route for value in root.walk())]
    words = [word for command in own for word in (command.script, command.module) if word]
    if any("train" in command.roles for command in own):
        return True
    words += [value.text.rpartition("/")[2] for value in file.values("image", root)]
    words += [value.text for value in file.values("command", root)]
    return any(TRAINS.search(word) and not ABOUT.search(word) for word in words)


def meets(file: ConfigFile, root: Value) -> bool:
    """Say whether runs may meet: in CI, where a run has hours at most, only if something else starts it too."""
    triggers = next(file.values("trigger", root), None)
    return triggers is None or "push" in triggers.items
