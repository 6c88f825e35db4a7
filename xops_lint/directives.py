"""Directives: the comments, cell tags and annotations by which people suppress findings.

``# xops: ignore[XOP302, unpinned-data] reason until=2027-01-31`` and its kin
``disable``, ``enable``, ``file-ignore`` and ``cell-ignore``; the notebook cell tag
``xops-ignore-XOP302``; the Kubernetes annotation ``xops-lint.io/ignore: XOP302``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from xops_lint.code import PythonFile
from xops_lint.config import ConfigFile, Value
from xops_lint.document import Comment, Document
from xops_lint.matching import regex
from xops_lint.nearest import nearest, suggestion
from xops_lint.rule import Rule
from xops_lint.statements import rows_below
from xops_lint.text import Place, Range

VERBS = ("ignore", "disable", "enable", "file-ignore", "cell-ignore")
ANNOTATION = "xops-lint.io/ignore"
CELL_TAG = "xops-ignore-"

_DIRECTIVE = regex(r"(?:^|(?<=\s))#+\s*xops:\s*(?P<body>.*?)\s*(?=\s#+\s*xops:|$)")
_BODY = regex(r"(?P<verb>[\w-]*)\s*(?:(?P<open>\[)(?P<rules>[^\]]*)(?P<close>\])?)?\s*(?P<rest>.*)")
_ANNOTATION_BODY = regex(r"\s*(?P<rules>[\w-]+(?:\s*,\s*[\w-]+)*)\s*(?P<rest>.*)", re.DOTALL)
_UNTIL = regex(r"(?:^|(?<=\s))until=(\S*)")
_RULE = regex(r"[^,\s](?:[^,]*[^,\s])?")

_FORMS = {"ignore": "line", "disable": "range", "file-ignore": "file", "cell-ignore": "cell"}
_LAST = sys.maxsize


class Spot(NamedTuple):
    """A row of a file; ``cell`` is 0 where there are no cells."""

    cell: int
    row: int


class Span(NamedTuple):
    """The rows a directive covers; both ends count.

    ``own`` is the directive's own row: it covers whatever finding it stands in. ``columns``
    are those of the first row and, exclusive, of the last one, if these count as well.
    """

    first: Spot
    last: Spot
    own: Spot | None = None
    columns: tuple[int, int] | None = None

    def covers(self, place: Place) -> bool:
        """Say whether a finding at a place is covered."""
        cell = place.cell or 0
        if self.columns is not None:
            begin, end = (self.first.row, self.columns[0]), (self.last.row, self.columns[1])
            return begin <= (place.row, place.column) < end
        if self.first <= Spot(cell, place.row) <= self.last:
            return True
        return self.own is not None and self.own.cell == cell and place.row <= self.own.row <= _last_row(place)


EVERYWHERE = Span(Spot(0, 0), Spot(_LAST, _LAST))


class Cover(NamedTuple):
    """One rule of a directive, and the rows it is suppressed in."""

    code: str
    span: Span


@dataclass(frozen=True, slots=True)
class Directive:
    """One suppression: of which rules, where, why, and until when.

    ``place`` is where it stands, ``range`` the comment or value itself;
    ``removable`` is the range to delete to take it out, if that is safe. ``form``
    is ``line``, ``next``, ``range``, ``file``, ``cell``, ``tag``, ``annotation`` or ``route``.
    """

    place: Place
    range: Range
    covers: tuple[Cover, ...]
    reason: str = ""
    until: date | None = None
    removable: Range | None = None
    form: str = "line"


class Complaint(NamedTuple):
    """What is wrong with a directive; ``meant`` is the word that its author may have meant, if that is all."""

    range: Range
    message: str
    meant: str = ""


@dataclass(slots=True)
class Directives:
    """All directives of one document, and what is wrong with others."""

    valid: list[Directive] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)


class _Written(NamedTuple):
    """A directive as it is written, taken apart."""

    verb: str
    codes: tuple[str, ...]
    reason: str
    until: date | None


def read(document: Document, rules: Mapping[str, Rule]) -> Directives:
    """Return the directives of a document; a malformed one suppresses nothing."""
    found = Directives()
    reader = _Reader(document, {**{rule.name: code for code, rule in rules.items()}, **dict(zip(rules, rules))}, found)
    for comment in document.comments:
        for match in _DIRECTIVE.finditer(comment.text):
            reader.comment(comment, match)
    if isinstance(document, PythonFile):
        reader.tags(document)
    if isinstance(document, ConfigFile):
        reader.annotations(document)
    return found


@dataclass(slots=True)
class _Reader:
    """Reads the directives of one document into ``found``.

    ``opened`` holds, by code, the place in ``found.valid`` of the last ``disable``.
    """

    document: Document
    names: Mapping[str, str]
    found: Directives
    opened: dict[str, int] = field(default_factory=dict)

    def comment(self, comment: Comment, match: re.Match[str]) -> None:
        """Read one directive of a comment."""
        start = comment.range.start
        where = Range(start + match.start(), start + match.end())
        written = self.taken_apart(match["body"], start + match.start("body"), where)
        if written is None:
            return
        place = self.document.place(where)
        own = Spot(place.cell or 0, place.row)
        if written.verb == "enable":
            self.enable(written, own, where)
            return
        if written.verb == "cell-ignore" and place.cell is None:
            self.complain(where, "`cell-ignore` works in notebooks alone; write `file-ignore`")
            return
        span = self.span(written.verb, comment, own)
        removable = _removable(self.document, comment) if match.span() == (0, len(comment.text)) else None
        above = written.verb == "ignore" and comment.alone
        self.add(written._replace(verb="next") if above else written, where, span, place, removable)
        if written.verb == "disable":
            self.opened.update(dict.fromkeys(written.codes, len(self.found.valid) - 1))

    def tags(self, file: PythonFile) -> None:
        """Read the tags of all cells."""
        for cell in file.cells:
            raw_row, raw_column = cell.raw_rows[0] if cell.raw_rows else (1, 1)
            place = Place(file.path, 1, 1, 1, 1, cell.number, cell.id, raw_row, raw_column)
            where = Range(cell.range.start, cell.range.start)
            span = Span(Spot(cell.number, 0), Spot(cell.number, _LAST))
            for tag in sorted(cell.tags):
                if not tag.startswith(CELL_TAG):
                    continue
                name = tag.removeprefix(CELL_TAG)
                if name in self.names:
                    self.add(_Written("tag", (self.names[name],), tag, None), where, span, place)
                else:
                    self.complain(where, f"the tag `{tag}` names no rule{suggestion(name, self.names)}")

    def annotations(self, file: ConfigFile) -> None:
        """Read the annotation of every Kubernetes object."""
        for root in file.documents:
            value = root.get(f"metadata.annotations.[{ANNOTATION}]") if "apiVersion" in root.items else None
            if value is not None:
                self.annotation(file, root, value)

    def annotation(self, config: ConfigFile, root: Value, value: Value) -> None:
        """Read one annotation, which covers its object."""
        match = _ANNOTATION_BODY.fullmatch(value.text)
        if match is None:
            self.complain(value.range, f"`{ANNOTATION}` names no rule; there is no blanket form")
            return
        codes = self.codes(match["rules"], None, value.range)
        until, reason, fault = _reason_of(match["rest"])
        if fault:
            self.complain(value.range, fault)
            return
        whole = config.place(root.range)
        span = Span(Spot(0, whole.row), Spot(0, whole.end_row))
        self.add(_Written("annotation", codes, reason, until), value.range, span, config.place(value.range))

    def taken_apart(self, body: str, offset: int, where: Range) -> _Written | None:
        """Return a comment's directive in parts, or complain of it."""
        match = _BODY.fullmatch(body)
        fault = _fault(match)
        if match is None or fault:
            self.complain(where, fault)
            return None
        until, reason, fault = _reason_of(match["rest"])
        if fault:
            self.complain(where, fault)
            return None
        codes = self.codes(match["rules"], offset + match.start("rules"), where)
        return _Written(match["verb"].lower(), codes, reason, until) if codes else None

    def codes(self, listed: str, offset: int | None, where: Range) -> tuple[str, ...]:
        """Return the codes of listed rules; complain of those that do not exist."""
        codes = []
        for match in _RULE.finditer(listed):
            word = match[0]
            if word in self.names:
                codes.append(self.names[word])
                continue
            at = where if offset is None else Range(offset + match.start(), offset + match.end())
            if any(part in self.names for part in word.split()):
                self.complain(at, f"`{word}` is no rule: put a comma between two rules")
            else:
                meant = nearest(word, self.names) if offset is not None else None
                self.complain(at, f"`{word}` is no rule{suggestion(word, self.names)}", meant or "")
        return tuple(dict.fromkeys(codes))

    def enable(self, written: _Written, own: Spot, where: Range) -> None:
        """End what a ``disable`` above began."""
        for code in written.codes:
            position = self.opened.pop(code, None)
            if position is None:
                self.complain(where, f"enables `{code}`, which no line above disables")
                continue
            directive = self.found.valid[position]
            covers = tuple(
                cover._replace(span=cover.span._replace(last=own)) if cover.code == code else cover
                for cover in directive.covers
            )
            # With its other half still there, a `disable` cannot simply go.
            self.found.valid[position] = replace(directive, covers=covers, removable=None)

    def span(self, verb: str, comment: Comment, own: Spot) -> Span:
        """Return the rows that a comment's directive covers."""
        written = self.document.host is not None
        if verb == "file-ignore" and not written:
            return EVERYWHERE
        if verb in ("file-ignore", "cell-ignore"):
            return Span(Spot(own.cell, 0), Spot(own.cell, _LAST))
        if verb == "disable":
            return Span(own, Spot(_LAST, _LAST))
        if not comment.alone:
            return Span(own, own, own)
        rows = rows_below(self.document, comment)
        return Span(own, own, own) if rows is None else Span(Spot(own.cell, rows[0]), Spot(own.cell, rows[1]), own)

    def add(self, written: _Written, where: Range, span: Span, place: Place, removable: Range | None = None) -> None:
        """Keep one directive."""
        covers = tuple(Cover(code, span) for code in written.codes)
        form = _FORMS.get(written.verb, written.verb)
        self.found.valid.append(Directive(place, where, covers, written.reason, written.until, removable, form))

    def complain(self, where: Range, message: str, meant: str = "") -> None:
        """Keep what is wrong with a directive."""
        self.found.complaints.append(Complaint(where, message, meant))


