"""A program that trains or runs pipelines records its runs where only one machine finds them."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.locations import is_here
from xops_lint.model import Call, Facts, Project
from xops_lint.provenance import constant
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP347",
    name="local-tracking-store",
    summary="A program that trains or runs pipelines records its runs where only one machine finds them.",
    harm="Runs of a colleague, of CI and of the scheduler land in stores of their own, and none can be compared.",
    remedy="Take the address of a store that all share from the environment, and write no default into the code.",
    ops=("mlops",),
    group=Group.PREVIEW,
)

WORK = ("train", "tune", "log_model", "register_model", "orchestrate")
"""Roles of calls by programs whose records somebody will look for."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once a file, addresses of this very machine that programs name as the place for runs."""
    seen: set[str] = set()
    for file, call in project.shown.calls("connect", "track"):
        address = None if file.path in seen or skipped(file, call) else store(project, file, call)
        if address is not None and is_here(address) and works(project, file, call):
            seen.add(file.path)
            yield RULE.at(call, f"records runs in `{address}`, which no other machine sees", path=file.path)


def skipped(file: Facts, call: Call) -> bool:
    """Say whether a file only tries something out, or a call is made only under a condition."""
    return call.conditional or file.notebook or file.context.profile == "exploration" or file.context.test


def store(project: Project, file: Facts, call: Call) -> str | None:
    """Return where a call says that runs are recorded, if that is written in code."""
    given = call.argument("uri")
    if call.entry is None or "run_store" not in call.entry.traits or given is None or given.value.origin:
        return None
    address = constant(project, file, given.value).constant
    return address if isinstance(address, str) else None


def works(project: Project, file: Facts, call: Call) -> bool:
    """Say whether a program that makes the call trains models or defines a pipeline."""
    for entry in project.entries_running(file, call):
        if next(project.calls_reached(entry, *WORK), None) is not None:
            return True
        files = (project.files[path] for path in project.running.scopes(entry))
        if any("orchestrate" in definition.roles for each in files for definition in each.definitions):
            return True
    return False
