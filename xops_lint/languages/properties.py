"""Lines of ``key = value``, with or without ``[sections]``: .properties, .cfg and .ini files."""

from __future__ import annotations

from xops_lint.config import Value
from xops_lint.document import Comment
from xops_lint.languages.tree import Parsed, comment_at, mapping, name_routes, scalar
from xops_lint.matching import regex
from xops_lint.text import Range

_LINE = regex(r"[^\r\n]+")
_SECTION = regex(r"\['?(?P<name>[^\]']+)'?\]")
_ENTRY = regex(r"\s*(?P<key>[^=:\s][^=:]*?)\s*[=:]\s*(?P<value>.*?)\s*$")


def read(text: str) -> Parsed:
    """Return the entries as a mapping, those of a section in a mapping of its name."""
    root = mapping({}, Range(0, len(text)))
    comments: list[Comment] = []
    section, latest = root, None
    for match in _LINE.finditer(text):
        line, start = match.group(), match.start()
        stripped = line.strip()
        if stripped.startswith(("#", ";", "!")):
            comments.append(comment_at(text, start + line.index(stripped), start + len(line.rstrip())))
        elif latest is not None and line[0] in " \t" and stripped and not (latest.text and " = " in stripped):
            _continue(latest, stripped, Range(start, start + len(line.rstrip())))
        elif found := _SECTION.match(line):
            section = mapping(
                {}, Range(start, start + len(line)), Range(start + found.start("name"), start + found.end("name"))
            )
            _put(root, found["name"], section)
            latest = None
        elif found := _ENTRY.match(line):
            key = Range(start + found.start("key"), start + found.end("key"))
            latest = scalar(found["value"], Range(start + found.start("value"), start + found.end("value")), key)
            _put(section, found["key"], latest)
    return Parsed([name_routes(root)], tuple(comments))


def _put(around: Value, key: str, value: Value) -> None:
    if isinstance(around.data, dict):
        around.data[key] = value


def _continue(value: Value, line: str, where: Range) -> None:
    """Add an indented line to the value above it."""
    value.data = f"{value.text}\n{line}" if value.text else line
    value.range = Range(value.range.start if value.range.start < value.range.end else where.start, where.end)
