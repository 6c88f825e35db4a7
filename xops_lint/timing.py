"""Where the time of a run went: by phase, and by rule."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Final, TextIO

_RULES_SHOWN: Final = 20


@dataclass(slots=True)
class Timing:
    """Seconds by phase, in the order of the phases, and by rule; rules that run in several processes add up."""

    phases: dict[str, float] = field(default_factory=dict)
    rules: dict[str, float] = field(default_factory=dict)

    def phase(self, name: str) -> AbstractContextManager[None]:
        """Add what happens inside to a phase."""
        return _adding(self.phases, name)

    def rule(self, code: str) -> AbstractContextManager[None]:
        """Add what happens inside to a rule."""
        return _adding(self.rules, code)

    def add(self, rules: Mapping[str, float]) -> None:
        """Add what rules took."""
        for code, seconds in rules.items():
            self.rules[code] = self.rules.get(code, 0.0) + seconds

    def tell(self, names: Mapping[str, str], out: TextIO) -> None:
        """Write both tables, the slowest rules first."""
        total = sum(self.phases.values())
        for name, seconds in (*self.phases.items(), ("together", total)):
            out.write(f"{seconds:9.3f} s  {name}\n")
        slowest = sorted(self.rules.items(), key=lambda item: -item[1])
        for code, seconds in slowest[:_RULES_SHOWN]:
            out.write(f"{seconds:9.3f} s  {code} {names.get(code, '')}\n")
        if len(slowest) > _RULES_SHOWN:
            rest = sum(seconds for _, seconds in slowest[_RULES_SHOWN:])
            out.write(f"{rest:9.3f} s  {len(slowest) - _RULES_SHOWN} more rules\n")


@contextmanager
def _adding(table: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    try:
        yield
    finally:
        table[name] = table.get(name, 0.0) + time.perf_counter() - started
