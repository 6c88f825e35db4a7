"""Reads files again that use what other modules of the project make, once it is known what that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from xops_lint import pool
from xops_lint.examination import Job, Outcome, Task, examine, lost
from xops_lint.facts import Facts
from xops_lint.project import Project


def linked(job: Job, tasks: Sequence[Task], outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return the outcomes, those of files anew that import an estimator or what makes one."""
    facts = [outcome.facts for outcome in outcomes if outcome.facts is not None]
    found = list(outcomes)
    if not any(each.made for each in facts):
        return found
    project = Project(str(job.settings.root), facts)
    known = {each.path: names for each in facts if each.python and (names := dict(_known(project, each)))}
    again = [index for index, task in enumerate(tasks) if task.file.path in known]
    job = replace(job, known=known)
    chosen = [tasks[index] for index in again]
    work = pool.spread(partial(examine, job), partial(lost, job), chosen, job.settings.jobs, lambda done, total: None)
    for index, outcome in zip(again, work):
        found[index] = outcome
    return found


def _known(project: Project, facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the names in a file that other modules give something to be fitted, each with its type."""
    for imported in facts.imports:
        parent, _, last = imported.target.rpartition(".")
        source = project.module(parent, facts) if parent and not imported.star else None
        for name in (last, f"{last}()") if source is not None and source is not facts else ():
            if source is not None and name in source.made:
                yield f"{parent}.{name}", source.made[name]
        module = project.module(imported.target, facts)
        if module is not None and module is not facts and module.made:
            used = frozenset[str]().union(*facts.references.values())
            for name, type in module.made.items():
                if f"{imported.target}.{name.removesuffix('()')}" in used:
                    yield f"{imported.target}.{name}", type
