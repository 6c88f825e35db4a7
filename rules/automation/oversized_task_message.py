"""A task hands a whole table or model to the next one through the scheduler's database."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Expression, PythonFile
from xops_lint.rule import Group, Rule
from xops_lint.tasks import tasks

RULE = Rule(
    code="XOP621",
    name="oversized-task-message",
    summary="A task hands a whole table or model to the next one through the scheduler's database.",
    harm="The database that all pipelines share grows with every run, and the task fails once the data outgrow a row.",
    remedy="Write the data to a store and hand on the path.",
    ops=("dataops",),
    group=Group.PREVIEW,
)


@RULE.python
def returned(file: PythonFile) -> Iterator[Finding]:
    """Report tasks that return tables and models."""
    for task in tasks(file):
        value = file.results.get(task.name)
        type = large(file, value) if value is not None else None
        if type is not None:
            yield RULE.at(task, f"hands a whole `{type}` on through the scheduler's database")


@RULE.python
def sent(file: PythonFile) -> Iterator[Finding]:
    """Report messages between tasks that hold tables and models."""
    for call in file.calls("hand_over"):
        given = call.argument("data")
        type = large(file, given.value) if given is not None else None
        if given is not None and type is not None:
            yield RULE.at(given, f"sends a whole `{type}` through the scheduler's database")


def large(file: PythonFile, value: Expression) -> str | None:
    """Return the type of a value, or of a part of it, that grows with the data; figures over the rows do not."""
    for part in (value, *(value.elements or ()), *(value.entries or {}).values()):
        entry = file.types.get(part.type)
        if entry is None or part.figures or next(file.sources(part, "statistic"), None) is not None:
            continue
        if "estimator" in entry.roles or "table" in entry.traits:
            return part.type.rpartition(".")[2]
    return None
