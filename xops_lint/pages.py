"""Reads rule pages, whose code blocks are tests, and runs them.

A page has the sections Why, Bad, Good, When to switch it off and, where they
help, Fixed and Edge cases. Its fenced blocks are the files of small projects:

- ```` ```python title="train.py" ````: ``title`` names the file; without it the
  language does (``train.py``, ``config.yaml``, ``Dockerfile`` …). Blocks that follow
  each other make one project, a *case*; prose between two blocks, a heading, or a
  title that comes again starts a new case.
- A comment line ``#    ^^^^ message`` below a line marks a finding at the columns
  of the carets; a run that follows a ``#`` in column 1 counts the ``#`` too. Such
  lines are taken out before linting. Of a finding that spans lines, mark the start.
- ```` ```findings ```` lists ``path:row:column message`` or ``path:cell N:row:column
  message``, for JSON and for findings without a width.
- A python block titled ``*.ipynb`` is a notebook of ``# %%`` cells: ``# %% [3]`` has
  execution count 3, ``# %% [markdown]`` is text, ``tags=a,b`` tags the cell.
- Further words after the language: ``profile=production`` lints the case under a
  profile, with the rules' own restrictions to kinds of paths in force;
  ``untracked`` keeps a file out of git.

Cases of *Bad* give exactly the marked findings, those of *Good* and *Fixed* none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from xops_lint.matching import regex

SECTIONS: Final = ("Why", "Bad", "Good", "When to switch it off")
"""The sections every page has."""

PROSE: Final = ("", "Why", "When to switch it off")
"""The sections whose blocks only illustrate."""

_TITLES = {
    "python": "train.py",
    "yaml": "config.yaml",
    "json": "config.json",
    "toml": "config.toml",
    "dockerfile": "Dockerfile",
    "hcl": "main.tf",
    "pbtxt": "config.pbtxt",
    "requirements": "requirements.txt",
    "ipynb": "notebook.ipynb",
}
_HEADING = regex(r"# (?P<name>[a-z0-9-]+) \((?P<code>[A-Z]{3}\d{3})\)")
_SECTION = regex(r"(?P<marks>##|###) +(?P<title>.+)")
_FENCE = regex(r"(?P<fence>`{3,})(?P<language>[\w-]*)(?P<information>.*)")
_TITLE = regex(r'title="([^"]*)"')
_PROFILE = regex(r"\bprofile=([a-z]+)")
_CARETS = regex(r"(?P<before>\s*)#(?P<gap>\s*)(?P<carets>\^+)(?:\s+(?P<message>.*\S))?\s*")
_FINDING = regex(
    r"(?P<path>.+?):(?:cell (?P<cell>\d+):)?(?P<row>\d+):(?P<column>\d+)(?:-(?P<end>\d+))? (?P<message>.+)"
)
_CELL = regex(r"# %%(?: \[(?P<mark>\w+)\])?(?: tags=(?P<tags>[\w,-]+))?\s*")


class PageError(ValueError):
    """A page is not written as pages are."""


class Expected(NamedTuple):
    """A finding that a page marks; ``end_column`` is None where only the start is known."""

    path: str
    cell: int | None
    row: int
    column: int
    end_column: int | None
    message: str


class PageFile(NamedTuple):
    """One file of a case, as it is written to disk."""

    path: str
    text: str
    tracked: bool


@dataclass(slots=True)
class Case:
    """One small project of a page: its files, and what is to be found in it."""

    section: str
    number: int
    row: int
    files: list[PageFile] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)
    profile: str | None = None

    @property
    def id(self) -> str:
        """The section and the number of the case within it."""
        return f"{self.section}-{self.number}"


@dataclass(frozen=True, slots=True)
class Page:
    """A rule's page, or a page of further cases."""

    path: Path
    name: str
    code: str
    summary: str
    sections: tuple[str, ...]
    cases: tuple[Case, ...]


class _Block(NamedTuple):
    """A fenced block and where it stands."""

    section: str
    group: int
    row: int
    language: str
    information: str
    lines: tuple[str, ...]


def read_page(path: Path) -> Page:
    """Read a page; raise PageError, with the line, for what cannot be read."""
    lines = path.read_text("utf-8").splitlines()
    heading = _HEADING.fullmatch(lines[0]) if lines else None
    if heading is None:
        raise PageError(f"{path.name}:1: the first line is not `# rule-name (CODE)`")
    sections = [match["title"].strip() for match in map(_SECTION.fullmatch, _outside_fences(lines)) if match]
    cases = tuple(_cases(path, _blocks(path, lines)))
    return Page(path, heading["name"], heading["code"], _summary(lines), tuple(sections), cases)


def _outside_fences(lines: Sequence[str]) -> Iterator[str]:
    fence = ""
    for line in lines:
        match = _FENCE.fullmatch(line)
        if fence:
            fence = "" if line.strip() == fence else fence
        elif match:
            fence = match["fence"]
        else:
            yield line


