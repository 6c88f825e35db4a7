"""A project and the script it starts have different defaults for one parameter."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.config import Value
from xops_lint.diagnostic import Finding, Related
from xops_lint.graph.commands import Launch
from xops_lint.graph.options import Option, filled_in, spelled
from xops_lint.matching import regex
from xops_lint.model import Project
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP230",
    name="conflicting-default",
    summary="A project and the script it starts have different defaults for one parameter.",
    harm="The script gives one result when it is started by hand and another when the project is run.",
    remedy="Write the default down once, or make the two the same.",
    ops=("mlops",),
    group=Group.PREVIEW,
)

LABEL = regex(r"(?:run|experiment|job)[_-]?(?:name|origin|id)|description|tags?")
"""What says whose run it is, which a hand and a project may well answer differently."""

NOTHING = frozenset({"", "none", "null"})
"""Texts that stand for no value, as commands have no other."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report the defaults of entry points that differ from those of the options they are handed to."""
    seen: set[tuple[str, int]] = set()
    for file, entry in project.shown.values("entry_point"):
        for launch in project.plan.launches.by(f"stage:{file.path}:{entry.route}"):
            for option in spelled(launch.facts):
                value = declared(entry, launch, option)
                theirs = option.call.argument("default")
                if value is None or theirs is None or (file.path, value.range.start) in seen:
                    continue
                if differ(value, theirs.value.constant):
                    seen.add((file.path, value.range.start))
                    message = f"is not the default of `{launch.facts.path}`, which is `{theirs.value.constant}`"
                    related = (Related(theirs.range, "the default of the script", launch.facts.path),)
                    yield RULE.at(value.range, message, path=file.path, related=related)


def declared(entry: Value, launch: Launch, option: Option) -> Value | None:
    """Return the default of the parameter that a command hands to an option, if it has any."""
    name = filled_in(launch, option)
    if LABEL.fullmatch(name):
        return None
    parameters = entry.items.get("parameters")
    parameter = parameters.items.get(name) if parameters is not None and name else None
    return parameter.items.get("default") if parameter is not None else None


def differ(value: Value, constant: object) -> bool:
    """Say whether a default in a config surely is another than one in code."""
    ours, theirs = value.text.strip().lower(), str(constant).strip().lower()
    if value.templated or not isinstance(constant, (str, int, float)) or {ours, theirs} <= NOTHING:
        return False
    try:
        return float(ours) != float(theirs)
    except ValueError:
        return ours != theirs
