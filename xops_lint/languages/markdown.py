"""Markdown: what a document for people says in front of its text, and which topics its text speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from xops_lint import data_files, kinds
from xops_lint.config import Value
from xops_lint.languages.tree import Parsed, mapping, name_routes, scalar, sequence
from xops_lint.matching import regex
from xops_lint.text import Range

_FRONT: Final = regex(r"\ufeff?---[ \t]*\r?\n(?:.*?\r?\n)??(?=(?:---|\.\.\.)[ \t]*\r?$)", re.DOTALL | re.MULTILINE)
_HIDDEN: Final = regex(
    r"<!--.*?-->|^(?P<indent>[ \t]*)(?P<fence>```+|~~~+)[^\n]*\n"
    r"(?:.*?^[ \t]*(?P=fence)[ \t]*\r?$|.*?(?:(?=^(?!(?P=indent))[ \t]*\S)|\Z))",
    re.DOTALL | re.MULTILINE,
)
_HEADING: Final = regex(
    r"^[ \t]{0,3}(?:(?P<marks>#{1,6})[ \t]+(?P<text>[^\n]*?)[ \t#]*"
    r"|\*\*(?P<bold>[^*\n]+)\*\*[ \t]*:?[ \t]*|<h(?P<level>[1-6])[^>]*>(?P<html>[^\n]*?)</h[1-6]>[ \t]*"
    r"|(?P<over>[^\s\-=|>*][^\n]*)\r?\n(?P<line>=+|-{3,})[ \t]*)\r?$",
    re.MULTILINE,
)
_UNFILLED: Final = regex(
    r"[\W_]*(?:\*\*[^*\n]+\*\*:?\s*|[\w ]{1,40}:\s*)?[\W_]*"
    r"(?:more information needed|to be (?:added|announced|defined|done|filled(?: in)?)|coming soon|todo|tbd|tba|n/?a)?"
    r"[\W_]*",
    re.IGNORECASE,
)
_HOLE: Final = regex(r"\{\{|\{%|\$\{|<%")
_WORD: Final = regex(r"[^\W\d_]+")
_COMMON: Final = regex(
    r"\b(?:a|an|and|are|as|be|by|for|from|has|in|is|it|model|not|of|on|or|that|the|this|to|was|which|with)\b"
)
_ENOUGH: Final = 40
"""So many words tell the language of a text."""

_ENGLISH: Final = 0.12
"""The share of common words that no English text falls below, lists and tables included."""

_LOWEST: Final = 7
"""The level of a bold line that stands for a heading."""


class _Section(NamedTuple):
    """A heading, its level, and where the lines below it begin and end."""

    level: int
    title: Value
    start: int
    end: int


class _Topic(NamedTuple):
    """The words by which headings and lines speak of something."""

    headings: re.Pattern[str]
    sentences: re.Pattern[str]


def read(text: str, named: str) -> Parsed:
    """Return a text's ``front`` and ``title``, what it ``tells``, by topic, and sections left ``unfilled``.

    A text that its name makes of no kind, and that has nothing in front, tells nothing. Where holes are to be
    filled in, or the language is not English, more may be told than anybody sees: a gap.
    """
    front, start = _front(text)
    if not named and front is None:
        return Parsed([])
    asked = kinds.routes().get(named, {}) if front is None else None
    entries = {} if front is None else {"front": front}
    plain = text[:start] + _HIDDEN.sub(lambda match: " " * len(match[0]), text[start:])
    sections = list(_sections(plain, start))
    title = next((section.title for section in sections), None)
    if title is not None:
        entries["title"] = title
    lines = [line for line in _lines(plain, start) if not _UNFILLED.fullmatch(line.text)]
    filled = [section for section in sections if any(section.start <= line.range.start < section.end for line in lines)]
    told = {name: sequence(_told(topic, filled, lines), Range(start, len(text))) for name, topic in _asked(asked)}
    entries["tells"] = mapping({name: each for name, each in told.items() if each.list}, Range(start, len(text)))
    left = [scalar(section.title.text, section.title.range) for section in sections if section not in filled]
    entries["unfilled"] = sequence(left, Range(start, len(text)))
    root = name_routes(mapping(entries, Range(0, len(text))))
    return Parsed([root], gaps=_HOLE.search(text) is not None or not _is_english(lines))


def _front(text: str) -> tuple[Value | None, int]:
    """Return the YAML in front of a text, and where the text begins."""
    found = _FRONT.match(text)
    if found is None:
        return None, 0
    from xops_lint.languages import yaml

    parsed = yaml.read(text[: found.end()])
    front = next((root for root in parsed.documents if root.items), None)
    return (None, 0) if front is None or parsed.problems else (front, text.find("\n", found.end()) + 1 or len(text))


def _sections(text: str, start: int) -> Iterator[_Section]:
    """Yield the sections of a text; one ends where another of its level or above begins."""
    found = [match for match in _HEADING.finditer(text, start) if "|" not in match[0]]
    levels = [_level(match) for match in found]
    for index, (match, level) in enumerate(zip(found, levels)):
        name = next(each for each in ("text", "bold", "html", "over") if match[each] is not None)
        after = (other.start() for other, its in zip(found[index + 1 :], levels[index + 1 :]) if its <= level)
        yield _Section(level, scalar(match[name], Range(*match.span(name))), match.end(), next(after, len(text)))


def _level(match: re.Match[str]) -> int:
    if match["over"] is not None:
        return 1 if match["line"].startswith("=") else 2
    return len(match["marks"]) if match["marks"] else int(match["level"] or _LOWEST)


def _lines(text: str, start: int) -> Iterator[Value]:
    """Yield the lines of a text that are no heading and hold something."""
    for match in re.finditer(r"[^\s][^\n]*", _HEADING.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text[start:])):
        line = match[0].rstrip()
        yield scalar(line, Range(start + match.start(), start + match.start() + len(line)))


def _told(topic: _Topic, filled: Sequence[_Section], lines: Sequence[Value]) -> list[Value]:
    """Return the headings and lines that speak of a topic."""
    titles = [scalar(each.title.text, each.title.range) for each in filled if topic.headings.search(each.title.text)]
    return titles + [scalar(line.text, line.range) for line in lines if topic.sentences.search(line.text)]


def _is_english(lines: Sequence[Value]) -> bool:
    """Say whether a text is in English, as far as there is enough of it to tell."""
    text = "\n".join(line.text.lower() for line in lines)
    words = len(_WORD.findall(text))
    return words < _ENOUGH or len(_COMMON.findall(text)) >= _ENGLISH * words


def _asked(roles: Mapping[str, Sequence[str]] | None) -> Iterator[tuple[str, _Topic]]:
    """Yield the topics that the routes of some roles lead to, or all."""
    routes = None if roles is None else {route.partition("[")[0] for each in roles.values() for route in each}
    return ((name, topic) for name, topic in _topics().items() if routes is None or f"tells.{name}" in routes)


@cache
def _topics() -> Mapping[str, _Topic]:
    table: Mapping[str, Mapping[str, str]] = data_files.load("topics.yaml")
    return {name: _Topic(_pattern(each["headings"]), _pattern(each["sentences"])) for name, each in table.items()}


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words.replace("\n", "").replace(" |", "|"), re.IGNORECASE)
