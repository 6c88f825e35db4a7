"""Runs the checks of an audit: findings as in any run, and beside them what each rule looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from xops_lint import collecting, declaring, engine, examination, pool, runner, witness
from xops_lint.audit import Audit, Check
from xops_lint.collecting import Collected
from xops_lint.diagnostic import Diagnostic
from xops_lint.discovery import FoundFile
from xops_lint.examination import Job
from xops_lint.registry import Registry
from xops_lint.report import Report
from xops_lint.rule import Rule
from xops_lint.settings import Settings
from xops_lint.suppressions import Policy
from xops_lint.text import Place, Range
from xops_lint.witness import Evidence, Look

_MOST = 3
"""So many places are kept as evidence for a check."""

Looks = Mapping[str, Look]
"""What rules looked at, by code."""


def audit(
    files: Sequence[FoundFile],
    project_files: Sequence[FoundFile],
    settings: Settings,
    registry: Registry,
    progress: pool.Progress | None = None,
) -> tuple[Audit, Report]:
    """Return the scorecard of files within their project, and the report that it rests on."""
    report = runner.run(files, settings, registry, project_files=project_files, progress=progress)
    enabled = {code for file in files for code in _enabled(file.path, settings, registry)}
    rules = [rule for code, rule in sorted(registry.rules.items()) if code in enabled and rule.principle != "tool"]
    collected = collecting.collect(
        tuple({file.path: file for file in (*project_files, *files)}.values()), settings, registry
    )
    looks = _together([*_in_files(files, settings, registry), _in_project(rules, collected)])
    name = settings.root.name or str(settings.root)
    return Audit(name, tuple(_checks(rules, report, looks)), report.checked), report


def _checks(rules: Iterable[Rule], report: Report, looks: Looks) -> Iterable[Check]:
    broken, accepted = defaultdict[str, list[Diagnostic]](list), defaultdict[str, list[Diagnostic]](list)
    for found in (*report.diagnostics, *report.baselined):
        broken[found.code].append(found)
    for found in report.suppressed:
        # What is silenced without a word is no decision that anybody could defend.
        (accepted if found.suppressed else broken)[found.code].append(found)
    for rule in rules:
        look = looks.get(rule.code, Look())
        evidence = tuple(look.places or look.files)
        yield Check(rule, tuple(broken[rule.code]), tuple(accepted[rule.code]), evidence, look.looked)


def _enabled(path: str, settings: Settings, registry: Registry) -> Iterable[str]:
    return settings.enabled(path, settings.context(path), registry)


def _in_files(files: Sequence[FoundFile], settings: Settings, registry: Registry) -> list[Looks]:
    """Return what rules look at in files by themselves."""
    job = Job(settings, registry, Policy())
    job = replace(job, dependencies=declaring.dependencies(job, declaring.files(files)))
    return pool.spread(partial(_look, job), lambda file: {}, files, settings.jobs, lambda done, total: None)


def _look(job: Job, file: FoundFile) -> Looks:
    document = examination.read(job, file)
    enabled = _enabled(file.path, job.settings, job.registry)
    evidence = Evidence(_MOST)
    seen = witness.watched(document)
    for code in enabled:
        rule = job.registry.rules[code]
        if rule.principle != "tool":
            looked = evidence.of(code)
            if rule.notebook_checks and document.language == "notebook":
                looked(file.path, witness.WHOLE)
            with witness.telling(looked):
                for check in engine.checks(rule, seen):
                    engine.guarded(check)
    return evidence.looks(lambda path, where: document.place(where))


def _in_project(rules: Sequence[Rule], collected: Collected) -> Looks:
    """Return what rules look at across files."""
    evidence = Evidence(_MOST)
    project = witness.watched_project(collected.project)
    for rule in rules:
        with witness.telling(evidence.of(rule.code)):
            for check in rule.project_checks:
                engine.guarded(partial(check, project))

    def place(path: str, where: Range) -> Place:
        document = collected.document(path)
        return document.place(where) if document is not None else Place(path, 1, 1, 1, 1)

    return evidence.looks(place)


def _together(looks: Iterable[Looks]) -> Looks:
    found: dict[str, Look] = {}
    for each in looks:
        for code, look in each.items():
            found[code] = found[code].joined(look, _MOST) if code in found else look
    return found
