"""Files that a notebook writes with ``%%writefile``: files of the project that lie in its cells."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xops_lint.document import WrittenFile
from xops_lint.file_names import language_of
from xops_lint.matching import regex
from xops_lint.text import Range

_OPERANDS = regex(r"(?P<append>(?:-a|--append)[ \t]+)?(?P<quote>[\"']?)(?P<path>[^\"'\r\n]+)(?P=quote)\Z")
_FILLED_IN = regex(r"[${}~*]")
_NOT_BREAK = regex(r"[^\r\n]")


class Writing(NamedTuple):
    """One cell that writes a file: the path as written, and where the content stands."""

    path: str
    appends: bool
    range: Range


def writing(operands: str, content: Range) -> Writing | None:
    """Return what a cell writes, from the operands of its magic."""
    match = _OPERANDS.match(operands.strip())
    return Writing(match["path"].strip(), match["append"] is not None, content) if match else None


def written_files(notebook: str, text: str, writings: Sequence[Writing]) -> Iterator[WrittenFile]:
    """Yield the files that cells of a notebook write, in the order in which they are written first.

    The text of each is the notebook's up to its last cell, with all else blanked, so that both
    have the same positions. A cell that writes a file again replaces what was there.
    """
    found: dict[str, list[Range]] = {}
    certain: set[str] = set()
    staged: set[str] = set()
    for each in writings:
        path = _resolved(posixpath.dirname(notebook), each.path)
        if path is not None:
            if path in found and not each.appends:
                staged.add(path)
            found[path] = [*(found.get(path, ()) if each.appends else ()), each.range]
            if posixpath.normpath(posixpath.join(posixpath.dirname(notebook), each.path)) == path:
                certain.add(path)
    for path, ranges in found.items():
        language = language_of(path)
        if language is not None and language != "notebook":
            yield WrittenFile(path, language, _masked(text, ranges), None, ranges[0], path in certain - staged)


def _resolved(folder: str, path: str) -> str | None:
    """Return a path of the project; what lies outside is taken as if it lay beside the notebook."""
    *above, name = path.replace("\\", "/").split("/")
    if _FILLED_IN.search(name) or not name:
        return None
    if path.startswith("/") or _FILLED_IN.search(path):
        above = []
    resolved = posixpath.normpath(posixpath.join(folder, *above, name))
    return posixpath.join(folder, name) if resolved.startswith("../") else resolved


def _masked(text: str, ranges: Sequence[Range]) -> str:
    pieces, end = [], 0
    for each in ranges:
        pieces += [_NOT_BREAK.sub(" ", text[end : each.start]), text[each.start : each.end]]
        end = each.end
    return "".join(pieces)
