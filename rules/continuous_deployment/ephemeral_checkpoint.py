"""What a training job learns is kept where the job's end, or its loss of the machine, deletes it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint import model_files
from xops_lint.diagnostic import Finding, Related
from xops_lint.graph.jobs import jobs
from xops_lint.locations import is_remote
from xops_lint.matching import regex
from xops_lint.model import Argument, Call, Facts, Project, PythonFile
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP520",
    name="ephemeral-checkpoint",
    summary="What a training job learns is kept where the job's end, or its loss of the machine, deletes it.",
    harm="Hours of training are gone once the machine is taken away or the container ends, and begin from nothing.",
    remedy="Write checkpoints and models to a volume or an object store, and name it in the job.",
    ops=("mlops",),
    group=Group.PREVIEW,
    exploration=True,
)

CARRIED = regex(
    r"\b(?:upload\w*|put_object\w*|push_to_hub|copy_to\w*|rsync|fs|fsspec|storage|bucket\w*)\b", re.IGNORECASE
)
"""Words of programs that bring files away from where they run."""

KEEPING = ("log_model", "log_artifact", "register_model", "autolog", "deploy")
"""Roles of calls that keep a model elsewhere."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report jobs on machines that may be taken away, without a place for checkpoints."""
    for call in file.calls("estimator", "train"):
        given, kept = call.argument("reclaimable"), call.argument("checkpoint")
        spot = given is not None and given.value.constant is True and not call.unpacks and call.takes("checkpoint")
        if given is not None and spot and kept is None and not stored_later(file, call):
            yield RULE.at(given, "lets the job lose its machine, and no checkpoint is kept")


def stored_later(file: PythonFile, call: Call) -> bool:
    """Say whether a file sets the place for checkpoints in another way, on the job or in its settings."""
    name = call.spelling("checkpoint")
    return any(each.target == name or each.value == name for each in file.strings) or f".{name}" in file.names


@RULE.project
def check_jobs(project: Project) -> Iterator[Finding]:
    """Report models that the program of a job in a cluster saves to the container, from which nothing takes them."""
    for job in jobs(project):
        if any(pod.items.get("volumes") for pod in job.facts.values("pod", job.value)):
            continue
        for program in job.programs(project):
            reached = {place.path for place in project.reach(program)}
            if keeps(project, program) or any(CARRIED.search(project.files[path].words) for path in reached):
                continue
            for file, save in project.calls_reached(program, "save_model"):
                path = next(model_files.paths(file, save), None)
                if path is not None and is_local(path):
                    related = (Related(job.place.range, "the job, without a volume", job.facts.path),)
                    message = "is a path of a container that is deleted after its job"
                    yield RULE.at(path, message, path=file.path, related=related)
                    break


def keeps(project: Project, program: Facts) -> bool:
    """Say whether a program keeps its model elsewhere as well."""
    return next(project.calls_reached(program, *KEEPING), None) is not None


def is_local(path: Argument) -> bool:
    """Say whether a path is known, and one of the machine that the program runs on."""
    text = path.value.string
    return bool(text) and not is_remote(text or "") and not (text or "").startswith(("{}", "/mnt", "/opt/ml"))
