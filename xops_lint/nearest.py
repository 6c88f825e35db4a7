"""Guesses what a person meant by a word that nothing is called."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like ``word``, whatever its case, or None."""
    from difflib import get_close_matches

    by_fold = {candidate.casefold(): candidate for candidate in sorted(known)}
    matches = get_close_matches(word.casefold().replace("_", "-"), by_fold, n=1, cutoff=0.6)
    return by_fold[matches[0]] if matches else None


def suggestion(word: str, known: Iterable[str]) -> str:
    """Return ``; did you mean `…`?``, or nothing if no known word is near."""
    found = nearest(word, known)
    return f"; did you mean `{found}`?" if found else ""


def several(word: str, known: Iterable[str]) -> list[str]:
    """Return up to three known words that hold ``word`` or are most like it."""
    from difflib import get_close_matches

    folded, words = word.casefold(), sorted(known)
    holding = sorted((each for each in words if folded in each.casefold()), key=len)
    like = get_close_matches(word, words, n=3, cutoff=0.6)
    return list(dict.fromkeys((*like, *holding)))[:3]
