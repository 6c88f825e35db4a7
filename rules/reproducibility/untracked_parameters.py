"""A tracked run records results and no parameters."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import Call, Project
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP342",
    name="untracked-parameters",
    summary="A tracked run records results and no parameters.",
    harm="Runs can be ranked but not explained: nobody sees what made the better one better.",
    remedy="Log the parameters of the run, or switch automatic logging on before training.",
    ops=("mlops",),
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report entries that train and log metrics or a model, but no parameters."""
    reported: set[tuple[str, int]] = set()
    for entry in project.shown.entries_making("log_metrics", "log_model"):
        if entry.context.test or project.recorded(entry):
            continue
        if next(project.calls_reached(entry, "train", "tune"), None) is None:
            continue
        if next(project.calls_reached(entry, "log_parameters", "autolog"), None) is not None:
            continue
        if any(records_by_itself(call) for _, call in project.calls_reached(entry, "track")):
            continue
        results = [
            (file, call) for file, call in project.calls_reached(entry, "log_metrics", "log_model") if holds(call)
        ]
        opened = [(file, call) for file, call in project.calls_reached(entry, "start_run") if holds(call)]
        if not results or not opened or any(knows(call) for _, call in opened):
            continue
        file, call = results[0]
        if (file.path, call.index) not in reported:
            reported.add((file.path, call.index))
            yield RULE.at(call, "records a result of a run whose parameters are not recorded", path=file.path)


def knows(call: Call) -> bool:
    """Say whether a run is given parameters when it is opened, or goes on from where another process began it."""
    return bool(call.argument("parameters") or call.argument("continued") or call.unpacks)


def holds(call: Call) -> bool:
    """Say whether a call belongs to a tracker that keeps parameters, and does not only draw."""
    return call.entry is None or "charts" not in call.entry.traits


def records_by_itself(call: Call) -> bool:
    """Say whether a trainer reports to trackers through callbacks of its own, parameters included."""
    return call.entry is not None and "callback" in call.entry.traits and call.takes("logger")
