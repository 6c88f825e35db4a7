"""Steps whose failure nobody sees: commands that the shell forgives, and steps that their runner does."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

from xops_lint import ci
from xops_lint.config import Value
from xops_lint.diagnostic import Fix, Safety
from xops_lint.facts import Facts
from xops_lint.insertions import Rewritten, Unforgiven
from xops_lint.matching import regex
from xops_lint.project import Project
from xops_lint.shell import NEXT, PIPE, Command
from xops_lint.text import Range

CHECKS: Final = ("run_tests", "validate_data")
"""Roles of what judges code or data, and makes nothing."""

_WORDS: Final = {
    "run_tests": "a test",
    "run_pipeline": "the pipeline",
    "train": "training",
    "evaluate": "the evaluation",
    "validate_data": "a data check",
}
"""What must not fail unseen; of a command that does several things, the first counts."""

_WHY: Final = {PIPE: ", as a pipe ends like its last command", NEXT: ", as the shell goes on to the next command"}
"""What is said of a failure that no text forgives outright."""

_TOLD_BY_CODE: Final = {"train": "train", "tune": "train", "evaluate": "evaluate", "validate_data": "validate_data"}
"""Roles of calls in a script, and what they make of running it."""

_STEPS: Final = regex(r"\.(?:steps|script|before_script|after_script|jobs)\b")
"""Where the route of a job ends, and that of one of its steps begins."""

_SHOWING: Final = frozenset({"tee", "cat", "tail", "head", "echo", "ls", "cp", "mv", "mkdir", "rm"})
"""Programs that judge nothing."""

_JUDGED: Final = ("outcome", "conclusion")
"""What a step leaves that tells whether it failed."""


class Forgiven(NamedTuple):
    """One place where a failure is ignored: what fails there, by its role, why nobody sees it, and what mends it."""

    path: str
    range: Range
    role: str
    fix: Fix | None
    why: str = ""

    @property
    def message(self) -> str:
        """What happens there."""
        return f"goes on when {_WORDS[self.role]} fails{self.why}"


def checks_of_ci(project: Project) -> Iterator[Forgiven]:
    """Yield the tests and data checks of CI whose failure is ignored."""
    return (found for file, found in _found(project) if _is_check(file, found))


def other_steps(project: Project) -> Iterator[Forgiven]:
    """Yield the steps of pipelines, and the checks outside CI, whose failure is ignored."""
    return (found for file, found in _found(project) if not _is_check(file, found))


def _is_check(file: Facts, found: Forgiven) -> bool:
    return found.role in CHECKS and ci.is_ci(file)


def _found(project: Project) -> Iterator[tuple[Facts, Forgiven]]:
    for file in project.shown.facts:
        for command in file.commands:
            role = _role(project, command) if command.forgiven else ""
            if role and not _runs_again(file, command) and not _is_read(file, command):
                fix = Fix("Let the command fail", (Unforgiven(command.range),), Safety.UNSAFE)
                why = _WHY.get(command.forgiven, "")
                yield file, Forgiven(file.path, command.range, role, None if why else fix, why)
        for switch in file.values("allow_failure"):
            role = _excused(project, file, switch)
            if role:
                fix = Fix("Let the step fail", (Rewritten(switch.range, "false"),), Safety.UNSAFE)
                yield file, Forgiven(file.path, switch.range, role, fix)


def _role(project: Project, command: Command) -> str:
    """Return what a command does that must not fail unseen; an empty text if it is nothing of that sort."""
    if any("benchmark" in word for word in command.words):
        # It measures; what it finds are figures, and no judgement.
        return ""
    roles = set(command.roles)
    for file in project.scripts(command):
        roles |= {meant for role, meant in _TOLD_BY_CODE.items() if next(file.playing(role), None)}
    return next((role for role in _WORDS if role in roles), "")


def _runs_again(file: Facts, command: Command) -> bool:
    """Say whether a later step of the job runs the same tests, or some of the folder, and may not fail."""
    if "run_tests" not in command.roles:
        return False
    job = _STEPS.split(command.route)[0]
    later = file.commands[file.commands.index(command) + 1 :]
    switches = [switch.route.rpartition(".")[0] for switch in file.values("allow_failure") if switch.text != "false"]
    return any(
        "run_tests" in other.roles
        and _STEPS.split(other.route)[0] == job
        and not other.forgiven
        and not any(other.route.startswith(f"{around}.") for around in switches)
        and other.folder == command.folder
        and _overlap(command, other)
        for other in later
    )


def _is_read(file: Facts, command: Command) -> bool:
    """Say whether a program reads the log that a pipe keeps of a command; showing it is no reading."""
    if command.forgiven != PIPE:
        return False
    later = file.commands[file.commands.index(command) + 1 :]
    log = next((each for each in later if each.words[0] == "tee"), None)
    names = [word for word in log.words[1:] if not word.startswith("-")] if log is not None else []
    return any(
        each.words[0] not in _SHOWING and any(name in word for name in names for word in each.words) for each in later
    )


def _overlap(one: Command, other: Command) -> bool:
    """Say whether two commands run tests of the same program below the same path; all, if they name none."""
    mine, theirs = ([word for word in each.words[1:] if _is_path(word)] for each in (one, other))
    if one.words[0] != other.words[0] or not theirs:
        return one.words[0] == other.words[0]
    return any(
        f"{path}/".startswith(f"{their}/") or f"{their}/".startswith(f"{path}/") or fnmatchcase(path, their)
        for path in (_plain(each) for each in mine)
        for their in (_plain(each) for each in theirs)
    )


def _is_path(word: str) -> bool:
    return not word.startswith("-") and ("/" in word or word.endswith(".py") or word in ("test", "tests"))


def _plain(path: str) -> str:
    return posixpath.normpath(path.partition("::")[0])


def _excused(project: Project, file: Facts, switch: Value) -> str:
    """Return the role of what a switch lets fail, if no step looks at the outcome."""
    if switch.text.lower() != "true" or switch.templated:
        return ""
    around = switch.route.rpartition(".")[0]
    name = next((found.text for document in file.documents if (found := document.get(f"{around}.id"))), None)
    if name is not None and _looks_at(file, name):
        return ""
    inside = (command for command in file.commands if command.route.startswith(f"{around}."))
    return next((role for each in inside if (role := _role(project, each)) and not _runs_again(file, each)), "")


def _looks_at(file: Facts, step: str) -> bool:
    """Say whether a file reads how a step ended, or hands on all that is known of its steps."""
    own = "|".join((rf"\.{re.escape(step)}", rf"\[\s*['\"]{re.escape(step)}['\"]\s*\]"))
    read = re.compile(rf"\bsteps(?:(?:{own})(?:\.|\[\s*['\"])(?:{'|'.join(_JUDGED)})\b|\.\*|\s*\))")
    return any(read.search(value.text) for document in file.documents for value in document.walk())
