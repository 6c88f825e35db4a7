"""Whether a rule gets to see a file at all: what is left out, what it reads, what is silenced there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from xops_lint import baseline_place, baselining, directives, discovery, examination
from xops_lint.code import PythonFile
from xops_lint.config import ConfigFile
from xops_lint.discovery import FoundFile
from xops_lint.document import Document
from xops_lint.examination import Job
from xops_lint.file_names import language_of
from xops_lint.gitignore import files_above, ignores_above
from xops_lint.patterns import compiled, matches
from xops_lint.reasons import Reason
from xops_lint.registry import Registry
from xops_lint.rule import Rule
from xops_lint.settings import Settings
from xops_lint.suppressions import Policy

LEFT_OUT = "left out"
UNSEEN = "unseen"
"""The topics of reasons for which a rule that is on finds nothing in a file."""


def looks(rule: Rule, file: Path, settings: Settings, registry: Registry) -> tuple[Reason, ...]:
    """Return what keeps a rule from a file, and what keeps its findings from a report."""
    path = discovery.relative(file, settings.root)
    language = language_of(path)
    reasons = [*_left_out(path, file, settings)]
    if language is None:
        return (*reasons, Reason(UNSEEN, "the file is of no kind that is linted"))
    job = Job(settings, registry, Policy())
    document = examination.read(job, FoundFile(path, file, language, explicit=True))
    reasons += _unseen(rule, document)
    reasons += _silenced(rule, document, settings, registry)
    return tuple(reasons)


def _left_out(path: str, file: Path, settings: Settings) -> Iterator[Reason]:
    """Yield what leaves a file out of a run that does not name it, or of any if the settings say so."""
    when = "" if settings.force_exclude else ", unless it is named"
    for key, patterns in (("exclude", settings.exclude), ("extend-exclude", settings.extend_exclude)):
        for pattern in patterns:
            if compiled(pattern).verdict(path) and discovery.excluded(path, settings):
                yield Reason(LEFT_OUT, f"by `{pattern}` of `{key}`{when}", settings.source_of(key))
    if settings.respect_gitignore and ignores_above(files_above(file.parent), file.as_posix()):
        yield Reason(LEFT_OUT, f"git ignores the file{when}", settings.source_of("respect-gitignore"))
    if settings.include and not matches(settings.include, path):
        yield Reason(LEFT_OUT, f"no pattern of `include` matches{when}", settings.source_of("include"))


def _unseen(rule: Rule, document: Document) -> Iterator[Reason]:
    for problem in document.problems:
        yield Reason(UNSEEN, f"the file cannot be read: {problem.message}")
    if rule.principle == "tool" or rule.text_checks:
        return
    if not _reads(rule, document):
        yield Reason(UNSEEN, f"the rule reads {_read_by(rule)}, and the file is {_taken_for(document)}")


def _reads(rule: Rule, document: Document) -> bool:
    """Say whether a rule has a check for a document; of those of whole projects nobody knows where they find."""
    if rule.project_checks:
        return True
    if isinstance(document, PythonFile):
        return bool(rule.python_checks or (rule.notebook_checks and document.cells))
    if not isinstance(document, ConfigFile):
        return False
    taken = {document.kind, *document.kinds}
    return any(not kinds or not kinds.isdisjoint(taken) for kinds, _ in rule.config_checks)


def _read_by(rule: Rule) -> str:
    """Return in words what a rule reads."""
    words = ["Python and notebooks"] if rule.python_checks else ["notebooks"] if rule.notebook_checks else []
    if any(not kinds for kinds, _ in rule.config_checks):
        words.append("every config")
    elif kinds := sorted({kind for kinds, _ in rule.config_checks for kind in kinds}):
        words.append(f"configs of the kind{'s' * (len(kinds) > 1)} {', '.join(kinds)}")
    return " and ".join(words)


def _taken_for(document: Document) -> str:
    if isinstance(document, ConfigFile):
        kinds = dict.fromkeys(kind for kind in document.kinds or [document.kind] if kind)
        named = f"the kind {', '.join(kinds)}" if kinds else "no known kind"
        return f"{document.language} of {named}"
    return "a notebook" if document.language == "notebook" else document.language.capitalize()


def _silenced(rule: Rule, document: Document, settings: Settings, registry: Registry) -> Iterator[Reason]:
    """Yield the suppressions of a rule in a file, and how many of its findings a baseline holds."""
    if rule.code in settings.locked_codes(registry):
        yield Reason("locked", "no comment suppresses it", settings.source_of("locked"))
    elif not settings.suppressions:
        yield Reason("comments", "suppress nothing", settings.source_of("suppressions"))
    else:
        for directive in directives.read(document, registry.rules).valid:
            if all(cover.code != rule.code for cover in directive.covers):
                continue
            place = discovery.relative(settings.root / directive.place.path, Path.cwd())
            expired = directive.until is not None and directive.until < date.today()
            word = "was suppressed" if expired else "is suppressed"
            until = f" until {directive.until}" if directive.until else ""
            cell = f"cell {directive.place.cell}:" if directive.place.cell else ""
            yield Reason("comment", f"it {word}{until} ({directive.form})", f"{place}:{cell}{directive.place.row}")
    file = baseline_place.place(settings)
    entries = baselining.known(file) if file is not None else frozenset()
    known = sum(entry.code == rule.code and entry.path == document.path for entry in entries)
    if known and file is not None:
        yield Reason("baseline", f"holds {known} of its findings here", discovery.relative(file, Path.cwd()))
