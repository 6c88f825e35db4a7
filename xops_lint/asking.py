"""``check --fix --interactive``: shows what each fix would change, and asks whether it is to be applied."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import click

from xops_lint import fixing, terminal
from xops_lint.diagnostic import Diagnostic, PlacedEdit, PlacedFix, Safety
from xops_lint.fixing import Contents
from xops_lint.languages.splice import lines_of, splice
from xops_lint.reporters._display import clean, underlined
from xops_lint.reporters._shared import position
from xops_lint.text import LineIndex

ANSWERS: Final[Mapping[str, str]] = {
    "y": "apply this fix",
    "n": "leave this as it is",
    "a": "apply this fix and all that follow in the file",
    "q": "ask no more: apply what was agreed to, and leave the rest",
    "e": "edit what the fix writes, and apply that",
}
_CONTEXT_ROWS = 3
_RESET, _BOLD = "\033[0m", "\033[1m"
_COLORS = {"-": "\033[31m", "+": "\033[32m", "@": "\033[36m"}
_EDITING = "# xops-lint: this line is left out; with no other line left, the fix is not applied"

_Known = tuple[str, str, str, tuple[str, ...]]
"""What a finding is known by from one round to the next: path, code, message and text."""


@dataclass
class Asking:
    """Chooses among findings that can be mended by asking; remembers what was decided.

    ``ready`` is called before anything is shown.
    """

    languages: Mapping[str, str]
    allowed: frozenset[Safety]
    root: Path
    color: bool
    ready: Callable[[], None]
    decided: set[_Known] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)
    over: bool = False

    def __call__(self, diagnostics: Sequence[Diagnostic], content: Contents) -> list[Diagnostic]:
        """Ask about every finding with a fix, and return those to mend, in a round of fixing."""
        self.ready()
        before = frozenset(self.decided)
        asked = [found for found in diagnostics if self._may_mend(found) and _known(found) not in before]
        chosen: list[Diagnostic] = []
        for number, found in enumerate(asked, start=1):
            # What touches the same place as one that was chosen has its turn when that has been applied.
            if self.over or len(fixing.apart([*chosen, found])) <= len(chosen):
                continue
            data = content(found.place.path)
            if data is not None and (mended := self._asked(found, data, f"{number}/{len(asked)}")):
                chosen.append(mended)
        return chosen

    def _may_mend(self, found: Diagnostic) -> bool:
        return found.fix is not None and found.fix.safety in self.allowed and found.place.path in self.languages

    def _asked(self, found: Diagnostic, data: bytes, counted: str) -> Diagnostic | None:
        """Return the finding with the fix to apply, or None."""
        path, fix = found.place.path, found.fix
        if fix is None or path in self.whole:
            return found
        for line in self._shown(found, fix, data):
            terminal.say(line)
        while True:
            question = f"({counted}) {clean(fix.title)} [{','.join(ANSWERS)},?]"
            answer = click.prompt(self._painted(question, _BOLD), err=True).strip().lower()[:1]
            if answer == "e":
                if (mended := self._edited(found, fix, data)) is not None:
                    self.decided.add(_known(found))
                    return mended
                continue
            if answer in ANSWERS:
                return self._decided(found, answer)
            for key, meaning in ANSWERS.items():
                terminal.say(f"{key} - {meaning}")

    def _decided(self, found: Diagnostic, answer: str) -> Diagnostic | None:
        if answer == "a":
            self.whole.add(found.place.path)
        if answer == "q":
            self.over = True
        self.decided.add(_known(found))
        return found if answer in "ya" else None

    def _shown(self, found: Diagnostic, fix: PlacedFix, data: bytes) -> Iterator[str]:
        """Yield the finding and what its fix changes, of a notebook in the source of the cell."""
        name = os.path.relpath(self.root / found.place.path).replace(os.sep, "/")
        head = f"{name}:{position(found.place)}: {found.code} {found.name}: {found.message}"
        yield ""
        yield self._painted(clean(head), _BOLD)
        after = splice(self.languages[found.place.path], data, fix.edits)
        old, new = (lines_of(self.languages[found.place.path], each or b"") for each in (data, after))
        for cell in sorted({edit.place.cell or 0 for edit in fix.edits}):
            if any(edit.outputs for edit in fix.edits if (edit.place.cell or 0) == cell):
                yield self._painted(f"- the outputs of cell {cell}", _COLORS["-"])
            if any(edit.deletes for edit in fix.edits if (edit.place.cell or 0) == cell):
                for row in _rows(old[cell]):
                    yield self._painted("-" + underlined(row, 0, 0).text, _COLORS["-"])
            elif cell in old and cell in new:
                rows, later = _rows(old[cell]), _rows(new[cell])
                for line in list(difflib.unified_diff(rows, later, lineterm="", n=_CONTEXT_ROWS))[2:]:
                    yield self._painted(line[:1] + underlined(line[1:], 0, 0).text, _COLORS.get(line[:1], ""))

    def _edited(self, found: Diagnostic, fix: PlacedFix, data: bytes) -> Diagnostic | None:
        """Return the finding with a fix that writes what a person made of it in an editor; None if that is nothing."""
        places = [edit.place for edit in fix.edits]
        cells = {place.cell for place in places}
        language = self.languages[found.place.path]
        after = splice(language, data, fix.edits)
        if len(cells) > 1 or after is None or not all(edit.textual for edit in fix.edits):
            terminal.say("this fix has no text to edit")
            return None
        cell = places[0].cell or 0
        old, new = lines_of(language, data)[cell], lines_of(language, after)[cell]
        first, last = min(place.row for place in places), max(place.end_row for place in places)
        shift = len(new.starts) - len(old.starts)
        text = "\n".join(new.line(row) for row in range(first, last + shift + 1))
        extension = Path(found.place.path).suffix or ".txt"
        edited = click.edit(f"{_EDITING}\n{text}\n", extension=extension, require_save=False)
        kept = [line for line in (edited or "").splitlines() if line != _EDITING]
        if not "".join(kept).strip():
            terminal.say("nothing was written, so the fix is not applied")
            return None
        place = places[0]._replace(row=first, column=1, end_row=last, end_column=len(old.line(last)) + 1)
        return replace(found, fix=replace(fix, edits=(PlacedEdit(place, "\n".join(kept)),)))

    def _painted(self, text: str, color: str) -> str:
        return f"{color}{text}{_RESET}" if self.color and color else text


def _known(found: Diagnostic) -> _Known:
    return (found.place.path, found.code, found.message, found.excerpt)


def _rows(lines: LineIndex) -> list[str]:
    return [lines.line(row) for row in range(1, len(lines.starts) + 1)]
