"""What chance decides in a project's programs, and what seeds it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from xops_lint.matching import regex

if TYPE_CHECKING:
    from xops_lint.call import Call
    from xops_lint.code import PythonFile
    from xops_lint.facts import Facts
    from xops_lint.project import Project

EXPERIMENT: Final = ("train", "estimator", "split_data", "load_data", "evaluate")
"""Roles of which a program must play one: chance elsewhere is nobody's experiment."""

_USES: Final = (
    "train",
    "preprocess",
    "resample",
    "split_data",
    "save_data",
    "data_loader",
    "evaluate",
    "cross_validate",
    "tune",
    "estimator",
)
"""Roles of calls that make a draw matter; what is only looked at does no harm."""

_LEAVING: Final = ("train", "tune", "cross_validate", "split_data", "resample", "save_data")
"""Roles of which a program plays one if something hangs on what its helpers draw."""


_FEEDING: Final = ("__getitem__", "__iter__", "__next__", "forward")
"""Methods that tell a class through which data flows to a model; of one that is called, only the call tells."""

NETWORKS: Final = frozenset({"torch", "tensorflow", "jax"})
"""Families that the code of networks draws from."""

_SEEDING: Final = regex(
    r"(?!.*(?:data|table|print|log|save|load|get|show|test))(?:.*seed|.*determinis|.*reproducib)", re.IGNORECASE
)
"""What a function is called that pins chance, and not one that fills a data base or shows a seed."""

_SETTING: Final = regex(r"_*(?:set|fix|init|apply)(?:_|[A-Z])")
"""What begins the name of a function that does so and gives back the seed as well."""

_TRAINING: Final = regex(r"train|fit|learn|run|step|optimi|loss|prepare", re.IGNORECASE)
"""What the name of a function tells that may train on what it is given."""


class Seeding(NamedTuple):
    """A place that seeds some families, its last call there, and the first draws it leaves to chance."""

    file: Facts
    call: Call
    covered: tuple[str, ...]
    missing: dict[str, tuple[Facts, Call]]


def sounds_like_seeding(call: Call) -> bool:
    """Say whether a call that nobody knows may seed, to judge by its name.

    A value that is kept may be the seed alone, unless the name says that it is set.
    A bare ``seed`` of an unknown object is mostly that of a simulation, which keeps
    a generator of its own.
    """
    name = call.name.rpartition(".")[2] or call.method
    if call.entry is not None or not _SEEDING.match(name) or (call.name, name) == ("", "seed"):
        return False
    return call.discarded or call.managed or bool(_SETTING.match(name))


def seeds(project: Project, entry: Facts, family: str) -> bool:
    """Say whether running an entry may seed a family's global generator.

    A seed that is None is none. A function of another distribution that the
    catalog does not know, and that is called for its seeding, may seed anything.
    """
    for file, call in project.calls_reached(entry):
        if call.entry is None:
            if sounds_like_seeding(call) and not _defined(project, file, call):
                return True
        elif family in call.entry.seeds and not starts_anew(call):
            return True
    return False


def pinned(project: Project, file: Facts, call: Call) -> bool:
    """Say whether every program in which a call matters seeds the generator it draws from."""
    family = call.entry.draws if call.entry else None
    return family is not None and all(project.seeds(entry, family) for entry in _concerned(project, file, call))


def _concerned(project: Project, file: Facts, call: Call) -> list[Facts]:
    """Return the programs in which it matters what a call draws.

    What tests do is no matter, unless the call is run by nothing else. Of code that
    training shares with others, those draw nothing or replace it by stored weights;
    only a split has to be the same wherever it is made.
    """
    entries = project.entries_running(file, call)
    programs = [entry for entry in entries if not entry.context.test] or entries
    training = [] if "split_data" in call.roles else [entry for entry in programs if project.may_fit(entry)]
    return training or programs


