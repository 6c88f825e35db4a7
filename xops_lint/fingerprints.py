"""Fingerprints: what stays the same of a finding when lines move."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b
from typing import NamedTuple

from xops_lint.diagnostic import Diagnostic, Finding
from xops_lint.document import Document
from xops_lint.enclosing import scope_of, subject_of
from xops_lint.matching import regex

_PIECE = regex(
    r'"""(?P<long>(?:\\.|[^\\])*?)"""'
    r"|'''(?P<longer>(?:\\.|[^\\])*?)'''"
    r'|"(?P<double>(?:\\.|[^"\\\n])*)"'
    r"|'(?P<single>(?:\\.|[^'\\\n])*)'"
    r"|(?P<comment>(?<!\S)#[^\r\n]*)"
    r"|(?P<layout>[\s(),;\\]+|[\"'])"
    r"|(?P<word>[^\s(),;\\\"']+)",
    re.DOTALL,
)
_LAYOUT = frozenset({"comment", "layout"})
_DIGITS = regex(r"\d+")
_LONGEST_SNIPPET = 400


class Identity(NamedTuple):
    """What tells a finding from others: ``key`` within any file, ``fingerprint`` in the whole project.

    ``scope`` names what stands around it and is None for a finding about a file as a whole.
    """

    scope: str | None
    key: str
    fingerprint: str


def identity(finding: Finding, document: Document) -> Identity:
    """Return what stays of a finding: its rule, what stands around it, and its text without layout.

    Rows, cells and their ids have no part in it: tools number them anew. Two equal
    findings of a file get the same, until ``distinct`` tells them apart.
    """
    code, where = finding.rule.code, finding.range
    # A written file's path stands for it within the notebook that writes it.
    written = document.path if document.host is not None else ""
    if where.end == 0:
        key = _digest(code, written, _DIGITS.sub("", finding.message))
        return Identity(None, key, _digest(document.path, key))
    scope = scope_of(document, where.start)
    key = _digest(code, written, scope, _without_layout(subject_of(document, where)))
    return Identity(scope, key, _digest(document.path, key))


def distinct(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return diagnostics, in order, with a counter worked into repeated fingerprints."""
    seen: Counter[str] = Counter()
    told_apart = []
    for diagnostic in diagnostics:
        seen[diagnostic.fingerprint] += 1
        occurrence = str(seen[diagnostic.fingerprint])
        if occurrence != "1":
            fingerprint, key = (_digest(word, occurrence) for word in (diagnostic.fingerprint, diagnostic.key))
            diagnostic = replace(diagnostic, fingerprint=fingerprint, key=key)
        told_apart.append(diagnostic)
    return told_apart


def _without_layout(snippet: str) -> str:
    """Return a text without what formatters change: blanks, brackets, commas, quotes, comments."""
    kept = []
    for piece in _PIECE.finditer(snippet):
        if piece.lastgroup not in _LAYOUT:
            kept.append("".join((piece[piece.lastgroup or 0] or "").split()))
    return ("".join(kept) or " ".join(snippet.split()))[:_LONGEST_SNIPPET]


def _digest(*words: str) -> str:
    digest = blake2b(digest_size=12)
    for word in words:
        digest.update(word.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()
