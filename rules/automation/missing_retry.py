"""A task asks another machine, and nobody tries again when that fails."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.locations import is_remote
from xops_lint.model import Argument, Call, Definition, Facts, Project, Range
from xops_lint.retries import TRIES_AGAIN, tries_again
from xops_lint.rule import Group, Rule
from xops_lint.schedules import by_hand
from xops_lint.tasks import file_name, mentioned_by

RULE = Rule(
    code="XOP607",
    name="missing-retry",
    summary="A task asks another machine, and nobody tries again when that fails.",
    harm="A dropped connection at night ends the whole run, and the next step finds no data in the morning.",
    remedy="Let the scheduler try again after a while, for the task or for all tasks of the pipeline.",
    ops=("devops",),
    group=Group.OPTIONAL,
)

MOST_RELATED = 4


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a file, the tasks that ask other machines where no retry is set or may be."""
    if next(project.values("retry_default"), None) is not None:
        return
    for file in project.shown.python:
        steps = [call for call in file.playing("step") if call.takes("retry")]
        if (not steps and not any(is_step(each) for each in file.definitions)) or tries_again(file):
            continue
        found = [] if by_hand(file.playing("orchestrate")) else [*functions(file), *operators(file)]
        if found and not set_for_all(project, file):
            place, asked = found[0]
            related = [Related(asked.range, "asks another machine")] if asked.range != place else []
            related += [Related(other, "so does this task") for other, _ in found[1 : 1 + MOST_RELATED]]
            message = "asks another machine, and is not tried again when that fails"
            yield RULE.at(place, message, path=file.path, related=tuple(related))


def functions(file: Facts) -> Iterator[tuple[Range, Call]]:
    """Yield the functions that are steps without a retry, each with a call that asks another machine."""
    calls = {call.index: call for call in file.calls}
    run = {
        file_name(file, call): call
        for call in file.playing("step")
        if call.takes("retry") and call.argument("function")
    }
    for definition in file.definitions:
        made = run.get(definition.name)
        settings = [calls[index] for index in definition.settings if index in calls]
        if made is None and not is_step(definition):
            continue
        if all(map(leaves_out, settings if made is None else [made])):
            scopes = mentioned_by(file, definition.name) - file.survived
            asked = next((call for call in file.calls if call.scope in scopes and asks(file, call)), None)
            if asked is not None:
                yield definition.range, asked


def operators(file: Facts) -> Iterator[tuple[Range, Call]]:
    """Yield the ready-made steps that ask another machine by themselves, without a retry."""
    for call in file.playing("step"):
        if call.takes("retry") and leaves_out(call) and call.entry is not None and "network" in call.entry.traits:
            yield call.callee, call


def is_step(definition: Definition) -> bool:
    """Say whether a decorator makes a function a step that may be tried again."""
    return any("step" in entry.roles and "retry" in entry.parameters for entry in definition.entries)


def leaves_out(call: Call) -> bool:
    """Say whether a call surely sets no retry; a zero is somebody's decision."""
    return call.argument("retry") is None and not call.unpacks


def asks(file: Facts, call: Call) -> bool:
    """Say whether a call reaches another machine, and neither its failure is caught nor its client tries again."""
    if call.entry is None or call.roles & {"step", "configuration", "secret", "alert"}:
        return False
    if call.tried or call.swallowed or (call.takes("retry") and call.value("retry") not in (None, 0)):
        return False
    if call.receiver is not None and next(file.sources(call.receiver, "connect"), None) is not None:
        return False  # Whether this is tried again was settled when its client was made.
    if "network" in call.entry.traits or call.roles & {"connect", "download", "deploy"}:
        return True
    path = call.argument("path")
    return path is not None and is_remote(path.value.string or "") and bool(call.roles & {"load_data", "save_data"})


def set_for_all(project: Project, file: Facts) -> bool:
    """Say whether a pipeline sets a retry for its tasks, or may."""
    here = [call for call in file.playing("orchestrate") if call.takes("retry")]
    calls = here or [call for _, call in project.calls("orchestrate") if call.takes("retry")]
    return any(call.unpacks or may_set(call.argument("retry")) for call in calls)


def may_set(given: Argument | None) -> bool:
    """Say whether an argument sets a retry, or may: of defaults for tasks that are known, one has to."""
    if given is None or given.value.constant is None:
        return False
    entries = given.value.entries
    return entries is None or any(key == "**" or TRIES_AGAIN.search(str(key)) for key in entries)
