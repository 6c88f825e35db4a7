"""Reads files again that use what other modules of the project make or do, once it is known what that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from xops_lint import supplying
from xops_lint.examination import Job, Outcome, Task
from xops_lint.examining import Examiner
from xops_lint.facts import Facts
from xops_lint.helpers import Helper, Known
from xops_lint.modules import Modules

_ROUNDS: Final = 3
"""What is handed on through more modules than this is given up."""


def linked(job: Job, tasks: Sequence[Task], outcomes: Sequence[Outcome], examiner: Examiner) -> list[Outcome]:
    """Return the outcomes, those of files anew that import an estimator, or functions that handle data."""
    found = list(outcomes)
    acquaintances = Acquaintances()
    before: Mapping[str, Known] = {}
    for _ in range(_ROUNDS):
        known = acquaintances.learn([each.facts for each in found if each.facts is not None])
        again = [index for index, task in enumerate(tasks) if known.get(task.file.path) != before.get(task.file.path)]
        if not again:
            break
        before = known
        chosen = [tasks[index] for index in again]
        work = examiner.examined(replace(job, known=known), chosen, lambda done, total: None)
        for index, outcome in zip(again, work):
            found[index] = outcome
    return found


@dataclass
class Acquaintances:
    """What the files of a project know of its other modules; what they import of which is found out once."""

    uses: dict[str, Sequence[_Use]] = field(default_factory=dict)

    def learn(self, facts: Sequence[Facts]) -> Mapping[str, Known]:
        """Return what files know, by path, once these are the facts of all; those that know nothing are left out."""
        configs = {path: Known(supplied=each) for path, each in supplying.supplied(facts).items()}
        files = {each.path: each for each in facts if each.python}
        telling = {path for path, each in files.items() if each.has("made", "helpers")}
        if telling and not self.uses:
            modules = Modules(tuple(files.values()))
            self.uses = {path: used for path, each in files.items() if (used := tuple(_uses(modules, each)))}
        using = (path for path, used in self.uses.items() if any(each.source in telling for each in used))
        known = ((path, _known(files[path], self.uses[path], files)) for path in using)
        return configs | {path: each for path, each in known if each}


class _Use(NamedTuple):
    """An import of a module of the project; ``held`` is what is imported of it, nothing if it is the module itself."""

    target: str
    source: str
    held: str


def _uses(modules: Modules, facts: Facts) -> Iterator[_Use]:
    """Yield what a file imports of other modules."""
    for imported in facts.imports:
        parent, _, last = imported.target.rpartition(".")
        source = modules.find(parent, facts) if parent and not imported.star else None
        if source is not None and source is not facts:
            yield _Use(imported.target, source.path, last)
        module = modules.find(imported.target, facts)
        if module is not None and module is not facts:
            yield _Use(imported.target, module.path, "")


def _known(facts: Facts, uses: Sequence[_Use], files: Mapping[str, Facts]) -> Known:
    """Return what a file imports that is there to be fitted, and the functions that handle data for it."""
    types: dict[str, str] = {}
    helpers: dict[str, Helper] = {}
    for name, source, held in _imported(facts, uses, files):
        for each in (held, f"{held}()"):
            if each in source.made:
                types[name + each.removeprefix(held)] = source.made[each]
        for each, helper in source.helpers.items():
            # A class brings its methods with it.
            if each == held or each.startswith(f"{held}."):
                helpers[name + each.removeprefix(held)] = helper
    return Known(types, helpers)


def _imported(facts: Facts, uses: Sequence[_Use], files: Mapping[str, Facts]) -> Iterator[tuple[str, Facts, str]]:
    """Yield names of other modules as a file spells them, with their module and what they are called there."""
    used = frozenset[str]().union(*facts.references.values())
    for use in uses:
        source = files[use.source]
        if use.held:
            yield use.target, source, use.held
        else:
            for held in sorted({each.partition(".")[0].removesuffix("()") for each in (*source.made, *source.helpers)}):
                if f"{use.target}.{held}" in used:
                    yield f"{use.target}.{held}", source, held
