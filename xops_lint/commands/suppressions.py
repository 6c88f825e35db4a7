"""``xops-lint suppressions``: list what is suppressed, by whom, why, and whether it still has to be."""

from __future__ import annotations

import csv
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

import click

from xops_lint import options, terminal
from xops_lint.reporters._display import clean

if TYPE_CHECKING:
    from xops_lint.ledger import Ledger, Suppression
    from xops_lint.registry import Registry
    from xops_lint.text import Place

_NO_REASON = "no reason given"
_COLUMNS = ("path", "cell", "row", "rules", "form", "state", "silences", "reason", "until", "owner", "since", "age")


class _View(NamedTuple):
    """What the formats need beside the ledger: the day, and the way to the root."""

    today: date
    registry: Registry
    way: str

    def path(self, place: Place) -> str:
        """Return a path as somebody in the working folder would write it."""
        return os.path.normpath(f"{self.way}/{place.path}").replace(os.sep, "/")

    def name(self, rule: str) -> str:
        """Return the name of a code; a selector is its own."""
        return self.registry.rules[rule].name if rule in self.registry.rules else rule


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@options.output_format("text", "json", "csv", "markdown", "sarif")
@options.settings_options
@click.pass_context
def command(context: click.Context, /, paths: tuple[Path, ...], output_format: str, **_: Any) -> int:
    """List the suppressions in files and settings: rules, reason, date, owner and age.

    `active` ones silence findings; `expired` ones no longer do; `unused` ones have
    nothing to silence; the rules of `locked` ones cannot be suppressed; of those
    that are `off` no rule runs there. Owner and age are those that git knows of the line.
    """
    from xops_lint import discovery, ledger

    named = paths or (Path("."),)
    settings, registry = options.settings_and_rules(context, named)
    found, today = discovery.find(named, settings), date.today()
    kept = ledger.collect(found, named, settings, registry, today)
    view = _View(today, registry, os.path.relpath(settings.root))
    with terminal.output() as out:
        _FORMATS[output_format](kept, view, out)
    if not settings.suppressions:
        terminal.say(f"comments silence nothing: {settings.source_of('suppressions')} switches them off")
    terminal.say(_summary(kept.suppressions, len(found.files)))
    return 2 if kept.report.failed else 0


def _summary(listed: Sequence[Suppression], files: int) -> str:
    if not listed:
        return f"No suppressions in {_counted(files, 'file')}"
    states = Counter(each.state for each in listed)
    told = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    silenced = {found.sort_key() for each in listed for found in each.silenced}
    return f"{_counted(len(listed), 'suppression')}: {told}; {_counted(len(silenced), 'finding')} silenced"


def _text(ledger: Ledger, view: _View, out: TextIO) -> None:
    for each in ledger.suppressions:
        rules = ", ".join(rule if view.name(rule) == rule else f"{rule} {view.name(rule)}" for rule in each.rules)
        cell = "" if each.place.cell is None else f"cell {each.place.cell}:"
        place = f"{view.path(each.place)}:{cell}{each.place.row}"
        out.write(f"{clean(f'{place}: {rules}: {each.reason or _NO_REASON}')}\n")
        form = f"{each.form} ({each.key})" if each.key else each.form
        out.write(f"    {clean('; '.join((form, *_remarks(each, view))))}\n")


def _remarks(each: Suppression, view: _View) -> Iterable[str]:
    """Yield what a person wants to know of a suppression besides its reason."""
    from xops_lint.ledger import STATES

    if each.state == "active":
        yield f"silences {_counted(len(each.silenced), 'finding')}"
        if each.idle:
            yield f"silences no {' and no '.join(each.idle)}"
    else:
        yield STATES[each.state]
    if each.until is not None:
        yield f"until {each.until}"
    if each.written is not None:
        yield f"{each.written.author}, {_counted(_age(each, view) or 0, 'day')} ago"


def _row(each: Suppression, view: _View) -> dict[str, Any]:
    """Return a suppression as a row of a table."""
    written = each.written
    return {
        "path": view.path(each.place),
        "cell": each.place.cell,
        "row": each.place.row,
        "rules": " ".join(each.rules),
        "form": f"{each.form} ({each.key})" if each.key else each.form,
        "state": each.state,
        "silences": len(each.silenced),
        "reason": each.reason,
        "until": each.until,
        "owner": written.author if written else None,
        "since": written.day if written else None,
        "age": _age(each, view),
    }


def _csv(ledger: Ledger, view: _View, out: TextIO) -> None:
    table = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(_row(each, view) for each in ledger.suppressions)


def _markdown(ledger: Ledger, view: _View, out: TextIO) -> None:
    out.write(f"| {' | '.join(_COLUMNS)} |\n{'|---' * len(_COLUMNS)}|\n")
    for each in ledger.suppressions:
        cells = ("" if value is None else str(value) for value in _row(each, view).values())
        out.write(f"| {' | '.join(' '.join(cell.split()).replace('|', chr(92) + '|') for cell in cells)} |\n")


def _json(ledger: Ledger, view: _View, out: TextIO) -> None:
    rows = [
        {
            "filename": view.path(each.place),
            "cell": each.place.cell,
            "location": {"row": each.place.row, "column": each.place.column},
            "form": each.form,
            "key": each.key or None,
            "rules": [{"rule": rule, "name": view.name(rule), "idle": rule in each.idle} for rule in each.rules],
            "reason": each.reason,
            "until": each.until and each.until.isoformat(),
            "state": each.state,
            "silences": [
                {
                    "code": found.code,
                    "filename": view.path(found.place),
                    "cell": found.place.cell,
                    "location": {"row": found.place.row, "column": found.place.column},
                    "message": found.message,
                    "fingerprint": found.fingerprint,
                }
                for found in each.silenced
            ],
            **_authorship(each, view),
        }
        for each in ledger.suppressions
    ]
    out.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")


def _sarif(ledger: Ledger, view: _View, out: TextIO) -> None:
    from xops_lint import ledger_sarif

    details = {id(each): _authorship(each, view) for each in ledger.suppressions}
    log = ledger_sarif.log(ledger, view.registry, lambda each: details[id(each)])
    out.write(json.dumps(log, indent=2, ensure_ascii=False) + "\n")


def _authorship(each: Suppression, view: _View) -> dict[str, Any]:
    written = each.written
    return {
        "owner": written.author if written else None,
        "commit": written.commit if written else None,
        "since": written.day.isoformat() if written else None,
        "age_days": _age(each, view),
    }


def _age(each: Suppression, view: _View) -> int | None:
    return None if each.written is None else max((view.today - each.written.day).days, 0)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


_FORMATS: Mapping[str, Callable[[Ledger, _View, TextIO], None]] = {
    "text": _text,
    "json": _json,
    "csv": _csv,
    "markdown": _markdown,
    "sarif": _sarif,
}