def _is_trial(project: Project, entry: Facts, file: Facts, call: Call) -> bool:
    """Say whether a call stands under the main guard of a module that others import: it tries the module."""
    guarded = file is entry and file.main and not call.scope
    return guarded and file.path in project.libraries and file.path not in project.started


def fits(project: Project, entry: Facts) -> bool:
    """Say whether an entry may fit a model in its own process.

    Gradients without an optimiser fit none: attacks, pictures of what a network looks
    at and quick trials of a layer take them as well. A search may look for anything;
    what its trials fit tells.
    """
    fitting = [call for _, call in project.calls_reached(entry, "train") if not _is_remote(call)]
    if any("gradient" not in call.roles for call in fitting):
        return True
    return bool(fitting) and any(call.optimises for _, call in project.calls_reached(entry))


def _is_remote(call: Call) -> bool:
    return call.entry is not None and "remote" in call.entry.traits


def is_experiment(project: Project, entry: Facts) -> bool:
    """Say whether a program works on data or models."""
    return next(project.calls_reached(entry, *EXPERIMENT), None) is not None


def first_draws(project: Project, entry: Facts) -> dict[str, tuple[Facts, Call]]:
    """Return the first draw of each family that an entry may run, its own file's first.

    First weights, and what a class draws to feed a model, matter only where a model
    is trained: elsewhere saved weights replace them. So does what the code of a
    network, in files of its own, draws: dropout and the like.
    """
    trains = project.may_fit(entry)
    found: dict[str, tuple[Facts, Call]] = {}
    for file, call in sorted(project.calls_reached(entry, "draw", "estimator"), key=lambda pair: pair[0] is not entry):
        family = call.entry.draws if call.entry else None
        if family is None or family in found or file.context.test or _is_trial(project, entry, file, call):
            continue
        if draws_weights(call):
            counts = trains
        elif feeds(file, call) or _initialises(call):
            counts = trains and call.unseeded()
        else:
            shared = file is not entry and not trains and family in NETWORKS
            counts = "draw" in call.roles and not shared and call.unseeded() and matters(project, file, call)
        if counts and (trains or file is entry or entry in _concerned(project, file, call)):
            found[family] = (file, call)
    return _of_one_framework(project, entry, found)


def _of_one_framework(
    project: Project, entry: Facts, draws: dict[str, tuple[Facts, Call]]
) -> dict[str, tuple[Facts, Call]]:
    """Return the draws without those of frameworks beside the one that a program seeds and trains with.

    Code for another framework, in files of its own, is mostly there to export a model.
    """
    seeded = [family for family in draws if family in NETWORKS and project.seeds(entry, family)]
    beside = NETWORKS.difference(seeded) if seeded else frozenset()
    return {family: draw for family, draw in draws.items() if family not in beside or draw[0] is entry}


def _initialises(call: Call) -> bool:
    return call.entry is not None and "initialiser" in call.entry.traits


def draws_weights(call: Call) -> bool:
    """Say whether a call makes a model whose first weights are drawn for certain."""
    if call.entry is None or "estimator" not in call.roles or call.takes("seed"):
        return False
    return call.entry.draws is not None and (call.entry.chance is False or call.by_chance() is True)


def partial_seedings(project: Project, entry: Facts) -> Iterator[Seeding]:
    """Yield the places where running an entry seeds several families, but not all it draws from."""
    places: dict[tuple[str, str], list[Call]] = {}
    for file, call in project.calls_reached(entry, "seed"):
        if call.entry and call.entry.seeds and not file.context.test and not starts_anew(call):
            places.setdefault((file.path, call.scope), []).append(call)
    drawn = first_draws(project, entry)
    for (path, _), calls in places.items():
        covered = dict.fromkeys(family for call in calls if call.entry for family in call.entry.seeds)
        missing = {family: draw for family, draw in drawn.items() if not project.seeds(entry, family)}
        if len(calls) > 1 and len(covered) > 1 and missing:
            yield Seeding(project.files[path], calls[-1], tuple(covered), missing)


