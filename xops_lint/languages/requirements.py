"""Requirements and constraints files, as pip reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from xops_lint.config import Value
from xops_lint.diagnostic import Problem
from xops_lint.document import Comment
from xops_lint.languages.tree import Parsed, comment_at, mapping, name_routes, scalar, sequence
from xops_lint.matching import regex
from xops_lint.text import Range

_CONTINUATION = regex(r"\\(?:\r\n|\r|\n)")
_LINE = regex(r"[^\r\n]+")
_COMMENT = regex(r"(?:^|(?<=\s))#.*")
_OPTION = regex(r"\s+--[a-z][a-z-]*(?:[= ]\S+)?")
_HASH = regex(r"--hash[= ](\S+)")
_INCLUDE = regex(r"(?P<option>-r|--requirement|-c|--constraint)(?:\s*=\s*|\s*)(?P<file>\S+)")
_EDITABLE = regex(r"(?:-e|--editable)(?:\s*=\s*|\s+)(?P<target>\S.*)")
_GLOBAL = regex(r"(?P<option>--?[a-zA-Z][\w-]*)(?:\s*=\s*|\s+)?(?P<value>\S.*)?")
_NAME = regex(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_EGG = regex(r"[#&]egg=([A-Za-z0-9._-]+)")
_WHEEL = regex(r"(?:^|/)(?P<name>[A-Za-z0-9._]+)-(?P<version>[^-/]+)-[^/]*\.whl(?:$|[#?;\s])")
_LOCATION = regex(
    r"(?:git|hg|svn|bzr)\+|https?://|file:|s3://|\.{0,2}/|[A-Za-z]:\\|\S*/\S*|\S+\.(?:whl|zip|tar\.gz)\b|\.$"
)
_TEMPLATE = regex(r"\{\{|\{%")
_CONDA = regex(r"^@EXPLICIT|^# This file may be used to create an environment|^[\w.-]+=[^=\s]+=\S+\s*$", re.MULTILINE)


def read(text: str) -> Parsed:
    """Return ``requirements``, ``includes`` and ``options`` of a file as one tree."""
    comments: list[Comment] = []
    collected = _Collected()
    if _CONDA.search(text):
        problem = Problem("is a list of conda packages, not of requirements, so it is not read", skipped=True)
        return Parsed([], (), (problem,))
    for start, line in _logical_lines(text, comments):
        _take(start, line, collected)
    root = mapping(
        {
            "requirements": sequence(collected.requirements, Range(0, len(text))),
            "includes": sequence(collected.includes, Range(0, len(text))),
            "options": sequence(collected.options, Range(0, len(text))),
        },
        Range(0, len(text)),
    )
    # A file in a wrong notation is wrong on every line: the first says it.
    problems = tuple(
        Problem(f"does not parse as a requirement: {reason}", where) for where, reason in collected.malformed[:1]
    )
    return Parsed([name_routes(root)], tuple(comments), problems)


def requirement(raw: str, where: Range) -> Value | None:
    """Return the parts of one requirement with their places, or None if it is none.

    The parts are ``raw``, ``name``, ``specifier``, ``url``, ``marker``, ``extras``.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        parsed = Requirement(raw)
    except InvalidRequirement:
        return _located(raw, where)
    name = _part(raw, _NAME.match(raw), where, 0)
    items = {"raw": scalar(raw, where), "name": name}
    if parsed.specifier:
        items["specifier"] = _specifier(raw, where)
    if parsed.url:
        begin = raw.index(parsed.url)
        items["url"] = scalar(parsed.url, Range(where.start + begin, where.start + begin + len(parsed.url)))
    if parsed.marker is not None:
        begin = raw.index(";") + 1
        items["marker"] = scalar(str(parsed.marker), Range(where.start + begin, where.end))
    if parsed.extras:
        items["extras"] = sequence([scalar(extra, name.range) for extra in sorted(parsed.extras)], name.range)
    return mapping(items, where)


class _Malformed(NamedTuple):
    """A line that is no requirement, and why."""

    range: Range
    reason: str


@dataclass(slots=True)
class _Collected:
    """What the lines of a file have given so far."""

    requirements: list[Value] = field(default_factory=list)
    includes: list[Value] = field(default_factory=list)
    options: list[Value] = field(default_factory=list)
    malformed: list[_Malformed] = field(default_factory=list)


