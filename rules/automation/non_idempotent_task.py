"""A scheduled task that is run again works on other data, or adds its rows once more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.matching import regex
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Group, Rule
from xops_lint.tasks import task_scopes

RULE = Rule(
    code="XOP620",
    name="non-idempotent-task",
    summary="A scheduled task that is run again works on other data, or adds its rows once more.",
    harm="A retry after midnight, or a rerun of last week, leaves gaps and doubles in the data that models learn from.",
    remedy="Take the date from the run, such as its data interval, and replace what an earlier try has written.",
    ops=("dataops",),
    group=Group.PREVIEW,
)

READING = ("load_data", "download")
WRITING = ("save_data", "open_file")

DELETES = regex(r"\b(?:delete\s+from|truncate|drop\s+table|on\s+conflict|merge\s+into)\b", re.IGNORECASE)
"""What makes room for rows before they are written anew."""

REMOVES = regex(r"delete|truncate|drop_table|upsert", re.IGNORECASE)
"""The same, in names of functions."""


@RULE.python
def dates(file: PythonFile) -> Iterator[Finding]:
    """Report the clock that decides which data a task of a schedule works on, each once."""
    scopes = task_scopes(file) if scheduled(file) else frozenset[str]()
    seen: set[int] = set()
    for call in file.calls(*READING, *WRITING):
        asked = [clock for clock in clocks(file, call) if clock.scope in scopes] if call.scope in scopes else []
        if asked and seen.isdisjoint(clock.index for clock in asked):
            related = (Related(call.range, f"the date decides what this {'writes' if call.writes else 'reads'}"),)
            yield RULE.at(asked[0], "gives a rerun of this task another date than the run had", related=related)
        seen.update(clock.index for clock in asked)


@RULE.python
def rows(file: PythonFile) -> Iterator[Finding]:
    """Report rows that a task of a schedule adds to a table, where nothing takes out those of an earlier try."""
    scopes = task_scopes(file) if scheduled(file) else frozenset[str]()
    for call in file.calls("save_data"):
        mode = call.argument("mode")
        if call.scope in scopes and mode is not None and mode.value.constant == "append" and not clears(file):
            yield RULE.at(mode, "adds the rows once more whenever this task is run again")


def clears(file: PythonFile) -> bool:
    """Say whether anything in a file takes rows out of a table, or passes over those that are there."""
    texts = (text.value for text in file.strings)
    names = (f"{call.name}.{call.method}" for call in file.all_calls)
    return any(DELETES.search(text) for text in texts) or any(REMOVES.search(name) for name in names)


def clocks(file: PythonFile, call: Call) -> Iterator[Call]:
    """Yield the clocks that decide what a call reads or where it writes."""
    given = call.arguments if not call.roles.isdisjoint(READING) else (call.argument("path"),)
    for argument in given:
        if argument is not None:
            yield from file.sources(argument.value, "clock")


def scheduled(file: PythonFile) -> bool:
    """Say whether a file defines a pipeline that runs on a schedule, or may."""
    defined = [call for call in file.calls("orchestrate") if call.entry and "rescanned" in call.entry.traits]
    if not defined:
        return any("rescanned" in definition.traits for definition in file.definitions)
    schedules = (call.argument("schedule") for call in defined)
    return any(schedule is None or schedule.value.constant is not None for schedule in schedules)
