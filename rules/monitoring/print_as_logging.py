"""A pipeline step or a service tells what it does by printing alone."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.logs import keeps_log, prints
from xops_lint.model import Definition, PythonFile
from xops_lint.rule import Group, Rule, Severity
from xops_lint.serving import handlers
from xops_lint.tasks import file_name

RULE = Rule(
    code="XOP717",
    name="print-as-logging",
    summary="A pipeline step or a service tells what it does by printing alone.",
    harm="Printed lines have no level and no name: nobody can filter them, or raise an alarm on errors.",
    remedy="Write to a logger, so that levels can be set and collected.",
    ops=("devops",),
    severity=Severity.INFO,
    group=Group.OPTIONAL,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report the steps and handlers that print, in a module that never writes to a logger."""
    running = list(unattended(file)) if any(map(prints, file.calls("write_log"))) else []
    printing = [each for each in running if works(file, each)]
    if printing and not keeps_log(file):
        for each in printing:
            yield RULE.at(each, "has nothing but `print` for a log")


def works(file: PythonFile, function: Definition) -> bool:
    """Say whether a function prints besides its work; what does nothing else shows how things are wired."""
    inside = [call for call in file.all_calls if f"{call.scope}.".startswith(f"{function.name}.")]
    return any(map(prints, inside)) and not all(map(prints, inside))


def unattended(file: PythonFile) -> Iterator[Definition]:
    """Yield the functions that a scheduler or a service runs, with their module and a logger at hand."""
    started = {file_name(file, call) for call in file.calls("step")}
    handling = {handler.name for handler in handlers(file)}
    for each in file.definitions:
        runs = "step" in each.roles or each.name in started or each.name in handling
        # What runs as a source of its own, far from its module, has the terminal alone.
        if runs and each.kind != "class" and not each.traits & {"isolated", "keeps_prints"}:
            yield each
