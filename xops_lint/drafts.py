"""What cells of notebooks write over files of the project, told by the contents of both."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final, NamedTuple

from xops_lint.document import Document
from xops_lint.matching import regex
from xops_lint.text import Range

_LAST_COMMA: Final = regex(r",(?=[)\]}])")


class Draft(NamedTuple):
    """What a notebook writes to a path, and where it stands in the notebook."""

    path: str
    digest: str
    range: Range


def drafts(document: Document) -> Iterator[Draft]:
    """Yield what the cells of a notebook write to paths that can mean but one file of the project."""
    for each in document.written:
        if each.stretches is None and each.certain:
            end = document.text.find("\n", each.range.start, each.range.end)
            first_line = Range(each.range.start, end if end >= 0 else each.range.end)
            yield Draft(each.path, digest_of(each.text), first_line)


def digest_of(text: str) -> str:
    """Return what tells a text from others, whatever a formatter does to it."""
    # Every text of a project is told so: this is three times as fast as a pattern for blanks.
    told = _LAST_COMMA.sub("", "".join(text.split())).replace("'", '"')
    return hashlib.blake2s(told.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
