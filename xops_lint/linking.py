"""Reads files again that use what other modules of the project make or do, once it is known what that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from xops_lint import supplying
from xops_lint.examination import Job, Outcome, Task
from xops_lint.examining import Examiner
from xops_lint.facts import Facts
from xops_lint.helpers import Helper, Known
from xops_lint.project import Project

_ROUNDS: Final = 3
"""What is handed on through more modules than this is given up."""


def linked(job: Job, tasks: Sequence[Task], outcomes: Sequence[Outcome], examiner: Examiner) -> list[Outcome]:
    """Return the outcomes, those of files anew that import an estimator, or functions that handle data."""
    found = list(outcomes)
    before: Mapping[str, Known] = {}
    for _ in range(_ROUNDS):
        known = acquaintances(str(job.settings.root), [each.facts for each in found if each.facts is not None])
        again = [index for index, task in enumerate(tasks) if known.get(task.file.path) != before.get(task.file.path)]
        if not again:
            break
        before = known
        chosen = [tasks[index] for index in again]
        work = examiner.examined(replace(job, known=known), chosen, lambda done, total: None)
        for index, outcome in zip(again, work):
            found[index] = outcome
    return found


def acquaintances(root: str, facts: Sequence[Facts]) -> dict[str, Known]:
    """Return what the files of a project know of its other modules, by path; those that know nothing are left out."""
    configs = {path: Known(supplied=each) for path, each in supplying.supplied(facts).items()}
    if not any(each.made or each.helpers for each in facts):
        return configs
    project = Project(root, facts)
    known = ((each.path, _known(project, each)) for each in facts if each.python)
    return configs | {path: each for path, each in known if each}


def _known(project: Project, facts: Facts) -> Known:
    """Return what a file imports that is there to be fitted, and the functions that handle data for it."""
    types: dict[str, str] = {}
    helpers: dict[str, Helper] = {}
    for name, source, held in _imported(project, facts):
        for each in (held, f"{held}()"):
            if each in source.made:
                types[name + each.removeprefix(held)] = source.made[each]
        for each, helper in source.helpers.items():
            # A class brings its methods with it.
            if each == held or each.startswith(f"{held}."):
                helpers[name + each.removeprefix(held)] = helper
    return Known(types, helpers)


def _imported(project: Project, facts: Facts) -> Iterator[tuple[str, Facts, str]]:
    """Yield names of other modules as a file spells them, with their module and what they are called there."""
    used = frozenset[str]().union(*facts.references.values())
    for imported in facts.imports:
        parent, _, last = imported.target.rpartition(".")
        source = project.module(parent, facts) if parent and not imported.star else None
        if source is not None and source is not facts:
            yield imported.target, source, last
        module = project.module(imported.target, facts)
        if module is not None and module is not facts:
            for held in sorted({each.partition(".")[0].removesuffix("()") for each in (*module.made, *module.helpers)}):
                if f"{imported.target}.{held}" in used:
                    yield f"{imported.target}.{held}", module, held
