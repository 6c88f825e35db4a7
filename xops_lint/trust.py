"""How far the fixes of each rule may be trusted here: what the settings say over what the rules do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from xops_lint.diagnostic import Diagnostic, Safety
from xops_lint.registry import Registry
from xops_lint.settings import Settings


@dataclass(frozen=True, slots=True)
class Trust:
    """The codes of rules whose fixes are never applied, and of those that are trusted more or less than usual."""

    withheld: frozenset[str] = frozenset()
    safe: frozenset[str] = frozenset()
    unsafe: frozenset[str] = frozenset()

    @classmethod
    def of(cls, settings: Settings, registry: Registry) -> Trust:
        """Return what the settings say."""

        def codes(selectors: Iterable[str]) -> frozenset[str]:
            return frozenset(code for selector in selectors for code in registry.match(selector))

        withheld = (frozenset(registry.rules) - codes(settings.fixable)) | codes(settings.unfixable)
        return cls(withheld, codes(settings.extend_safe_fixes), codes(settings.extend_unsafe_fixes))

    def judged(self, found: Diagnostic) -> Diagnostic:
        """Return a finding with its fix as far as it is trusted here; a fix that is only shown stays one."""
        safety = self._safety(found.code)
        if found.fix is None or found.fix.safety is Safety.DISPLAY or safety in (None, found.fix.safety):
            return found
        return replace(found, fix=replace(found.fix, safety=safety))

    def _safety(self, code: str) -> Safety | None:
        """Return what the settings say of a rule's fixes, None if nothing."""
        if code in self.withheld:
            return Safety.DISPLAY
        return Safety.UNSAFE if code in self.unsafe else Safety.SAFE if code in self.safe else None
