"""Here-documents of shell texts: the programs that Python reads from them, and the files that they become."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from xops_lint.file_names import language_of
from xops_lint.matching import regex

_OPENING: Final = regex(
    r"^(?P<before>[^\n#]*?)(?<!<)<<(?P<tabs>-?)[ \t]*"
    r"(?P<quote>['\"]?)(?P<end>[A-Za-z_]\w*)(?P=quote)(?P<after>[^\n]*)\n",
    re.MULTILINE,
)
_READS: Final = regex(r"(?:^|[\s;&|(`/])python[\d.]*(?:[ \t]+-[uIEsBO]+)*(?:[ \t]+-)?[ \t]*\Z")
_WRITES: Final = regex(r"(?:^|[\s;&|(])(?:cat|tee)\b")
_TARGET: Final = regex(r"(?:(?<![>\d&])>[ \t]*|\btee[ \t]+)(?P<path>[\w./-]+)(?=[ \t]|\Z)")


class HereDocument(NamedTuple):
    """The lines of a here-document: their language, the name of the file they become, if any, and where they stand."""

    language: str
    name: str
    start: int
    end: int


def here_documents(text: str) -> Iterator[HereDocument]:
    """Yield the here-documents of a shell text that hold a program or a config."""
    position = 0
    while opening := _OPENING.search(text, position):
        margin = r"[ \t]*" if opening["tabs"] else ""
        closing = re.compile(rf"^{margin}{opening['end']}[ \t]*$", re.MULTILINE).search(text, opening.end())
        # The lines of an instruction of a Dockerfile come without the last one.
        end, position = (closing.start(), closing.end()) if closing else (len(text), len(text))
        target = _TARGET.search(opening["before"]) or _TARGET.search(opening["after"])
        if _READS.search(opening["before"]):
            yield HereDocument("python", "", opening.end(), end)
        elif target is not None and _WRITES.search(opening["before"]):
            name = target["path"].rpartition("/")[2]
            language = language_of(name)
            if language not in (None, "notebook", "text"):
                yield HereDocument(language or "", name, opening.end(), end)
