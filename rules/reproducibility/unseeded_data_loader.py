"""A data loader shuffles or augments at random and nothing seeds it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.chance import draws_weights, feeds, is_held_out, is_only_shown
from xops_lint.diagnostic import Finding, Related
from xops_lint.edits import seeded
from xops_lint.model import Call, Facts, Project
from xops_lint.rule import Rule
from xops_lint.versions import may_use

RULE = Rule(
    code="XOP306",
    name="unseeded-data-loader",
    summary="A data loader shuffles or augments at random and nothing seeds it.",
    harm="Batches come in another order on every run, or every worker repeats the same random numbers.",
    remedy="Seed the library at the start of the program, or give the loader a seeded generator.",
    ops=("mlops",),
    exploration=True,
)


@RULE.project
def check_order(project: Project) -> Iterator[Finding]:
    """Report shuffling loaders that feed training, unless weights are left to the same chance."""
    for file, call in project.shown.left_to_chance("data_loader"):
        if is_held_out(file, call) or is_only_shown(project, file, call):
            continue
        programs = [entry for entry in project.entries_running(file, call) if not entry.context.test]
        if not any(trains_stored_weights(project, entry, call) for entry in programs):
            continue
        seed = call.argument("seed")
        spelling = call.spelling("seed")
        fix = seeded(file, call)
        if seed is None:
            yield RULE.at(call, f"shuffles at random and no `{spelling}` pins the order", path=file.path, fix=fix)
        else:
            yield RULE.at(seed, f"`{spelling}=None` leaves the order to chance", path=file.path, fix=fix)


@RULE.project
def check_workers(project: Project) -> Iterator[Finding]:
    """Report worker processes that all start with the same state of a generator, in versions that let them."""
    for file, call in project.shown.calls("data_loader"):
        workers = call.value("workers")
        if not isinstance(workers, int) or workers == 0 or call.argument("worker_seed"):
            continue
        if not copies_state(project, file, call):
            continue
        for other, draw in project.calls_reached(file, "draw"):
            if draw.entry and call.entry and draw.entry.draws != call.entry.draws and feeds(other, draw):
                related = (Related(draw.range, "drawn here in every worker", other.path),)
                family = draw.entry.draws
                message = f"starts {workers} workers that draw the same numbers from `{family}`"
                yield RULE.at(call, message, path=file.path, related=related)
                break


def trains_stored_weights(project: Project, entry: Facts, loader: Call) -> bool:
    """Say whether a program trains and draws no first weights, whose seed would pin the order as well."""
    if not project.may_fit(entry):
        return False
    family = loader.entry.draws if loader.entry else None
    made = (call for _, call in project.calls_reached(entry, "estimator") if draws_weights(call))
    return not any(call.entry is not None and call.entry.draws == family for call in made)


def copies_state(project: Project, file: Facts, loader: Call) -> bool:
    """Say whether the version in use is certainly older than the one that seeds every worker."""
    since = loader.entry.safe_since if loader.entry else None
    return since is not None and may_use(project.dependencies, file, since[0], f">={since[1]}") is False
