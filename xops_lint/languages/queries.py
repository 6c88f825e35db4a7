"""The queries of a config, each with positions in the file however it is quoted or folded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from xops_lint.config import ConfigFile, Value
from xops_lint.languages.promql import parse
from xops_lint.languages.promql_types import check
from xops_lint.languages.promql_words import NotAQuery, is_filled_in
from xops_lint.matching import regex
from xops_lint.queries import Query
from xops_lint.text import Range

_OTHER: Final = regex(r"victoria|vmalert|vmagent|\bvm_\w|loki|logql|LogQL", re.IGNORECASE)
"""Makers whose rules look the same and are written in languages that take more."""

_ESCAPED: Final = regex(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|\r?\n[ \t]*|(.))", re.DOTALL)
_CONTROL: Final = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "_": "\xa0"}


def queries_of(file: ConfigFile) -> Iterator[Query]:
    """Yield the queries of alerts, recording rules and dashboards, in order."""
    strict = _OTHER.search(file.path) is None and _OTHER.search(file.text) is None
    uses = {}
    for use, role in (("alert", "alert_rule"), ("record", "recording_rule")):
        for rule in file.values(role):
            if "expr" in rule.items:
                uses[rule.items["expr"].range] = (use, rule.items[use].text)
    for value in file.values("query"):
        use, name = uses.get(value.range, ("panel", ""))
        if value.text.strip() and value.tag != "unknown":
            yield _query(use, name, value, file, strict and use != "panel")


def _query(use: str, name: str, value: Value, file: ConfigFile, strict: bool) -> Query:
    text = value.text
    places = positions(text, file.text, value.range)
    root, problem = None, None
    certain = strict and "|" not in text and not is_filled_in(text)
    try:
        root = parse(text, places)
        if certain:
            check(root)
    except NotAQuery as error:
        problem = (str(error), error.range) if certain else None
    return Query(use, name, text, value.range, value.route, root, problem)


def positions(text: str, source: str, where: Range) -> list[Range]:
    """Return where every character of a scalar's text stands in the source.

    Quotes, escapes, folding and indentation are followed; if they can't be, all
    characters stand at the whole scalar's place.
    """
    body = source[where.start : where.end]
    if body == text:
        return list(map(Range, range(where.start, where.end), range(where.start + 1, where.end + 1)))
    units = list(_units(body))
    if [unit[0] for unit in units] != [character for character in text if not character.isspace()]:
        return [where] * len(text)
    places = [Range(where.start + start, where.start + end) for _, start, end in units]
    found: list[Range] = []
    words = 0
    for character in text:
        # A blank stands where the next word begins.
        found.append(places[min(words, len(places) - 1)] if places else where)
        words += not character.isspace()
    return found


def _units(body: str) -> Iterator[tuple[str, int, int]]:
    """Yield the characters that a scalar's source stands for, blanks left out, with their places."""
    quote = body[:1] if body[:1] in "\"'" else ""
    position, end = (1, len(body) - 1) if quote else (0, len(body))
    if body[:1] in ("|", ">"):
        position = body.find("\n") + 1 or len(body)
    while position < end:
        character, width = body[position], 1
        if quote == '"' and (escaped := _ESCAPED.match(body, position)):
            code = escaped[1] or escaped[2]
            plain = escaped[3] or " "
            character, width = chr(int(code, 16)) if code else _CONTROL.get(plain, plain), len(escaped.group())
        elif quote == "'" and body.startswith("''", position):
            width = 2
        if not character.isspace():
            yield character, position, position + width
        position += width
