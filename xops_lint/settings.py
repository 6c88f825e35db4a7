"""The settings in force: what was asked for, where it came from, what it means for a path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

from xops_lint import contexts, selectors
from xops_lint.document import Context
from xops_lint.patterns import matches
from xops_lint.registry import Registry
from xops_lint.rule import Confidence, Rule, Severity
from xops_lint.selectors import ALL, DEFAULT, Reach, Selection
from xops_lint.settings_keys import DEFAULT_EXCLUDE

Options = Mapping[str, Mapping[str, Any]]

_SEVERITIES = tuple(Severity)
_CONFIDENCES = tuple(Confidence)


@dataclass(frozen=True, slots=True)
class Silence:
    """Rules that are silenced at some routes of the configs that match ``files``, and why."""

    files: tuple[str, ...]
    routes: tuple[str, ...]
    ignore: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Override:
    """Settings for the files that match ``files``; for none if it only silences routes."""

    files: tuple[str, ...]
    selection: Selection = Selection()
    profile: str | None = None
    severity: Mapping[str, str] = field(default_factory=dict)
    options: Options = field(default_factory=dict)
    silence: Silence | None = None


class _Scope(NamedTuple):
    """What the rules in force depend on, besides the rule book."""

    overrides: tuple[int, ...]
    ignores: tuple[str, ...]
    context: Context


@dataclass(frozen=True)
class Settings:
    """All settings of one run; ``source`` says of each key where its value came from.

    ``file`` is the settings file used; ``anchored`` is False where neither a file
    nor a repository marks the root, which then is the working folder.

    ``command`` and ``command_profile`` hold what the command line chose: they
    count for every file, where ``select`` and ``profile`` are the files' own.
    """

    root: Path = field(default_factory=Path.cwd)
    source: Mapping[str, str] = field(default_factory=dict)
    file: str | None = None
    anchored: bool = True
    select: tuple[str, ...] = (DEFAULT,)
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    extend_ignore: tuple[str, ...] = ()
    command: Selection = Selection()
    preview: bool = False
    profile: str | None = None
    command_profile: str | None = None
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    per_file_profiles: Mapping[str, str] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    extend_exclude: tuple[str, ...] = ()
    respect_gitignore: bool = True
    force_exclude: bool = False
    severity: Mapping[str, str] = field(default_factory=dict)
    min_severity: Severity = Severity.INFO
    min_confidence: Confidence = Confidence.LOW
    fail_on: Severity = Severity.INFO
    fixable: tuple[str, ...] = (ALL,)
    unfixable: tuple[str, ...] = ()
    extend_safe_fixes: tuple[str, ...] = ()
    extend_unsafe_fixes: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()
    rule_paths: tuple[Path, ...] = ()
    catalog: tuple[Path, ...] = ()
    options: Options = field(default_factory=dict)
    jobs: int | None = None
    output_format: str | None = None
    suppressions: bool = True
    baseline: Path | None = None
    cache: bool = False
    cache_dir: Path | None = None
    online: bool = False
    _memory: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_memory": {}}

    def context(self, path: str) -> Context:
        """Say where a path stands; the command line's profile beats all others."""
        profile = self.command_profile or self._profile(path)
        return Context(profile, contexts.is_test(path), contexts.is_example(path))

    def enabled(self, path: str, context: Context, registry: Registry) -> Mapping[str, Severity]:
        """Return the codes of the rules in force for a path and their severities."""
        ignores = tuple(pattern for pattern in self.per_file_ignores if matches((pattern,), path))
        scope = _Scope(self._matching(path), ignores, context)
        key = (scope, registry)
        if key not in self._memory:
            self._memory[key] = self._in_force(scope, registry)
        found: Mapping[str, Severity] = self._memory[key]
        return found

    def options_for(self, path: str) -> Options:
        """Return the settings of single rules for a path, overrides included."""
        indices = self._matching(path)
        if not indices:
            return self.options
        if indices not in self._memory:
            self._memory[indices] = merged_options(
                [self.options, *(self.overrides[index].options for index in indices)]
            )
        found: Options = self._memory[indices]
        return found

    def silences(self, path: str) -> Iterator[Silence]:
        """Yield what is silenced at routes of a config."""
        for override in self.overrides:
            if override.silence is not None and matches(override.silence.files, path):
                yield override.silence

    def locked_codes(self, registry: Registry) -> frozenset[str]:
        """Return the codes of the rules that no comment may suppress."""
        return frozenset(code for selector in self.locked for code in registry.match(selector))

    def source_of(self, *route: str) -> str:
        """Return where a setting came from: the nearest known place around its route."""
        for length in range(len(route), 0, -1):
            found = self.source.get(".".join(route[:length]))
            if found:
                return found
        return "default"

    def _profile(self, path: str) -> str:
        profile = contexts.default_profile(path) or self.profile or "standard"
        for pattern, chosen in self.per_file_profiles.items():
            if matches((pattern,), path):
                profile = chosen
        for index in self._matching(path):
            profile = self.overrides[index].profile or profile
        return profile

    def _matching(self, path: str) -> tuple[int, ...]:
        return tuple(index for index, override in enumerate(self.overrides) if matches(override.files, path))

    def _in_force(self, scope: _Scope, registry: Registry) -> Mapping[str, Severity]:
        overrides = [self.overrides[index] for index in scope.overrides]
        own = Selection(self.select, self.extend_select, (*self.ignore, *self.extend_ignore))
        layers = [own, *(override.selection for override in overrides), self.command]
        decisions = {**_unless_ignored(layers, registry), **selectors.decide(layers, registry)}
        ignored = {
            code
            for pattern in scope.ignores
            for selector in self.per_file_ignores[pattern]
            for code in registry.match(selector)
        }
        for override in overrides:
            ignored |= {code for code, reach in selectors.verdicts(override.selection, registry).items() if not reach}
        severities = selectors.most_specific(self.severity, registry)
        for override in overrides:
            severities |= selectors.most_specific(override.severity, registry)
        in_force = {}
        for code, rule in registry.rules.items():
            reach = decisions.get(code, Reach.OFF)
            if code in ignored or not _takes_part(rule, reach, scope.context, self.preview):
                continue
            severity = Severity(severities.get(code, rule.severity))
            if _at_least(severity, self.min_severity, _SEVERITIES) and _at_least(
                rule.confidence, self.min_confidence, _CONFIDENCES
            ):
                in_force[code] = severity
        return in_force


