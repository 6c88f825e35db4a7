"""Fingerprints: what stays the same of a finding when lines move."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b

from xops_lint.diagnostic import Diagnostic
from xops_lint.document import Document
from xops_lint.text import Range

_PYTHON_HEADER = re.compile(r"\s*(?:async\s+)?(?:def|class)\s+(\w+)")
_TABLE = re.compile(r"\s*\[")
_LONGEST_SNIPPET = 400
_MOST_LINES_ABOVE = 5000


def fingerprint(code: str, document: Document, where: Range, cell_id: str | None) -> str:
    """Return a digest of rule, path, what stands around a range, and its text.

    Rows have no part in it; two equal findings of a file get the same, until
    ``distinct`` tells them apart.
    """
    snippet = " ".join(document.source(where).split())[:_LONGEST_SNIPPET]
    around = "/".join(reversed(list(_around(document, where))))
    return _digest(code, document.path, cell_id or "", around, snippet)


def distinct(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return diagnostics, in order, with a counter worked into repeated fingerprints."""
    seen: Counter[str] = Counter()
    told_apart = []
    for diagnostic in diagnostics:
        seen[diagnostic.fingerprint] += 1
        occurrence = seen[diagnostic.fingerprint]
        if occurrence > 1:
            diagnostic = replace(diagnostic, fingerprint=_digest(diagnostic.fingerprint, str(occurrence)))
        told_apart.append(diagnostic)
    return told_apart


def _around(document: Document, where: Range) -> Iterator[str]:
    """Yield the definitions, keys or tables around a range, by indentation, innermost first."""
    row, _ = document.lines.position(where.start)
    python = document.language in ("python", "notebook")
    indentation = _indentation(document.lines.line(row))
    for above in range(row - 1, max(row - _MOST_LINES_ABOVE, 0), -1):
        line = document.lines.line(above)
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        if document.language == "toml" and _TABLE.match(line):
            yield stripped
            return
        if _indentation(line) < indentation:
            header = _PYTHON_HEADER.match(line) if python else None
            if not python or header:
                indentation = _indentation(line)
                yield header[1] if header else " ".join(stripped.split())
        if indentation == 0 and document.language != "toml":
            return


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def _digest(*words: str) -> str:
    digest = blake2b(digest_size=12)
    for word in words:
        digest.update(word.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()
