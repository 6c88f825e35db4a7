"""A model is trained and the run is recorded nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Confidence, Rule

RULE = Rule(
    code="XOP340",
    name="untracked-training",
    summary="A model is trained and the run is recorded nowhere.",
    harm="Nobody can tell later which parameters, data and code made the model, or how good it was.",
    remedy="Open a tracked run around the training and log parameters, metrics and the model.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
)

KEEPING = ("save_model", "register_model", "deploy")
"""Roles that make a trained model matter beyond the program's end."""

TRACKING = ("start_run", "log_parameters", "log_metrics", "log_model", "autolog")
"""Roles that show that a project has a tracker."""

MOST_RELATED = 5


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report training that leaves a model and no record: once, if the project has no tracker at all."""
    has_tracker = next(project.calls(*TRACKING), None) is not None
    untracked = list(unrecorded(project, project.shown.entries_making("train") if has_tracker else project.entries))
    if not has_tracker and untracked:
        (file, call), others = untracked[0], untracked[1:]
        related = tuple(Related(other.range, "nor this one", owner.path) for owner, other in others[:MOST_RELATED])
        yield RULE.at(call, "trains a model in a run that nothing records", path=file.path, related=related)
        return
    for file, call in untracked:
        yield RULE.at(call, "trains a model in a run that nothing records", path=file.path)


def unrecorded(project: Project, entries: Iterable[Facts]) -> Iterator[tuple[Facts, Call]]:
    """Yield, each once, the training calls of entries that keep a model and track nothing."""
    seen: set[tuple[str, int]] = set()
    for entry in entries:
        if entry.context.test or entry.context.example or project.develops_tool(entry):
            continue
        if project.tracks(entry) or writes_record(project, entry):
            continue
        found = training(project, entry) if keeps_model(project, entry) and runs(project, entry) else None
        if found is not None and (found[0].path, found[1].index) not in seen and not tried_out(project, entry, *found):
            seen.add((found[0].path, found[1].index))
            yield found


def tried_out(project: Project, entry: Facts, file: Facts, call: Call) -> bool:
    """Say whether a module only tries its own training out, and a program that uses it keeps a record."""
    if file is not entry or not entry.main:
        return False
    return any(project.tracks(other) for other in project.entries_running(file, call) if other is not entry)


def writes_record(project: Project, entry: Facts) -> bool:
    """Say whether an entry evaluates and writes figures or settings to a file, as a record made by hand."""
    written = next(project.calls_reached(entry, "serialise"), None) is not None
    return written and next(project.calls_reached(entry, "evaluate", "predict", "loss"), None) is not None


def keeps_model(project: Project, entry: Facts) -> bool:
    """Say whether an entry keeps a model of itself, or whenever it is the best so far: not only if an option asks."""
    return any(
        call.loop or not call.conditional or compares(file, call)
        for file, call in project.calls_reached(entry, *KEEPING)
    )


def compares(file: Facts, call: Call) -> bool:
    """Say whether figures are compared where a call is made."""
    return any(each.scope == call.scope and not each.counts for each in file.comparisons)


def runs(project: Project, entry: Facts) -> bool:
    """Say whether a file surely is a program: somebody starts it, or it trains or saves as it is read."""
    if entry.notebook or entry.main or entry.path in project.started:
        return True
    mentioned = {name.rpartition(".")[2] for name in entry.references.get("", ())}
    scopes = (call.scope.partition(".")[0] for call in entry.playing("train", *KEEPING))
    return any(not scope or scope in mentioned for scope in scopes)


def training(project: Project, entry: Facts) -> tuple[Facts, Call] | None:
    """Return the training call an entry reaches, one in its own file first; jobs of a platform are recorded there."""
    reached = project.calls_reached(entry, "train")
    calls = [(file, call) for file, call in reached if not (file.context.test or is_remote(call) or groups(file, call))]
    return min(calls, key=lambda pair: pair[0] is not entry, default=None)


def groups(file: Facts, fit: Call) -> bool:
    """Say whether a fit only puts rows into groups, for a figure or a picture, and nobody keeps what it fitted."""
    makers = list(file.sources(fit.receiver, "estimator")) if fit.receiver is not None else []
    grouping = any(call.entry is not None and "unsupervised" in call.entry.traits for call in makers)
    # What is made of the groups may be kept as well: only an object of a type is a model.
    values = [argument.value for call in file.playing(*KEEPING) for argument in call.arguments if argument.value.type]
    return grouping and not any(call.index in value.sources for value in values for call in makers)


def is_remote(call: Call) -> bool:
    """Say whether a call hands the training to a platform."""
    return call.entry is not None and "remote" in call.entry.traits
