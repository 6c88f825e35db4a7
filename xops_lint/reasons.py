"""Why a rule is on, off, or as severe as it is for a file: every setting that has a say, in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from xops_lint import contexts
from xops_lint.document import Context
from xops_lint.patterns import matches
from xops_lint.registry import Registry
from xops_lint.rule import Confidence, Group, Rule, Severity
from xops_lint.selectors import ALL, EXACT_SPECIFICITY, Reach, Selection
from xops_lint.settings import Settings

OFF: Final = "off"
"""The topic of a reason for which a rule is off."""

_GROUPS: Final = {
    Group.PREVIEW: "it is in preview, and `preview` is not set",
    Group.PRODUCTION: "it is for files of the profile `production`",
    Group.OPTIONAL: "it is optional: only its code, its name or `ALL` turns it on",
}


class Reason(NamedTuple):
    """One thing that has a say: what it is about, in words, and where it was set, empty if nowhere."""

    topic: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """What is in force for a rule and a path, and the reasons; ``severity`` is None for a rule that is off."""

    severity: Severity | None
    reasons: tuple[Reason, ...]


def why(rule: Rule, path: str, settings: Settings, registry: Registry) -> Why:
    """Return what is in force and all that had a say in it."""
    context = settings.context(path)
    reasons = [Reason("profile", _profile(path, context, settings), _profile_source(path, settings))]
    if context.test:
        reasons.append(Reason("place", f"is test code: {_mark(path)}"))
    chosen = _chosen(rule, path, settings, registry)
    reasons += chosen.reasons
    reasons += [chosen.off] if chosen.off else []
    reasons += [Reason(OFF, *each) for each in _objections(rule, path, chosen.reach, settings, registry)]
    severity = settings.enabled(path, context, registry).get(rule.code)
    if severity is not None:
        reasons.append(_severity(rule, path, settings, registry))
    elif not any(reason.source for reason in reasons if reason.topic == OFF):
        named = f'`extend-select = ["{rule.name}"]`'
        reasons.append(Reason("turn on", f"by its name: {named}, in `[[overrides]]` for some files alone"))
    return Why(severity, tuple(reasons))


class _Choice(NamedTuple):
    """How far the selections reach for a rule, what each says of it, and why it is not chosen, if it is not."""

    reach: Reach
    reasons: tuple[Reason, ...]
    off: Reason | None


class _Layer(NamedTuple):
    """A layer of choices, and the keys it was set by."""

    selection: Selection
    routes: tuple[tuple[str, ...], ...]
    ignoring: tuple[tuple[str, ...], ...]
    words: str = ""


def _layers(path: str, settings: Settings) -> Iterator[_Layer]:
    """Yield the layers that count for a path: the files' own, the overrides, the command line."""
    own = Selection(settings.select, settings.extend_select, (*settings.ignore, *settings.extend_ignore))
    yield _Layer(own, (("select",), ("extend-select",)), (("ignore",), ("extend-ignore",)))
    for index, override in enumerate(settings.overrides):
        if matches(override.files, path):
            route = ("overrides", str(index))
            yield _Layer(
                override.selection,
                ((*route, "select"), (*route, "extend-select")),
                ((*route, "ignore"), (*route, "extend-ignore")),
                f" for {_listed(override.files)}",
            )
    yield _Layer(settings.command, (("--select",), ("--extend-select",)), (("--ignore",), ("--extend-ignore",)))


def _chosen(rule: Rule, path: str, settings: Settings, registry: Registry) -> _Choice:
    """Follow the selections to what they make of a rule."""
    reach: Reach | None = None
    reasons: list[Reason] = []
    ignored = False
    for layer in _layers(path, settings):
        selection = layer.selection
        if selection.select is not None and reasons:
            source = settings.source_of(*layer.routes[0])
            reasons = [Reason("anew", f"`select`{layer.words} starts anew: what was chosen before has no say", source)]
            reach = None
        selectors = (selection.select or (), selection.extend_select)
        on = _strongest(rule, [*selectors[0], *selectors[1]], registry)
        off = _strongest(rule, selection.ignore, registry)
        if off and (not on or registry.specificity(on) <= registry.specificity(off)):
            beaten = f", which wins over `{on}`" if on else ""
            source = _first_source(settings, layer.ignoring)
            reasons.append(Reason("ignored", f"by `{off}`{layer.words}{beaten}", source))
            reach, ignored = Reach.OFF, True
        elif on:
            source = settings.source_of(*layer.routes[on not in selectors[0]])
            beaten = f", which wins over the ignored `{off}`" if off else ""
            reasons.append(Reason("chosen", f"by `{on}`{layer.words}{beaten}", source))
            reach = max(_reach(rule, [*selectors[0], *selectors[1]], registry), reach or Reach.OFF)
    if reach is None and not ignored and rule.principle == "tool" and rule.severity is Severity.ERROR:
        reasons.append(Reason("chosen", "an error of the tool itself is on unless it is ignored"))
        reach = Reach.EXACT
    if reach:
        return _Choice(reach, tuple(reasons), None)
    *before, last = reasons or [Reason("", "")]
    if last.topic == "ignored":
        return _Choice(Reach.OFF, tuple(before), Reason(OFF, f"it is ignored {last.text}", last.source))
    optional = "it is optional, and " if rule.group is Group.OPTIONAL else ""
    return _Choice(Reach.OFF, tuple(reasons), Reason(OFF, f"{optional}nothing selects it"))


