"""Files are taken in the order in which the disk lists them."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.chance import feeds
from xops_lint.diagnostic import Edit, Finding, Fix, Safety
from xops_lint.model import Call, PythonFile, Range
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP313",
    name="unsorted-listing",
    summary="Files are taken in the order in which the disk lists them.",
    harm="Another machine lists them otherwise, and a seeded split or shuffle gives other rows there.",
    remedy="Sort the names: `sorted(…)`.",
    ops=("dataops",),
    exploration=True,
)

ORDERED = ("split_data", "sample_data", "data_loader", "cross_validate")
"""Roles of calls that pick rows by their position."""

SETTLING = frozenset({"max", "min", "any", "all", "set", "sum", "next"})
"""Functions whose result is the same in whatever order the items come, or that take the one file there is."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report listings whose order goes, unsorted, into splits, samples, shuffles or data sets."""
    for call in file.calls("list_files"):
        if is_settled(file, call) or not (decides(file, call) or feeds(file, call)):
            continue
        start, end = call.range.start, call.range.end
        edits = (Edit(Range(start, start), "sorted("), Edit(Range(end, end), ")"))
        fix = Fix("Sort the listing", edits, Safety.SAFE)
        yield RULE.at(call, "comes in no certain order, which decides the order of the data", fix=fix)


def is_settled(file: PythonFile, listing: Call) -> bool:
    """Say whether the listing is sorted somewhere, or used where order does not matter."""
    # A listing that is indexed at once, or made for every row, mostly holds one file.
    indexed = file.text[listing.range.end : listing.range.end + 1] == "["
    if listing.loop or indexed or file.text[: listing.range.start].endswith("len(") or is_alone(file, listing):
        return True
    used = [call.method or call.name for call in file.all_calls if listing.index in call.flowing]
    # A class that feeds data counts its files besides reading them.
    counted = "len" in used and (not feeds(file, listing) or set(used) == {"len"})
    return counted or any("sort" in name or name in SETTLING for name in used)


def is_alone(file: PythonFile, listing: Call) -> bool:
    """Say whether the code asserts that the listing holds a single file."""
    asserted = [each for each in file.assertions if each.form and each.exact and listing.index in each.sources]
    return any(type(side.constant) is int and side.constant == 1 for each in asserted for side in each.sides)


def decides(file: PythonFile, listing: Call) -> bool:
    """Say whether positions in the listing decide what a split, a sample or a shuffle picks.

    What chance picks anew on every run is pinned by no order.
    """
    seeded = next(file.calls("seed"), None) is not None
    picks = [call for call in file.all_calls if listing.index in call.flowing and picks_by_position(call)]
    return bool(picks) and (seeded or not any(call.unseeded() for call in picks))


def picks_by_position(call: Call) -> bool:
    """Say whether the outcome of a call depends on the order of its data."""
    return not call.roles.isdisjoint(ORDERED) or (call.entry is not None and "in_place" in call.entry.traits)
