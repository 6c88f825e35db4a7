"""Takes the outcome of files from the cache where nothing that it depends on has changed, and keeps the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import NamedTuple

from xops_lint import declaring
from xops_lint.cache import codec, entries, keys
from xops_lint.cache.contents import Contents
from xops_lint.cache.literals import Foreign, Unstorable
from xops_lint.cache.store import Store, digest
from xops_lint.dependencies import Dependencies
from xops_lint.discovery import FoundFile
from xops_lint.examination import Job, Outcome, Task, examine, has, lost
from xops_lint.examining import Examiner, spread
from xops_lint.helpers import Helper
from xops_lint.pool import Progress
from xops_lint.settings import Settings


class Fresh(NamedTuple):
    """An outcome that was found out in this run, and how it is kept; from another process without its facts."""

    outcome: Outcome
    facts: bytes | None = None
    findings: bytes | None = None


class _Keys(NamedTuple):
    """Under which keys a file's facts and findings are kept, and in which pack."""

    pack: str
    facts: str
    findings: str


@dataclass
class FileCache(Examiner):
    """The results of single files. ``known`` and ``asked`` count how many were there, of how many.

    ``trusted`` is False where the cache has turned out to be somebody else's: nothing is read then.
    ``program`` tells what reads and judges files from every other such program.
    """

    store: Store
    settings: Settings
    contents: Contents
    trusted: bool = True
    known: int = 0
    asked: int = 0
    program: Callable[[], str] = keys.program
    _tables: dict[int, tuple[object, str]] = field(default_factory=dict)

    def examined(self, job: Job, tasks: Sequence[Task], progress: Progress) -> list[Outcome]:
        """Return the outcome of every file, in order."""
        wanted = [self._keys(job, task) for task in tasks]
        outcomes = [self._kept(job, task, key) if key else None for task, key in zip(tasks, wanted)]
        missing = [index for index, outcome in enumerate(outcomes) if outcome is None]
        self.asked += len(tasks)
        self.known += len(tasks) - len(missing)
        work = partial(_examine_and_write, job, os.getpid())
        fresh = spread(work, partial(_lost, job), job, [tasks[index] for index in missing], progress)
        for index, made in zip(missing, fresh):
            outcomes[index] = self._keep(tasks[index], wanted[index], made)
        return [outcome for outcome in outcomes if outcome is not None]

    def dependencies(self, job: Job, files: Sequence[FoundFile]) -> Dependencies | None:
        """Return what configs declare to depend on."""
        parts = [f"{file.path} {self.contents.of(file)}".encode("utf-8", "surrogatepass") for file in files]
        key = digest(b"dependencies", self._base, *parts)
        data = self.store.get(_DEPENDENCIES, key) if self.trusted else None
        if data is not None:
            with suppress(Foreign):
                kept: Dependencies = codec.decode(bytes(data), Dependencies)
                return kept
        found = declaring.dependencies(job, files)
        if found is not None and all(self.contents.of(file) for file in files) and self._still(files):
            self.store.put(_DEPENDENCIES, key, codec.encode(found, Dependencies))
        return found

    def distrust(self) -> None:
        """Take nothing more from where results are kept."""
        self.trusted = False

    def close(self) -> str:
        """Keep what was found out; return in words what was known before."""
        self.store.save()
        words = f"{self.known} of {self.asked} files known from {self.store.folder}"
        return self.store.trouble or words

    def _still(self, files: Sequence[FoundFile]) -> bool:
        return self.contents.unchanged(file for file in files if file.path not in self.contents.given)

    def _kept(self, job: Job, task: Task, key: _Keys) -> Outcome | None:
        """Return the outcome that is kept of a file, None if there is none that holds."""
        data = self.store.get(key.pack, key.facts) if self.trusted else None
        facts = entries.read_facts(data) if data is not None else None
        if facts is None or any(has(job, path) != present for path, present in facts.looked):
            return None
        if not task.shown:
            return Outcome(task.file.path, facts=facts.facts, written=facts.written)
        data = self.store.get(key.pack, key.findings)
        findings = entries.read_findings(data) if data is not None else None
        if findings is None:
            return None
        return Outcome(task.file.path, findings.judged, facts.facts, facts.written, findings.skipped, findings.checked)

    def _keep(self, task: Task, key: _Keys | None, fresh: Fresh) -> Outcome:
        outcome = fresh.outcome
        # A file that has changed since its content was looked at is kept by nobody.
        if key is not None and fresh.facts is not None and outcome.digest == self.contents.of(task.file):
            self.store.put(key.pack, key.facts, fresh.facts)
            if fresh.findings is not None:
                self.store.put(key.pack, key.findings, fresh.findings)
        if outcome.facts is None and fresh.facts is not None:
            facts = entries.read_facts(memoryview(fresh.facts))
            if facts is not None:
                return replace(outcome, facts=facts.facts, written=facts.written)
        return outcome

    def _keys(self, job: Job, task: Task) -> _Keys | None:
        """Return the keys of a file; None if it cannot be read now."""
        content = self.contents.of(task.file)
        if not content:
            return None
        path, settings = task.file.path, job.settings
        context = settings.context(path)
        words = (
            path,
            task.file.language,
            content,
            context.profile,
            f"{context.test:d}{context.example:d}",
            self._spelled(settings.options_for(path)),
            self._acquainted(job, path),
            # What a notebook writes is judged by the settings for other paths.
            self._settings if task.file.language == "notebook" else "",
        )
        facts = digest(self._base, self._around(job), *(word.encode("utf-8", "surrogatepass") for word in words))
        enabled = settings.enabled(path, context, job.registry)
        silenced = repr(tuple(settings.silences(path))).encode("utf-8", "backslashreplace")
        active = b"%d" % job.policy.active
        findings = digest(facts.encode(), self._rules, self._spelled(enabled).encode(), active, silenced)
        return _Keys(digest(path.encode("utf-8", "surrogatepass"), size=1)[0], facts, findings if task.shown else "")

    def _acquainted(self, job: Job, path: str) -> str:
        """Return what tells of all that a file knows of other modules."""
        known = job.known.get(path)
        if known is None:
            return ""
        # One by one: whether two of them share an object depends on where they come from.
        helpers = (f"{name} {self._digest(each)}" for name, each in sorted(known.helpers.items()))
        return "\n".join((repr(sorted(known.types.items())), repr(known.supplied), *helpers))

    def _digest(self, helper: Helper) -> str:
        """Return what tells a function of other modules from others: many files know the same ones."""
        return self._told(helper, lambda: digest(codec.encode(helper, Helper)))

    @cached_property
    def _base(self) -> bytes:
        return digest(self.program().encode(), keys.catalog(self.settings).encode()).encode()

    @cached_property
    def _settings(self) -> str:
        return keys.settings(self.settings)

    @cached_property
    def _rules(self) -> bytes:
        return keys.packs(self.settings).encode()

    def _around(self, job: Job) -> bytes:
        """Return what tells of all that the project declares to depend on."""
        declared = job.dependencies
        return self._told(declared, lambda: digest(codec.encode(declared, Dependencies)) if declared else "").encode()

    def _spelled(self, table: Mapping[str, object]) -> str:
        return self._told(table, lambda: repr(sorted(table.items())))

    def _told(self, value: object, tell: Callable[[], str]) -> str:
        """Return what tells a value from others; the same ones are asked for with every file."""
        if id(value) not in self._tables:
            # It is held, so that no other value can get its identity.
            self._tables[id(value)] = (value, tell())
        return self._tables[id(value)][1]


_DEPENDENCIES = "d"


def _examine_and_write(job: Job, parent: int, task: Task) -> Fresh:
    """Examine a file and write down what comes of it; what failed is not kept."""
    outcome = examine(job, task)
    if outcome.judged.failed or not outcome.digest:
        return Fresh(outcome)
    try:
        facts = entries.write_facts(outcome)
        findings = entries.write_findings(outcome) if task.shown else None
    except Unstorable:
        return Fresh(outcome)
    if os.getpid() == parent:
        return Fresh(outcome, facts, findings)
    # What is written travels faster between processes than what it is written of.
    return Fresh(replace(outcome, facts=None, written=()), facts, findings)


def _lost(job: Job, task: Task) -> Fresh:
    return Fresh(lost(job, task))
