"""Lints many repositories on whatever executes calls: processes of this machine or workers of a cluster."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, as_completed
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from xops_lint import discovery, engine, registry, runner, settings_check, settings_loading
from xops_lint.engine import Failure
from xops_lint.exceptions import PathError, XopsError
from xops_lint.matching import regex
from xops_lint.report import Report
from xops_lint.reporters._shared import as_json
from xops_lint.settings_loading import CommandLine

_ADDRESS: Final = regex(r"(?:https?|ssh|git|file)://|[\w.-]+@[\w.-]+:")
_PATIENCE_SECONDS: Final = 900


class Repository(NamedTuple):
    """A repository to lint: what it is called in reports, and its folder or address."""

    name: str
    place: str


class Order(NamedTuple):
    """How repositories are judged: by one settings file, by their own (``own``), or by the defaults."""

    config: Path | None = None
    own: bool = False
    preview: bool = False


class Outcome(NamedTuple):
    """What came of one repository: findings as JSON has them, or the error that hindered it."""

    repository: Repository
    findings: tuple[dict[str, Any], ...] = ()
    files: int = 0
    suppressed: int = 0
    skipped: int = 0
    error: str = ""
    seconds: float = 0.0


def listed(text: str, folder: Path) -> list[Repository]:
    """Return the repositories of a list: one a line, paths from ``folder``; what follows `#` is a remark."""
    found: list[Repository] = []
    for line in text.splitlines():
        place = re.sub(r"(?:^|\s)#.*", "", line).strip()
        if place:
            address = _ADDRESS.match(place) is not None
            found.append(Repository(_name(place, found), place if address else os.path.abspath(folder / place)))
    return found


def run(
    repositories: Sequence[Repository],
    order: Order,
    executor: Callable[[], Executor],
    done: Callable[[Outcome], None],
) -> list[Outcome]:
    """Lint all repositories, and return what came of each, in order; ``done`` is told of each when it is.

    What is lost with the process that worked on it is done once more, by itself: its neighbours
    may have been to blame. ``executor`` makes whatever executes calls.
    """
    found: dict[str, Outcome] = {}
    with executor() as running:
        calls = {running.submit(lint, each, order): each for each in repositories}
        for call in as_completed(calls):
            if call.exception() is None:
                found[calls[call].name] = call.result()
                done(found[calls[call].name])
    for each in repositories:
        if each.name not in found:
            with executor() as running:
                call = running.submit(lint, each, order)
                lost = call.exception()
                outcome = call.result() if lost is None else Outcome(each, error=f"lost twice: {_told(lost)}")
            found[each.name] = outcome
            done(outcome)
    return [found[each.name] for each in repositories]


def lint(repository: Repository, order: Order) -> Outcome:
    """Lint one repository in this process; what hinders it becomes the outcome's error."""
    started = time.perf_counter()
    try:
        with _folder(repository) as folder:
            made = engine.guarded(lambda: [_report(folder, order)])
        outcome = Outcome(repository, error=made.message) if isinstance(made, Failure) else _of(repository, made[0])
    except XopsError as error:
        outcome = Outcome(repository, error=str(error))
    return outcome._replace(seconds=time.perf_counter() - started)


def _report(folder: Path, order: Order) -> Report:
    choices: dict[str, Any] = {"cache": False, "jobs": 1, **({"preview": True} if order.preview else {})}
    settings = settings_loading.load(
        (folder,),
        config=order.config,
        isolated=order.config is None and not order.own,
        command_line=CommandLine(choices),
    )
    if not order.own:
        settings = replace(settings, root=folder, anchored=True)
    rules = registry.load(settings.rule_paths)
    settings_check.check(settings, rules)
    found = discovery.find((folder,), settings)
    report = runner.run(found.files, settings, rules, project_files=discovery.project(found, (folder,), settings))
    return report.with_notices(found.skipped)


def _of(repository: Repository, report: Report) -> Outcome:
    return Outcome(
        repository,
        tuple(as_json(each) for each in report.diagnostics),
        report.checked,
        len(report.suppressed),
        len(report.skipped),
        error="a rule or a reader failed, so findings may be missing" if report.failed else "",
    )


@contextmanager
def _folder(repository: Repository) -> Iterator[Path]:
    """Give the folder of a repository; of one with an address that of a clone, which is gone afterwards."""
    if not _ADDRESS.match(repository.place):
        folder = Path(repository.place)
        if not folder.is_dir():
            raise PathError(f"{repository.place}: no such folder")
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="xops-lint-") as made:
        # Its real path, so that a name which is a link elsewhere does not tell two roots apart.
        folder = Path(made).resolve() / repository.name
        _clone(repository.place, folder)
        yield folder


def _clone(address: str, folder: Path) -> None:
    """Clone the last commit of a repository; nobody is asked for a password, and nothing of it is run."""
    command = ["git", "-c", "core.hooksPath=", "-c", "protocol.ext.allow=never", "clone", "--quiet", "--depth", "1"]
    variables = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_LFS_SKIP_SMUDGE": "1"}
    try:
        subprocess.run(
            [*command, "--", address, str(folder)],
            check=True,
            capture_output=True,
            timeout=_PATIENCE_SECONDS,
            env=variables,
            encoding="utf-8",
            errors="replace",
        )
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip().splitlines() or ["git gave no reason"])[-1]
        raise PathError(f"{address}: cannot be cloned: {last}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PathError(f"{address}: cannot be cloned: {_told(error)}") from error


def _name(place: str, known: Sequence[Repository]) -> str:
    """Return what a repository is called: the end of its address, told apart from others of the same end."""
    last = re.split(r"[/:\\]", place.rstrip("/\\").removesuffix(".git"))[-1]
    name = re.sub(r"[^\w.+-]", "-", last).lstrip(".") or "repository"
    taken = {each.name for each in known}
    return next(each for each in (name, *(f"{name}-{n}" for n in range(2, len(known) + 3))) if each not in taken)


def _told(error: BaseException) -> str:
    return " ".join(f"{error.__class__.__name__}: {error}".split()).rstrip(": ")
