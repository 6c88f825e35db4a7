"""Decides which rules a chain of selections turns on, and how firmly.

The more specific selector wins: a code or a name over a code's prefix, a prefix
over a principle or an ops discipline, and these over ``ALL`` and ``DEFAULT``.
Of two equally specific ones ``ignore`` wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from xops_lint.rule import Group, Rule

ALL = "ALL"
DEFAULT = "DEFAULT"
OPS = ("devops", "dataops", "mlops", "aiops")


class Reach(IntEnum):
    """How far a selection goes beyond the default set.

    ``BROAD`` keeps to the groups that are on anyway, ``ALL`` adds optional and
    production rules, ``EXACT`` turns on a rule whatever its group and place.
    """

    OFF = 0
    BROAD = 1
    ALL = 2
    EXACT = 3


class Matcher(Protocol):
    """What knows the codes behind a selector: the registry."""

    def match(self, selector: str) -> frozenset[str]:
        """Return the codes a selector stands for."""

    def specificity(self, selector: str) -> int:
        """Return how specific a selector is."""


@dataclass(frozen=True, slots=True)
class Selection:
    """One layer of choices; ``select`` starts anew, None builds on what was chosen."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


EXACT_SPECIFICITY = 10
"""The specificity of a whole code or a name."""


def decide(selections: Sequence[Selection], registry: Matcher) -> dict[str, Reach]:
    """Apply selections in order; each entry says how a rule was chosen last."""
    decisions: dict[str, Reach] = {}
    for selection in selections:
        if selection.select is not None:
            decisions = {}
        for code, reach in verdicts(selection, registry).items():
            decisions[code] = max(reach, decisions.get(code, Reach.OFF)) if reach else Reach.OFF
    return decisions


def verdicts(selection: Selection, registry: Matcher) -> dict[str, Reach]:
    """Return what one selection says of each rule it mentions."""
    chosen = _strongest((*(selection.select or ()), *selection.extend_select), registry)
    ignored = _strongest(selection.ignore, registry)
    found = dict.fromkeys(ignored, Reach.OFF)
    for code, (specificity, reach) in chosen.items():
        if specificity > ignored.get(code, (-1, Reach.OFF))[0]:
            found[code] = reach
    return found


def admits(rule: Rule, reach: Reach, profile: str, preview: bool) -> bool:
    """Say whether a rule so chosen takes part under a profile."""
    if reach is Reach.EXACT:
        return True
    if rule.group is Group.PREVIEW:
        return preview and reach > Reach.OFF
    if rule.group is Group.PRODUCTION:
        return reach is Reach.ALL or (reach is Reach.BROAD and profile == "production")
    if rule.group is Group.OPTIONAL:
        return reach is Reach.ALL
    return reach > Reach.OFF


def most_specific(table: Mapping[str, str], registry: Matcher) -> dict[str, str]:
    """Spread a table of selectors over codes; the more specific selector wins."""
    spread: dict[str, str] = {}
    for selector in sorted(table, key=registry.specificity):
        spread.update(dict.fromkeys(registry.match(selector), table[selector]))
    return spread


def _strongest(selectors: Iterable[str], registry: Matcher) -> dict[str, tuple[int, Reach]]:
    strongest: dict[str, tuple[int, Reach]] = {}
    for selector in selectors:
        specificity = registry.specificity(selector)
        reach = Reach.EXACT if specificity == EXACT_SPECIFICITY else Reach.ALL if selector == ALL else Reach.BROAD
        for code in registry.match(selector):
            known = strongest.get(code, (-1, Reach.OFF))
            strongest[code] = (max(specificity, known[0]), max(reach, known[1]))
    return strongest
