"""Guesses what a person meant by a word that nothing is called."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like ``word``, whatever its case, or None."""
    by_fold = {candidate.casefold(): candidate for candidate in sorted(known)}
    matches = get_close_matches(word.casefold().replace("_", "-"), by_fold, n=1, cutoff=0.6)
    return by_fold[matches[0]] if matches else None


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return ``; did you mean `…`?``, or nothing if no known word is near."""
    found = nearest(word, known)
    return f"; did you mean `{found}`?" if found else ""
