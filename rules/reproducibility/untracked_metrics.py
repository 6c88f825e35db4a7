"""A tracked run logs a model and no metrics."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP343",
    name="untracked-metrics",
    summary="A tracked run logs a model and no metrics.",
    harm="The registry fills with models that nobody can rank.",
    remedy="Log the score on held-out data in the run that logs the model.",
    ops=("mlops",),
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report the logged model of entries that train and log no metric."""
    reported: set[tuple[str, int]] = set()
    for entry in project.shown.entries_making("log_model"):
        if entry.context.test or next(project.calls_reached(entry, "train", "tune"), None) is None:
            continue
        if next(project.calls_reached(entry, "log_metrics", "autolog"), None) is not None:
            continue
        for file, call in project.calls_reached(entry, "log_model"):
            if (file.path, call.index) not in reported:
                reported.add((file.path, call.index))
                yield RULE.at(call, "logs a model in a run without metrics", path=file.path)