def at_least(severity: str, threshold: Severity) -> bool:
    """Say whether a severity reaches a threshold."""
    return _at_least(Severity(severity), threshold, _SEVERITIES)


def merged_options(tables: Sequence[Options]) -> Options:
    """Merge tables of rule settings; later ones win, key by key."""
    merged: dict[str, dict[str, Any]] = {}
    for table in tables:
        for name, values in table.items():
            merged.setdefault(name, {}).update(values)
    return merged


def _takes_part(rule: Rule, reach: Reach, context: Context, preview: bool) -> bool:
    if reach is Reach.EXACT:
        return True
    kept = rule.severity is Severity.ERROR
    if context.profile == "exploration" and not (kept or rule.exploration):
        return False
    if context.test and not (kept or rule.tests):
        return False
    return selectors.admits(rule, reach, context.profile, preview)


def _unless_ignored(layers: Sequence[Selection], registry: Registry) -> dict[str, Reach]:
    """Choose the errors of the tool itself, which no narrow ``select`` may hide.

    A file that cannot be read is never clean, whatever rules were asked for.
    """
    chosen = {
        code: Reach.EXACT
        for code, rule in registry.rules.items()
        if rule.principle == "tool" and rule.severity is Severity.ERROR
    }
    for layer in layers:
        for code, reach in selectors.verdicts(layer, registry).items():
            if code in chosen and not reach:
                del chosen[code]
    return chosen


def _at_least(value: Enum, threshold: Enum, order: Sequence[Enum]) -> bool:
    return order.index(value) <= order.index(threshold)