def _objections(
    rule: Rule, path: str, reach: Reach, settings: Settings, registry: Registry
) -> Iterator[tuple[str, str]]:
    """Yield what keeps a rule off besides the selections, each with its source."""
    context = settings.context(path)
    for pattern, selectors in settings.per_file_ignores.items():
        found = _strongest(rule, selectors, registry) if matches((pattern,), path) else ""
        if found:
            yield f"`per-file-ignores` has `{found}` for `{pattern}`", settings.source_of("per-file-ignores", pattern)
    for layer in [*_layers(path, settings)][1:-1] if reach else ():
        on = _strongest(rule, [*(layer.selection.select or ()), *layer.selection.extend_select], registry)
        off = _strongest(rule, layer.selection.ignore, registry)
        if off and not (on and registry.specificity(on) > registry.specificity(off)):
            yield f"`overrides`{layer.words} ignores `{off}`", _first_source(settings, layer.ignoring)
    if reach not in (Reach.OFF, Reach.EXACT):
        yield from ((text, "") for text in _kept_out(rule, reach, context, settings.preview))
    severity, *_ = _severity_set(rule, path, settings, registry)
    if list(Severity).index(severity) > list(Severity).index(settings.min_severity):
        yield f"its severity, {severity.value}, is below `min-severity`", settings.source_of("min-severity")
    if list(Confidence).index(rule.confidence) > list(Confidence).index(settings.min_confidence):
        yield (
            f"its confidence, {rule.confidence.value}, is below `min-confidence`",
            settings.source_of("min-confidence"),
        )


def _kept_out(rule: Rule, reach: Reach, context: Context, preview: bool) -> Iterator[str]:
    """Yield what keeps a rule out that was not chosen by its own name."""
    kept = rule.severity is Severity.ERROR
    if context.profile == "exploration" and not (kept or rule.exploration):
        yield "the profile `exploration` keeps errors and rules made for it"
    if context.test and not (kept or rule.tests):
        yield "test code keeps errors and rules made for it"
    allowed = {
        Group.DEFAULT: True,
        Group.PREVIEW: preview,
        Group.PRODUCTION: reach is Reach.ALL or context.profile == "production",
        Group.OPTIONAL: reach is Reach.ALL,
    }
    if not allowed[rule.group]:
        yield _GROUPS[rule.group]


def _severity(rule: Rule, path: str, settings: Settings, registry: Registry) -> Reason:
    severity, by, source = _severity_set(rule, path, settings, registry)
    own = "the rule's own"
    return Reason("severity", f"{severity.value}, {by or own}", source)


class _SeveritySet(NamedTuple):
    """A severity, by what it was set, and where; the last two are empty for a rule's own."""

    severity: Severity
    by: str
    source: str


def _severity_set(rule: Rule, path: str, settings: Settings, registry: Registry) -> _SeveritySet:
    """Return a rule's severity for a path: of the last table that mentions it, by the most specific selector."""
    found = _SeveritySet(rule.severity, "", "")
    tables: list[tuple[tuple[str, ...], Mapping[str, str], str]] = [(("severity",), settings.severity, "")]
    for index, override in enumerate(settings.overrides):
        if matches(override.files, path):
            words = f" for {_listed(override.files)}"
            tables.append((("overrides", str(index), "severity"), override.severity, words))
    for route, table, words in tables:
        for selector in sorted(table, key=registry.specificity):
            if rule.code in registry.match(selector):
                source = settings.source_of(*route, selector)
                found = _SeveritySet(Severity(table[selector]), f"by `{selector}`{words}", source)
    return found


def _profile(path: str, context: Context, settings: Settings) -> str:
    """Return a path's profile, in words."""
    if settings.command_profile is None and not _profile_source(path, settings):
        own = contexts.default_profile(path)
        if own == context.profile:
            return f"{own}: {_mark(path)}"
    return context.profile


def _profile_source(path: str, settings: Settings) -> str:
    """Return where a path's profile was set; empty if the path itself or nothing says it."""
    if settings.command_profile is not None:
        return settings.source.get("--profile", "the command line")
    routes = [("profile",)] if settings.profile and contexts.default_profile(path) is None else []
    found: list[tuple[str, ...]] = [*routes]
    found += [("per-file-profiles", pattern) for pattern in settings.per_file_profiles if matches((pattern,), path)]
    for index, override in enumerate(settings.overrides):
        if override.profile and matches(override.files, path):
            found.append(("overrides", str(index), "profile"))
    return settings.source_of(*found[-1]) if found else ""


def _mark(path: str) -> str:
    """Return what in a path tells that it is a test or an exploration."""
    *folders, name = path.split("/")
    for folder in folders:
        if contexts.is_test(f"{folder}/_") or contexts.default_profile(f"{folder}/_"):
            return f"the folder `{folder}`"
    return "a notebook" if name.endswith(".ipynb") else f"the name `{name}`"


def _strongest(rule: Rule, selectors: Sequence[str], registry: Registry) -> str:
    """Return the most specific selector that stands for a rule, empty if none does."""
    standing = [selector for selector in selectors if rule.code in registry.match(selector)]
    return max(standing, key=registry.specificity, default="")


def _reach(rule: Rule, selectors: Sequence[str], registry: Registry) -> Reach:
    """Return how far selectors reach for a rule."""
    standing = [selector for selector in selectors if rule.code in registry.match(selector)]
    if any(registry.specificity(selector) == EXACT_SPECIFICITY for selector in standing):
        return Reach.EXACT
    return Reach.ALL if ALL in standing else Reach.BROAD


def _first_source(settings: Settings, routes: Sequence[tuple[str, ...]]) -> str:
    known = (settings.source[".".join(route)] for route in routes if ".".join(route) in settings.source)
    return next(known, settings.source_of(*routes[0]))


def _listed(patterns: Sequence[str]) -> str:
    return ", ".join(f"`{pattern}`" for pattern in patterns)
