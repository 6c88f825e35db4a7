"""Applies directives to findings, and says which of them silence nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, NamedTuple

from xops_lint.diagnostic import Diagnostic
from xops_lint.directives import Directive

UNUSED_IGNORE: Final = "XOP003"


@dataclass(frozen=True, slots=True)
class Policy:
    """Whether suppressions count at all, which rules they never touch, and today's date."""

    active: bool = True
    locked: frozenset[str] = frozenset()
    today: date = field(default_factory=date.today)


class Placed(NamedTuple):
    """A directive, and the finding it becomes if it silences nothing; None if nobody asks."""

    directive: Directive
    unused: Diagnostic | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a directive does: the findings it silences, and which of its rules it was tried on."""

    directive: Directive
    silenced: tuple[Diagnostic, ...]
    ran: frozenset[str]


class Settled(NamedTuple):
    """What remains to be reported, what was suppressed, each in order, and what each directive does."""

    reported: list[Diagnostic]
    suppressed: list[Diagnostic]
    standing: tuple[Standing, ...] = ()


def settle(
    diagnostics: Iterable[Diagnostic], directives: Sequence[Placed], ran: frozenset[str], policy: Policy
) -> Settled:
    """Part findings into reported and suppressed ones; add directives that silence nothing.

    A directive is called unused only for rules that ``ran`` on its file.
    """
    state = _State([placed.directive for placed in directives], policy)
    reported, suppressed, _ = state.part(diagnostics)
    # A directive may silence the remark that another is unused; of itself it cannot.
    remarks = state.part(state.unused(directives, ran - {UNUSED_IGNORE}))
    reported += remarks.reported
    suppressed += remarks.suppressed
    reported += state.unused(directives, ran & {UNUSED_IGNORE})
    reported, suppressed = (sorted(found, key=Diagnostic.sort_key) for found in (reported, suppressed))
    return Settled(reported, suppressed, tuple(state.standing(ran)))


@dataclass(slots=True)
class _State:
    """Which directive has silenced what: ``used`` holds the findings by the directive's index and the code."""

    directives: list[Directive]
    policy: Policy
    used: dict[tuple[int, str], list[Diagnostic]] = field(default_factory=dict)

    def part(self, diagnostics: Iterable[Diagnostic]) -> Settled:
        """Part findings by the directives that cover them; note which were used."""
        reported: list[Diagnostic] = []
        suppressed: list[Diagnostic] = []
        for diagnostic in diagnostics:
            covering = [] if diagnostic.code in self.policy.locked else list(self._covering(diagnostic))
            if covering:
                silenced = replace(diagnostic, suppressed=self.directives[covering[0]].reason)
                suppressed.append(silenced)
                for index in covering:
                    self.used.setdefault((index, diagnostic.code), []).append(silenced)
            else:
                reported.append(diagnostic)
        return Settled(reported, suppressed)

    def standing(self, ran: frozenset[str]) -> Iterator[Standing]:
        """Yield of every directive what it has silenced."""
        for index, directive in enumerate(self.directives):
            codes = [cover.code for cover in directive.covers]
            silenced = [found for code in codes for found in self.used.get((index, code), ())]
            yield Standing(directive, tuple(silenced), ran.intersection(codes))

    def unused(self, directives: Sequence[Placed], ran: frozenset[str]) -> list[Diagnostic]:
        """Return the remark on every directive with rules that ran and that it never silenced."""
        remarks = []
        for index, (directive, remark) in enumerate(directives):
            codes = [cover.code for cover in directive.covers]
            idle = [code for code in codes if code in ran and (index, code) not in self.used]
            if remark is None or not idle:
                continue
            message = f"silences no {_listed(idle)}{self._because(directive, idle)}"
            # A list that is still needed in part is for a person to shorten.
            fix = remark.fix if len(idle) == len(codes) else None
            remarks.append(replace(remark, message=message, fix=fix))
        return remarks

    def _covering(self, diagnostic: Diagnostic) -> Iterator[int]:
        for index, directive in enumerate(self.directives):
            if self._expired(directive):
                continue
            if any(code == diagnostic.code and span.covers(diagnostic.place) for code, span in directive.covers):
                yield index

    def _because(self, directive: Directive, idle: Sequence[str]) -> str:
        if self._expired(directive):
            return f": it expired on {directive.until}"
        if not self.policy.locked.isdisjoint(idle):
            return ": the settings lock it"
        return ""

    def _expired(self, directive: Directive) -> bool:
        return directive.until is not None and directive.until < self.policy.today


def _listed(codes: Sequence[str]) -> str:
    return " and no ".join(f"`{code}`" for code in codes)
