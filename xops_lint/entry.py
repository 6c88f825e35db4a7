"""What the tool catalog says of one name: plain data, free of any tool's code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Parameter:
    """How a tool spells one meaning, such as ``seed``.

    ``names`` are its keywords, newest spelling first; ``position`` counts
    positional arguments from 0 (after ``self``) and is None for keyword-only;
    ``default`` is the literal value used when the argument is left out, ``written``
    the code that makes of a plain value, ``{}`` in it, what the parameter takes; nothing
    if it takes more than that.
    """

    names: tuple[str, ...]
    position: int | None = None
    default: Any = None
    written: str = "{}"


class Deprecation(NamedTuple):
    """From which version of a distribution on a name is out of date, and what follows it.

    ``state`` is ``superseded`` or ``removed``; ``advice`` is an imperative, such as
    ``use pandas.concat``; ``write numpy.trapezoid`` tells that nothing but the name is another.
    ``until`` is the version from which on the name is there again.
    """

    distribution: str
    since: str
    state: str
    advice: str
    until: str = ""

    @property
    def renamed(self) -> str:
        """The name that only has to be written in place of the old one; nothing if there is more to do."""
        return self.advice.removeprefix("write ") if self.advice.startswith("write ") else ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One catalogued function, class or method.

    ``returns`` is the type of the call's value. ``seeds`` names the families of
    global generators (``random numpy torch tensorflow jax``) a seeding call
    covers, ``draws`` the family a call draws from when no seed is passed, ``seeder`` the
    function that seeds this family, ``older`` a pattern of code for versions without it.
    ``chance`` tells when chance plays a part: True, False, or conditions
    ``{"when": {parameter: [values]}}`` / ``{"unless": {…}}``, where the value
    ``"<default>"`` stands for a parameter that is left out. ``learns`` tells what
    a transformer takes from the data it is fitted on: ``statistics``,
    ``categories``, ``vocabulary``, ``target`` or ``rows`` (resamplers).
    ``safe_since`` is the distribution and version from which the parameter
    ``safe`` is on by default, or what a call leaves out does no harm, ``copies_since``
    those from which what is taken out of a table is always a copy. ``traits`` holds
    further closed-vocabulary words of roles.yaml. ``moving`` are patterns of the model
    names that a provider points to ever newer models, ``untempered`` those of models
    that answer as freely as they do, whatever temperature is asked for.
    ``deprecated`` says since which version a name is out of date, ``retired`` what to
    do instead of one whose platform has given it up, whatever the version. ``keeper``
    is the list in which a class that registers its parts finds them.
    """

    name: str
    tool: str
    roles: frozenset[str] = frozenset()
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    returns: str | None = None
    seeds: tuple[str, ...] = ()
    draws: str | None = None
    seeder: str = ""
    older: str = ""
    chance: bool | Mapping[str, Mapping[str, list[Any]]] = False
    learns: str | None = None
    parts: tuple[str, ...] = ()
    traits: frozenset[str] = frozenset()
    generations: tuple[str, ...] = ()
    deprecated: Deprecation | None = None
    retired: str | None = None
    safe_since: tuple[str, str] | None = None
    copies_since: tuple[str, str] | None = None
    moving: tuple[str, ...] = ()
    untempered: tuple[str, ...] = ()
    keeper: str | None = None
