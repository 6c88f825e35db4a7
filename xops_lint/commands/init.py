"""``xops-lint init``: set a repository up after a look at it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xops_lint import terminal
from xops_lint.baseline_place import default_place
from xops_lint.comparing import counted
from xops_lint.exceptions import BaselineError
from xops_lint.settings_file import display
from xops_lint.settings_keys import PROFILES

if TYPE_CHECKING:
    from xops_lint.baseline import Entry
    from xops_lint.discovery import FoundFile
    from xops_lint.registry import Registry
    from xops_lint.settings import Settings
    from xops_lint.starting import Change
    from xops_lint.surroundings import Surroundings

_LISTED = 12


@click.command()
@click.option("--yes", "-y", is_flag=True, help="Ask nothing, and do what is proposed.")
@click.option("--diff", is_flag=True, help="Show what would be written if nothing was asked, and write nothing.")
@click.pass_context
def command(context: click.Context, /, yes: bool, diff: bool) -> int:
    """Set a repository up: settings, the pre-commit hook, a CI step, a baseline.

    Looks at the code, asks at most four questions, and writes only what is not
    there. Files that are there are added to and never replaced.
    """
    from xops_lint import starting

    if not (yes or diff or sys.stdin.isatty()):
        raise click.UsageError("`init` asks questions: run it in a terminal, or with `--yes`", context)
    start = _Start.here(asks=not (yes or diff))
    _tell(start.around)
    start.choose()
    if diff:
        with terminal.output() as out:
            out.writelines(starting.diffs(start.changes))
    status = 0 if diff else start.finish()
    for line in start.outcome(done=not diff) if status == 0 else ():
        terminal.say(line)
    return status


@dataclass
class _Start:
    """A repository on its way to being set up: what is there, and what is to be written.

    ``entries`` are the findings that a baseline is to hold, None if there is to be none; ``remarks``
    say what is there already or is left to do.
    """

    around: Surroundings
    files: Sequence[FoundFile]
    settings: Settings
    registry: Registry
    asks: bool
    changes: list[Change] = field(default_factory=list)
    entries: frozenset[Entry] | None = None
    remarks: list[str] = field(default_factory=list)

    @classmethod
    def here(cls, *, asks: bool) -> _Start:
        """Look at the repository around the working folder."""
        from xops_lint import discovery, registry, settings_check, settings_loading, surroundings

        here = Path.cwd()
        root = settings_loading.repository_root(here) or here
        settings = settings_loading.load((root,))
        rules = registry.load(settings.rule_paths)
        settings_check.check(settings, rules)
        files = discovery.find([root], settings).files
        return cls(surroundings.look(files, settings, rules), files, settings, rules, asks)

    def choose(self) -> None:
        """Ask what is to be done, and plan it."""
        self._choose_settings()
        self._choose_hook()
        self._choose_step()
        self._choose_baseline()

    def finish(self) -> int:
        """Write what was planned; return the exit status."""
        from xops_lint import baselining, starting

        notices = starting.write(self.changes, self.around.root)
        for notice in notices:
            terminal.say(f"error: {notice.path}: {notice.message}")
        if notices:
            return 2
        if self.entries:
            baselining.write(self._baseline, self.entries)
        return 0

    def outcome(self, *, done: bool) -> Iterator[str]:
        """Yield what is written, or would be, and what is left to do."""
        word, added = ("wrote", "added") if done else ("would write", "would add")
        for change in self.changes:
            yield f"{word} {change.path}" if change.before is None else f"{added} {_added(change)} to {change.path}"
        if self.entries:
            yield f"{word} {display(self._baseline)}, which holds {counted(len(self.entries))}"
        yield from self.remarks
        if self.changes or self.entries:
            yield "next: look at the change, commit it, and run `xops-lint check`"
        else:
            yield "nothing to write"

    @property
    def _baseline(self) -> Path:
        return default_place(self.settings)

    def _choose_settings(self) -> None:
        from xops_lint import starting

        if self.settings.file is not None:
            self.remarks.append(f"{self.settings.file} has settings already")
            return
        profile = "standard"
        if self.asks:
            question = "How much is asked of code outside of notebooks and examples"
            profile = click.prompt(question, type=click.Choice(PROFILES), default=profile, err=True)
        self.changes.append(starting.settings_change(self.around.root, profile, self.files))
        self.settings = replace(self.settings, profile=profile, anchored=True)

    def _choose_hook(self) -> None:
        from xops_lint import hooking, starting

        around = self.around
        if around.hooked:
            self.remarks.append(f"{hooking.NAME} has the hook already")
            return
        if not around.is_repository:
            return
        change = starting.hook_change(around.hooks)
        if change is None:
            lines = "\n".join(f"    {line}" for line in hooking.new_config().splitlines()[1:])
            self.remarks.append(
                f"{hooking.NAME} is written in a way that is left alone; add the hook by hand:\n{lines}"
            )
        elif self._agreed(f"{'Write' if around.hooks is None else 'Add the hook to'} {hooking.NAME}"):
            self.changes.append(change)

    def _choose_step(self) -> None:
        from xops_lint import starting, steps
        from xops_lint.surroundings import WORKFLOWS

        around = self.around
        if around.checked:
            self.remarks.append("CI runs xops-lint already")
            return
        if WORKFLOWS in around.services and not (around.root / starting.WORKFLOW).exists():
            if self._agreed(f"Write {starting.WORKFLOW}, which checks every push"):
                self.changes.append(starting.workflow_change())
            return
        for service, paths in around.services.items():
            lines = "\n".join(f"    {line}" for line in steps.step(service))
            self.remarks.append(f"{service}: add this to {paths[0]}, or what does the same\n{lines}")

    def _choose_baseline(self) -> None:
        from xops_lint import starting

        if self._baseline.exists():
            self.remarks.append(f"{display(self._baseline)} is there already")
            return
        terminal.say(f"looking for defects in {len(self.files)} files …")
        try:
            entries, mendable = starting.defects_after(self.changes, self.files, self.settings, self.registry)
        except BaselineError as error:
            self.remarks.append(f"no baseline: {error}")
            return
        question = f"There are {counted(len(entries))}. Keep them in a baseline, so that new ones alone are reported"
        if entries and self._agreed(question):
            self.entries = entries
        if mendable:
            self.remarks.append(f"{counted(mendable)} can be mended safely: `xops-lint check --fix`")

    def _agreed(self, question: str) -> bool:
        return not self.asks or click.confirm(f"{question}?", default=True, err=True)


def _added(change: Change) -> str:
    from xops_lint import hooking

    return "the hook" if change.path == hooking.NAME else "the table `[tool.xops-lint]`"


def _tell(around: Surroundings) -> None:
    """Say what the repository is made of."""
    numbers = [
        f"{around.python} Python file{'s' * (around.python != 1)} of {around.lines} lines",
        f"{around.notebooks} notebook{'s' * (around.notebooks != 1)}",
        f"{sum(around.kinds.values())} known config{'s' * (sum(around.kinds.values()) != 1)}",
    ]
    terminal.say(f"{around.root}: {', '.join(numbers)}")
    for label, words in (("libraries", around.libraries), ("configs", tuple(around.kinds))):
        if words:
            more = f" and {len(words) - _LISTED} more" if len(words) > _LISTED else ""
            terminal.say(f"{label}: {', '.join(words[:_LISTED])}{more}")
    terminal.say(f"CI: {', '.join(around.services) or 'none found'}")