def _logical_lines(text: str, comments: list[Comment]) -> Iterator[tuple[int, str]]:
    """Yield lines joined at their backslashes, without comments, each with its offset."""
    # Blanks as long as what they replace keep every offset true.
    joined = _CONTINUATION.sub(lambda match: " " * len(match.group()), text)
    for match in _LINE.finditer(joined):
        start, line = match.start(), match.group()
        comment = _COMMENT.search(line)
        if comment is not None:
            comments.append(comment_at(text, start + comment.start(), start + comment.end()))
            line = line[: comment.start()]
        stripped = line.strip()
        # Lines of a template may hold anything once they are filled in.
        if stripped and not _TEMPLATE.search(stripped):
            yield start + line.index(stripped), stripped


def _take(start: int, line: str, collected: _Collected) -> None:
    where = Range(start, start + len(line))
    if include := _INCLUDE.match(line):
        kind = "constraints" if include["option"] in ("-c", "--constraint") else "requirements"
        file = scalar(include["file"], _span(include, "file", start))
        collected.includes.append(mapping({"file": file, "kind": scalar(kind, where)}, where))
    elif editable := _EDITABLE.match(line):
        target, place = editable["target"], _span(editable, "target", start)
        whole = scalar(target, place)
        found = requirement(target, place) or mapping({"raw": whole, "url": whole}, place)
        found.items["editable"] = Value("true", "bool", where)  # type: ignore[index]
        collected.requirements.append(found)
    elif line.startswith("-"):
        _take_option(start, line, collected)
    else:
        _take_requirement(start, line, collected)


def _take_option(start: int, line: str, collected: _Collected) -> None:
    match = _GLOBAL.match(line)
    where = Range(start, start + len(line))
    if match is None:
        collected.malformed.append(_Malformed(where, f"`{line[:40]}` is no option of pip"))
        return
    items = {"option": scalar(match["option"], _span(match, "option", start))}
    if match["value"]:
        items["value"] = scalar(match["value"], _span(match, "value", start))
    collected.options.append(mapping(items, where))


def _take_requirement(start: int, line: str, collected: _Collected) -> None:
    hashes = [scalar(match[1], Range(start + match.start(1), start + match.end(1))) for match in _HASH.finditer(line)]
    option = _OPTION.search(line)
    bare = (line[: option.start()] if option else line).rstrip()
    where = Range(start, start + len(bare))
    found = requirement(bare, where)
    if found is None:
        collected.malformed.append(_Malformed(where, f"`{bare[:60]}`"))
        return
    if hashes:
        found.items["hashes"] = sequence(hashes, Range(hashes[0].range.start, hashes[-1].range.end))  # type: ignore[index]
    collected.requirements.append(found)


def _located(raw: str, where: Range) -> Value | None:
    """Return a requirement that is a place: a VCS address, an archive, a folder."""
    if _LOCATION.match(raw) is None:
        return None
    url = raw.split(" ;")[0].strip()
    items = {"raw": scalar(raw, where), "url": scalar(url, Range(where.start, where.start + len(url)))}
    if egg := _EGG.search(raw):
        items["name"] = _part(raw, egg, where, 1)
    elif wheel := _WHEEL.search(raw):
        items["name"] = _part(raw, wheel, where, 1)
        version = Range(where.start + wheel.start(2), where.start + wheel.end(2))
        items["specifier"] = scalar(f"=={wheel['version']}", version)
    return mapping(items, where)


def _specifier(raw: str, where: Range) -> Value:
    """Return a specifier as it is written."""
    body = raw.split(";")[0].rstrip().rstrip(")").rstrip()
    begin = re.search(r"[<>=!~]", body)
    start = begin.start() if begin else 0
    return scalar(body[start:], Range(where.start + start, where.start + len(body)))


def _part(raw: str, match: re.Match[str] | None, where: Range, group: int) -> Value:
    if match is None:
        return scalar(raw, where)
    return scalar(match[group], Range(where.start + match.start(group), where.start + match.end(group)))


def _span(match: re.Match[str], group: str, start: int) -> Range:
    return Range(start + match.start(group), start + match.end(group))
