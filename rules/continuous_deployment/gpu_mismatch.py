"""A job asks for no GPU, and its program cannot run without one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from xops_lint.diagnostic import Finding, Related
from xops_lint.graph.jobs import Started, jobs, services
from xops_lint.matching import regex
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP519",
    name="gpu-mismatch",
    summary="A job asks for no GPU, and its program cannot run without one.",
    harm="The job is scheduled on a machine without a GPU and fails once its model is to be moved to one.",
    remedy="Ask for a GPU among the resources, or let the program fall back on the processor.",
    ops=("mlops",),
    group=Group.PREVIEW,
)

ACCELERATED = regex(r"gpu|nvidia|cuda|accelerator|amd\.com|neuron", re.IGNORECASE)
"""Words of a manifest that have to do with a GPU, in a way that need not be known."""

FALLBACK = regex(r"\b(?:is_available|device_count|no_cuda|use_cuda|use_gpu|is_cuda|cuda_available|is_initialized)\b")
"""Words of a program that looks for a GPU before it uses one."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report jobs and services without a word of a GPU whose program moves something to one, whatever happens."""
    needing = {file.path: call for file in project.python if (call := next(moves(file), None)) is not None}
    for started in chain(jobs(project), services(project)) if needing else ():
        if accelerated(started):
            continue
        for program in started.programs(project):
            reached = sorted({place.path for place in project.reach(program)})
            path = next((path for path in reached if path in needing), None)
            if path is not None and not any(FALLBACK.search(project.files[each].words) for each in reached):
                where = started.value.key or started.place.range
                message = f"asks for no GPU, and `{program.path}` moves its model or data to one"
                related = (Related(needing[path].range, "moved to a GPU, whether or not there is one", path),)
                yield RULE.at(where, message, path=started.facts.path, related=related)
                break


def moves(file: Facts) -> Iterator[Call]:
    """Yield the calls that move something to a GPU under no condition."""
    for call in file.calls:
        if call.entry is not None and "on_gpu" in call.entry.traits and not call.conditional:
            device = call.value("device")
            if isinstance(device, str) and device.startswith("cuda"):
                yield call


def accelerated(started: Started) -> bool:
    """Say whether anything of a job speaks of a GPU, or of resources that something else fills in."""
    for value in started.value.walk():
        if ACCELERATED.search(value.text) or any(ACCELERATED.search(key) for key in value.items):
            return True
    resources = started.facts.values("resources", started.value)
    return any(value.templated for found in resources for value in found.walk() if value.text)