def _fault(match: re.Match[str] | None) -> str:
    """Return what is wrong with the form of a directive, or nothing."""
    if match is None or not match["verb"]:
        return "says nothing to do: write `# xops: ignore[RULE] reason`"
    verb = match["verb"]
    if verb.lower() not in VERBS:
        return f"`{verb}` is no directive{suggestion(verb, VERBS)}"
    if match["open"] is None or (match["close"] and not match["rules"].strip()):
        return f"`{verb}` names no rule: write `{verb}[RULE]`; there is no blanket form"
    if match["close"] is None:
        return f"`{verb}[` is not closed by `]`"
    return ""


def _reason_of(rest: str) -> tuple[date | None, str, str]:
    """Return the date, the reason and what is wrong with the date."""
    match = _UNTIL.search(rest)
    if match is None:
        return None, rest.strip(" \t:-–—"), ""
    reason = f"{rest[: match.start()].strip()} {rest[match.end() :].strip()}".strip(" \t:-–—")
    try:
        return date.fromisoformat(match[1]), reason, ""
    except ValueError:
        return None, reason, f"`until={match[1]}` is no date: write `until=YYYY-MM-DD`"


def _removable(document: Document, comment: Comment) -> Range:
    """Return a comment with the blanks before it, and with its whole line if it is alone."""
    text, start, end = document.text, comment.range.start, comment.range.end
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    if comment.alone:
        end += next((len(ending) for ending in ("\r\n", "\n", "\r") if text.startswith(ending, end)), 0)
    return Range(start, end)


def _last_row(place: Place) -> int:
    ends_before = place.end_column == 1 and place.end_row > place.row
    return place.end_row - 1 if ends_before else place.end_row