def _summary(lines: Sequence[str]) -> str:
    """Return the first paragraph below the heading."""
    paragraph: list[str] = []
    for line in lines[1:]:
        if not line.strip() and paragraph:
            break
        if line.strip():
            paragraph.append(line.strip())
    return " ".join(paragraph)


def _blocks(path: Path, lines: Sequence[str]) -> Iterator[_Block]:
    section, group, row = "", 0, 0
    while row < len(lines):
        heading, fence = _SECTION.fullmatch(lines[row]), _FENCE.fullmatch(lines[row])
        row += 1
        if heading:
            group += 1
            section = heading["title"].strip() if heading["marks"] == "##" else section
        if fence is None:
            # A sentence between two blocks tells what the next case shows.
            group += bool(lines[row - 1].strip()) and not heading
            continue
        start = row
        while row < len(lines) and lines[row].strip() != fence["fence"]:
            row += 1
        if row == len(lines):
            raise PageError(f"{path.name}:{start}: the block is not closed")
        yield _Block(section, group, start, fence["language"], fence["information"], tuple(lines[start:row]))
        row += 1


def _cases(path: Path, blocks: Iterable[_Block]) -> Iterator[Case]:
    case: Case | None = None
    group, counts = 0, dict[str, int]()
    for block in blocks:
        if block.section in PROSE:
            continue
        if block.language == "findings":
            if case is None or group != block.group:
                raise PageError(f"{path.name}:{block.row}: the findings follow no file")
            case.expected += _listed_findings(path, block)
            continue
        title = _title(block)
        if title is None:
            continue
        if case is None or group != block.group or any(file.path == title for file in case.files):
            if case is not None:
                yield case
            counts[block.section] = counts.get(block.section, 0) + 1
            case, group = Case(block.section, counts[block.section], block.row), block.group
        _add(case, title, block)
    if case is not None:
        yield case


def _title(block: _Block) -> str | None:
    match = _TITLE.search(block.information)
    return match[1] if match else _TITLES.get(block.language)


def _add(case: Case, title: str, block: _Block) -> None:
    lines = block.lines
    if title.endswith(".ipynb") and block.language == "python":
        text, expected = _notebook(title, lines)
    elif block.language == "json":
        text, expected = "\n".join(lines) + "\n", []
    else:
        kept, expected = _without_carets(title, None, lines)
        text = "".join(f"{line}\n" for line in kept)
    profile = _PROFILE.search(block.information)
    case.profile = profile[1] if profile else case.profile
    tracked = "untracked" not in _TITLE.sub("", block.information).split()
    case.files.append(PageFile(title, text, tracked))
    case.expected += expected


def _without_carets(path: str, cell: int | None, lines: Sequence[str]) -> tuple[list[str], list[Expected]]:
    """Take the lines with carets out of a text; return the findings they mark."""
    kept: list[str] = []
    expected = []
    for line in lines:
        match = _CARETS.fullmatch(line)
        if match is None or not kept:
            kept.append(line)
            continue
        at_margin = not match["before"] and not match["gap"]
        column = 1 if at_margin else match.start("carets") + 1
        message = match["message"] or ""
        expected.append(Expected(path, cell, len(kept), column, match.end("carets") + 1, message))
    return kept, expected


def _listed_findings(path: Path, block: _Block) -> Iterator[Expected]:
    for row, line in enumerate(block.lines, start=block.row + 1):
        match = _FINDING.fullmatch(line.strip())
        if match is None:
            raise PageError(f"{path.name}:{row}: not `path:row:column message`")
        cell, end = match["cell"], match["end"]
        yield Expected(
            match["path"],
            int(cell) if cell else None,
            int(match["row"]),
            int(match["column"]),
            int(end) if end else None,
            match["message"],
        )


def _notebook(path: str, lines: Sequence[str]) -> tuple[str, list[Expected]]:
    """Return the JSON of a notebook written as ``# %%`` cells, and the findings marked in it."""
    written: list[tuple[re.Match[str] | None, list[str]]] = []
    for line in lines:
        marker = _CELL.fullmatch(line)
        if marker or not written:
            written.append((marker, []))
        if not marker:
            written[-1][1].append(line)
    cells, expected = [], []
    for number, (marker, source) in enumerate(written, start=1):
        kept, found = _without_carets(path, number, source)
        expected += found
        while kept and not kept[-1].strip():
            kept.pop()
        cells.append(_cell(number, marker, kept))
    notebook = {"cells": cells, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", expected


def _cell(number: int, marker: re.Match[str] | None, lines: Sequence[str]) -> dict[str, object]:
    mark = marker["mark"] if marker else None
    tags = marker["tags"].split(",") if marker and marker["tags"] else None
    cell: dict[str, object] = {
        "id": f"cell-{number}",
        "cell_type": "markdown" if mark == "markdown" else "code",
        "metadata": {"tags": tags} if tags else {},
        "source": [f"{line}\n" if row < len(lines) else line for row, line in enumerate(lines, start=1)],
    }
    if mark != "markdown":
        cell |= {"execution_count": int(mark) if mark else None, "outputs": []}
    return cell
