"""The baseline: findings that are known, and how those of a run compare with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from xops_lint.diagnostic import Diagnostic


class Entry(NamedTuple):
    """One known finding; ``scope`` is None where it is about the file as a whole."""

    path: str
    code: str
    scope: str | None
    key: str

    @classmethod
    def of(cls, found: Diagnostic) -> Entry:
        """Return the entry that stands for a finding."""
        return cls(found.place.path, found.code, found.scope, found.key)

    def sort_key(self) -> tuple[str, str, str, str]:
        """Order by path, rule and scope, so that neighbours in a file are neighbours here."""
        return (self.path, self.code, self.scope or "", self.key)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run's findings beside the known ones.

    ``absent`` entries are no longer found, ``kept`` ones are, or nobody looked;
    ``moved`` counts entries whose file has another name now.
    """

    new: tuple[Diagnostic, ...]
    unchanged: tuple[Diagnostic, ...]
    absent: tuple[Entry, ...]
    kept: frozenset[Entry]
    moved: int = 0


def compare(
    found: Sequence[Diagnostic],
    known: Collection[Entry],
    *,
    judged: Callable[[Entry], bool],
    gone: Callable[[str], bool],
) -> Comparison:
    """Compare findings with known ones.

    ``judged`` says whether a run would have found an entry if it were still there,
    ``gone`` whether a path is no file any more: its entries may live on under another.
    """
    entries = {(entry.path, entry.key): entry for entry in known}
    places = {(each.place.path, each.key) for each in found}
    left = [entry for place, entry in entries.items() if place not in places]
    unmatched = [each for each in found if (each.place.path, each.key) not in entries]
    names = _renamed([entry for entry in left if gone(entry.path)], unmatched, {path for path, _ in entries})
    # What nobody looked for moves with its file.
    moved = {entry: entry._replace(path=names[entry.path]) for entry in left if entry.path in names}
    reached = {(entry.path, entry.key) for entry in moved.values()}
    unchanged: list[Diagnostic] = []
    new: list[Diagnostic] = []
    for each in found:
        place = (each.place.path, each.key)
        old = place in entries or place in reached
        (unchanged if old else new).append(replace(each, baseline_state="unchanged" if old else "new"))
    absent = {
        entry for entry in left if judged(entry) and not (entry in moved and (moved[entry].path, entry.key) in places)
    }
    kept = frozenset(moved.get(entry, entry) for entry in entries.values() if entry not in absent)
    return Comparison(
        tuple(new),
        tuple(unchanged),
        tuple(sorted(absent, key=Entry.sort_key)),
        kept,
        sum(entry not in absent for entry in moved),
    )


def _renamed(left: Iterable[Entry], unmatched: Iterable[Diagnostic], taken: Collection[str]) -> Mapping[str, str]:
    """Return which path without a file goes on as which path that was not known, each once.

    At least half of what was known of the file must be found again; findings about whole
    files, which are alike in many, tell only where the file's own name stays.
    """
    before, after = defaultdict(set), defaultdict(set)
    for entry in left:
        before[entry.path].add((entry.key, entry.scope is None))
    for each in unmatched:
        if each.place.path not in taken:
            after[each.place.path].add((each.key, each.scope is None))
    pairs = [
        (-len(shared), -_common(old, new), old, new)
        for old, keys in before.items()
        for new, others in after.items()
        if len(shared := keys & others) * 2 >= len(keys)
        and (_common(old, new) or not all(whole for _, whole in shared))
    ]
    names: dict[str, str] = {}
    used: set[str] = set()
    for _, _, old, new in sorted(pairs):
        if old not in names and new not in used:
            names[old] = new
            used.add(new)
    return names


def _common(one: str, other: str) -> int:
    """Return how many names two paths share, counted from their ends."""
    return sum(1 for _ in _same(reversed(one.split("/")), reversed(other.split("/"))))


def _same(ones: Iterable[str], others: Iterable[str]) -> Iterator[str]:
    for one, other in zip(ones, others, strict=False):
        if one != other:
            return
        yield one
