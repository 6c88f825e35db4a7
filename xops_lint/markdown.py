"""Renders a page of ours, written in Markdown, for a terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from xops_lint.matching import regex

_BOLD, _UNDERLINED, _CODE, _DIM, _RESET = "\033[1m", "\033[1;4m", "\033[36m", "\033[2m", "\033[0m"
_FENCE = regex(r"\s*(```+|~~~+)(.*)")
_HEADING = regex(r"(#+)\s+(.*)")
_ITEM = regex(r"(\s*(?:[-*]|\d+\.)\s+)(.*)")
_LINK = regex(r"\[([^\]]+)\]\(([^)\s]+)\)")
_INLINE_CODE = regex(r"`([^`]+)`")
_STRONG = regex(r"\*\*([^*]+)\*\*")
_TITLE = regex(r'title="([^"]*)"')


def render(text: str, width: int, *, color: bool) -> str:
    """Return Markdown as lines of at most ``width`` columns; code is never wrapped."""
    return "\n".join(_lines(text.splitlines(), width, color)).rstrip() + "\n"


def _lines(lines: list[str], width: int, color: bool) -> Iterator[str]:
    paragraph: list[str] = []
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1] == fence else fence
            if fence:
                yield _styled(f"    {line}".rstrip(), _CODE, color)
            continue
        starts_block = mark or _HEADING.match(line) or _ITEM.match(line) or line.startswith("|") or not line.strip()
        if starts_block and paragraph:
            yield from _wrapped(paragraph, width, color)
            paragraph = []
        if mark:
            fence = mark[1]
            title = _TITLE.search(mark[2])
            if title:
                yield _styled(f"    {title[1]}", _DIM, color)
        elif heading := _HEADING.match(line):
            yield _heading(len(heading[1]), heading[2], color)
        elif line.startswith("|") or not line.strip():
            yield _inline(line, color)
        else:
            paragraph.append(line)
    yield from _wrapped(paragraph, width, color)


def _wrapped(paragraph: list[str], width: int, color: bool) -> Iterator[str]:
    if not paragraph:
        return
    item = _ITEM.match(paragraph[0])
    start = item[1] if item else ""
    text = " ".join([item[2] if item else paragraph[0], *paragraph[1:]])
    text = _LINK.sub(_link, " ".join(text.split()))
    # Colours are put on last, for they would count as columns.
    wrapped = textwrap.wrap(
        text,
        width,
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_long_words=False,
        break_on_hyphens=False,
    )
    yield from _inline("\n".join(wrapped), color).split("\n")


def _link(link: re.Match[str]) -> str:
    return f"{link[1]} ({link[2]})" if link[2].startswith(("http:", "https:")) else link[1]


def _heading(level: int, text: str, color: bool) -> str:
    if color:
        return _styled(text, _UNDERLINED if level == 1 else _BOLD, color)
    return f"{text}\n{'=' * len(text)}" if level == 1 else text


def _inline(text: str, color: bool) -> str:
    if not color:
        return _STRONG.sub(r"\1", text)
    text = _STRONG.sub(rf"{_BOLD}\1{_RESET}", text)
    return _INLINE_CODE.sub(rf"{_CODE}\1{_RESET}", text)


def _styled(text: str, style: str, color: bool) -> str:
    return f"{style}{text}{_RESET}" if color and text else text