def matters(project: Project, file: Facts, call: Call) -> bool:
    """Say whether what a call draws goes into data, models or scores, as far as is known.

    It does if it flows there within the file, reorders something in place, or is given
    back to a program in another file that leaves something behind. Letters make names,
    and a drawn seed is no result.
    """
    if _draws_letters(file, call) or any("seed" in use.roles and call.index in use.data for use in file.calls):
        return False
    if _in_place(call):
        return True
    running = project.entries_running(file, call)
    trained = any(project.may_fit(entry) for entry in running)
    if any(_uses(file, use, call) for use in file.calls if trained or "gradient" not in use.roles):
        return True
    if call.index not in file.returned.get(call.scope, ()):
        return False
    leaving = any(next(project.calls_reached(entry, *_LEAVING), None) for entry in running)
    return leaving and all(entry is not file for entry in running)


def feeds(file: Facts | PythonFile, call: Call) -> bool:
    """Say whether a call stands in a class through which data flows to a model."""
    owner = call.scope.rpartition(".")[0]
    methods = {definition.name for definition in file.definitions}
    if not owner or any(f"{owner}.{method}" in methods for method in _FEEDING):
        return bool(owner)
    called = f"{owner}.__call__"
    uses = file.references.get(called, frozenset())
    return called in methods and (call.scope == called or f"{file.module}.{call.scope}" in uses)


def is_held_out(file: Facts, loader: Call) -> bool:
    """Say whether the loader's rows are scored and, as far as is known, never learned from."""
    scored = any(loader.index in use.data for use in file.playing("predict", "evaluate"))
    for use in file.playing("train"):
        held_out = use.argument("evaluation_data")
        if held_out is not None and loader.index in held_out.value.sources:
            scored = True
        elif loader.index in use.flowing:
            return False
    return scored


def is_only_shown(project: Project, file: Facts, loader: Call) -> bool:
    """Say whether a program's own lines make a loader and only look at its rows.

    What takes the rows and may train for all that is known speaks against it.
    """
    uses = [use for use in file.calls if loader.index in use.flowing and use is not loader]
    return not loader.scope and bool(uses) and not any(_may_train(project, file, use) for use in uses)


def _may_train(project: Project, file: Facts, use: Call) -> bool:
    name = use.name.rpartition(".")[2] or use.method
    if use.entry is not None:
        return bool(use.roles & {"train", "predict", "gradient", "tune"}) or bool(_TRAINING.search(name))
    return not name or bool(_TRAINING.search(name)) or _defined(project, file, use)


def _uses(file: Facts, use: Call, call: Call) -> bool:
    """Say whether one call takes what another draws to where it matters."""
    if use is call or call.index not in file.inflow(use):
        return False
    if _in_place(use):
        return True
    if use.roles == {"evaluate"}:
        # A score of nothing but drawn numbers only shows how to call it.
        return not use.data <= {draw.index for draw in file.playing("draw")}
    # Without a path, a writer returns text.
    written = use.roles != {"save_data"} or not use.takes("path") or use.argument("path") is not None
    return written and not use.roles.isdisjoint(_USES)


def _in_place(call: Call) -> bool:
    return call.entry is not None and "in_place" in call.entry.traits


def _draws_letters(file: Facts, call: Call) -> bool:
    first = call.positional(0)
    if first is not None and (first.value.string is not None or first.value.name.startswith("string.")):
        return True
    joins = (use for use in file.calls if use.method == "join" and call.index in use.data)
    return any(use.receiver is not None and use.receiver.string is not None for use in joins)


def starts_anew(call: Call) -> bool:
    """Say whether a call seeds from the system's entropy: its seed is None."""
    return "seed" in call.roles and call.takes("seed") and call.value("seed") is None


def _defined(project: Project, file: Facts, call: Call) -> bool:
    """Say whether the project holds the called function, so that its body tells what it seeds."""
    found = project.resolve(call.name, file) if call.name else None
    return found is not None and found[1] != ""
