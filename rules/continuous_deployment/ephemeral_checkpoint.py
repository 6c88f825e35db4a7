"""What a training job learns is kept where the job's end, or its loss of the machine, deletes it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint import model_files
from xops_lint.diagnostic import Finding, Related
from xops_lint.graph.running import programs
from xops_lint.locations import is_remote
from xops_lint.model import Argument, Call, Facts, Project, PythonFile, Value
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

CARRIED = re.compile(
    r"\b(?:upload\w*|put_object\w*|push_to_hub|copy_to\w*|rsync|fs|fsspec|storage|bucket\w*)\b", re.IGNORECASE
)
"""Words of programs that bring files away from where they run."""

KEEPING = ("log_model", "log_artifact", "register_model", "autolog", "deploy")
"""Roles of calls that keep a model elsewhere."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report jobs on machines that may be taken away, without a place for checkpoints."""
    for call in file.calls("estimator", "train"):
        given = call.argument("reclaimable")
        if given is not None and given.value.constant is True and not call.unpacks and call.takes("checkpoint"):
            if call.argument("checkpoint") is None and not stored_later(file, call):
                yield RULE.at(given, "lets the job lose its machine, and no checkpoint is kept")


def stored_later(file: PythonFile, call: Call) -> bool:
    """Say whether a file sets the place for checkpoints in another way, on the job or in its settings."""
    name = call.spelling("checkpoint")
    return any(each.target == name or each.value == name for each in file.strings) or f".{name}" in file.names


@RULE.project
def check_jobs(project: Project) -> Iterator[Finding]:
    """Report models that the program of a job in a cluster saves to the container, from which nothing takes them."""
    for file, job in jobs(project):
        node = job_node(file, job)
        for program in programs(project, node) if node in project.plan.graph.nodes else ():
            reached = {place.path for place in project.reach(program)}
            if kept(project, program) or any(CARRIED.search(project.files[path].words) for path in reached):
                continue
            for other, save in project.calls_reached(program, "save_model"):
                path = next(model_files.paths(other, save), None)
                if path is not None and is_local(path):
                    related = (
                        Related((job.get("metadata.name") or job).range, "the job, without a volume", file.path),
                    )
                    yield RULE.at(
                        path, "is a path of a container that is deleted after its job", path=other.path, related=related
                    )
                    break


def jobs(project: Project) -> Iterator[tuple[Facts, Value]]:
    """Yield the jobs of manifests that end, and whose pods have no volume."""
    for file in project.facts:
        for kind, document in zip(file.kinds, file.documents):
            if "pod" in file.routes.get(kind, {}) and not file.context.test and not file.context.example:
                type = document.get("kind")
                ends = type is not None and type.text.endswith("Job")
                if ends and not any(pod.items.get("volumes") for pod in file.values("pod", document)):
                    yield file, document


def job_node(file: Facts, job: Value) -> str:
    """Return the node of a job in the graph of the project."""
    ends = (job.get("kind") or job).text in ("Job", "CronJob")
    return f"{'job' if ends else 'deployment'}:{file.path}:{job.range.start}"


def kept(project: Project, program: Facts) -> bool:
    """Say whether a program keeps its model elsewhere as well."""
    return next(project.calls_reached(program, *KEEPING), None) is not None


def is_local(path: Argument) -> bool:
    """Say whether a path is known, and one of the machine that the program runs on."""
    text = path.value.string
    return bool(text) and not is_remote(text or "") and not (text or "").startswith(("{}", "/mnt", "/opt/ml"))
