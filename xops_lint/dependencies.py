"""What a project says it needs, and which versions that leaves open."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from xops_lint.matching import regex
from xops_lint.text import Range

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

CONSTRAINTS = "constraints"
"""The group of requirements that only bound what others ask for."""

_DEVELOPMENT = regex(
    r"pytest(-.*)?|flake8(-.*)?|mypy(-.*)?|pylint(-.*)?|types-.*|sphinx(-.*|rtd.*)?|mkdocs(-.*)?|coverage|codecov|coveralls|tox|nox|black"
    r"|yapf|isort|autopep8|autoflake|pyupgrade|ruff|bandit|safety|pre-commit|nbstripout|nbqa|detect-secrets|twine|build|bump2version|bumpversion"
    r"|invoke|commitizen|pyright|pycodestyle|pydocstyle|interrogate|hypothesis|faker|moto|responses|virtualenv|pipx"
)
"""Distributions with which people work on a project: nothing that it computes hangs on them."""

_INSTALLERS = frozenset(
    {
        "pip",
        "pip-tools",
        "setuptools",
        "wheel",
        "python",
        "pipenv",
        "poetry",
        "poetry-core",
        "pdm",
        "uv",
        "hatch",
        "hatchling",
        "conda",
    }
)
"""Distributions that bring the others in, by the versions that these are declared with."""

DECLARING = regex(r"require|depend|environ|constraint|conda|docker|^(?:envs?|pip|build|deploy)$", re.IGNORECASE)
"""What folders are called that say for the project around them what it runs with."""

_SEPARATORS = regex(r"[-_.]+")
_EXACT = regex(r"={2,3}\s*[^\s*,]+\Z")
_PIP_INSTALL = regex(r"(?:^|[\s;&|(`'\"/%!])pip[\d.]*\s+(?:--?\S+\s+)*install\s+(?P<words>[^;&|\n`)]*)")
_PIP_OPTIONS_WITH_VALUE = frozenset(
    ("-r", "--requirement", "-c", "--constraint", "-e", "--editable", "-t", "--target", "-i", "--index-url", "-f")
) | frozenset(
    ("--find-links", "--extra-index-url", "--trusted-host", "--root", "--prefix", "--platform", "--python-version")
)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One declared distribution.

    ``name`` is normalised, ``specifier`` in the notation of PEP 440 whatever the
    file's own was, ``exact`` tells that it admits one version only. ``group`` is
    empty for what the project always needs, else the name of an optional group,
    or ``constraints``. ``conditional`` tells that it counts on some machines alone,
    ``conda`` that it is written in conda's notation.
    """

    name: str
    specifier: str
    exact: bool
    path: str
    range: Range
    url: str = ""
    group: str = ""
    extras: tuple[str, ...] = ()
    hashed: bool = False
    conditional: bool = False
    conda: bool = False


@dataclass(frozen=True)
class Dependencies:
    """Everything a project declares, and the versions that its lock files chose."""

    requirements: tuple[Requirement, ...] = ()
    locked: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    python: str | None = None
    lock_files: tuple[str, ...] = ()

    def declared(self, distribution: str) -> tuple[Requirement, ...]:
        """Return the declarations of a distribution, constraints included."""
        return self._by_name.get(normalised(distribution), ())

    def brings(self, distribution: str) -> bool:
        """Say whether a project declares a distribution, or a lock file holds it."""
        return distribution in self._names

    @cached_property
    def _by_name(self) -> Mapping[str, tuple[Requirement, ...]]:
        found: dict[str, list[Requirement]] = {}
        for requirement in self.requirements:
            found.setdefault(requirement.name, []).append(requirement)
        return {name: tuple(each) for name, each in found.items()}

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(requirement.name for requirement in self.requirements) | self.locked.keys()

    def may_use(self, distribution: str, specifier: str, near: str | None = None) -> bool | None:
        """Say whether some released version in ``specifier`` may be in use.

        A lock decides; then, folder by folder, exact pins before ranges. None if
        nothing declares the distribution, or only an address without a version.
        ``near`` is the path of a file: only declarations for its part of the
        repository count.
        """
        locked = self.locked.get(normalised(distribution))
        if locked is not None and (near is None or any(_is_above(lock, near) for lock in self.lock_files)):
            return _admits(f"=={locked}", specifier)
        declarations = self.near(distribution, near)
        bounds = ",".join(each.specifier for each in declarations if each.group == CONSTRAINTS and not each.exact)
        answers = [_admits(_both(each.specifier, bounds), specifier) for each in _deciding(declarations)]
        known = [answer for answer in answers if answer is not None]
        return any(known) if known else None

    def near(self, distribution: str, path: str | None) -> tuple[Requirement, ...]:
        """Return the declarations of a distribution that count for a path."""
        declarations = self.declared(distribution)
        return declarations if path is None else _nearest(declarations, path)

    def settles(self, distribution: str, path: str) -> bool:
        """Say whether a lock file or a declaration of the project around a path says which version it meets."""
        if normalised(distribution) in self.locked and any(_is_above(lock, path) for lock in self.lock_files):
            return True
        return any(is_around(each, path) for each in self.declared(distribution))

    def apart(self, one: str, other: str, package: str) -> bool:
        """Say whether two files are of different projects, and nothing asks for the other's package by its name.

        Each is then in a folder with declarations of its own.
        """
        own, others = self._folders_above(one), self._folders_above(other)
        return not (own <= others or others <= own or self.declared(package))

    def _folders_above(self, path: str) -> set[str]:
        return {folder for folder in self._folders if path.startswith(f"{folder}/")}

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(requirement.path.rpartition("/")[0] for requirement in self.requirements) - {""}

    def covered_by_lock(self, requirement: Requirement) -> bool:
        """Say whether hashes, a lock file at or above its folder, or an exact constraint pin a requirement."""
        if requirement.hashed:
            return True
        if any(each.exact and each.group == CONSTRAINTS for each in self.declared(requirement.name)):
            return True
        above = any(_is_above(lock, requirement.path) for lock in self.lock_files)
        return above and requirement.name in self.locked


def normalised(name: str) -> str:
    """Return a distribution's name as PEP 503 compares names."""
    return _SEPARATORS.sub("-", name).lower()


def serves_development(name: str) -> bool:
    """Say whether a distribution only checks, builds or installs code: its version moves no result."""
    return name in _INSTALLERS or _DEVELOPMENT.fullmatch(name) is not None


def is_around(requirement: Requirement, path: str) -> bool:
    """Say whether a declaration stands above a path, or below such a folder in folders that only declare."""
    own, folders = requirement.path.split("/")[:-1], path.split("/")[:-1]
    while own and own != folders[: len(own)] and DECLARING.search(own[-1]):
        own.pop()
    return own == folders[: len(own)]


def is_exact(specifier: str) -> bool:
    """Say whether a specifier admits one version only."""
    return _EXACT.match(specifier.strip()) is not None


def disjoint(one: str, other: str) -> bool:
    """Say whether no released version lies in both specifiers."""
    return _admits(one, other) is False


def pip_installs(command: str) -> Iterator[str]:
    """Yield the requirements that ``pip install`` is given in a shell script."""
    for match in _PIP_INSTALL.finditer(command.replace("\\\n", " ")):
        words = iter(_split(match["words"]))
        for word in words:
            if word in _PIP_OPTIONS_WITH_VALUE:
                next(words, None)
            elif not word.startswith(("-", ">", "<", "$", ".", "#")):
                yield word


def _nearest(declarations: Iterable[Requirement], path: str) -> tuple[Requirement, ...]:
    """Return the declarations that share most folders with a path.

    In a repository of many projects another project's versions say nothing: a
    declaration deep in a folder that the path is not below is left out, and one
    beside the path says less than one above it, unless its folder only declares.
    """
    folders = path.split("/")[:-1]
    shared: dict[int, list[Requirement]] = {}
    above = -1
    for requirement in declarations:
        own = requirement.path.split("/")[:-1]
        common = next((depth for depth, (one, other) in enumerate(zip(own, folders)) if one != other), None)
        common = min(len(own), len(folders)) if common is None else common
        if common or len(own) <= 1:
            shared.setdefault(common, []).append(requirement)
        if common == len(own):
            above = max(above, common)
    if above > 0:
        shared = {depth: kept for depth, found in shared.items() if (kept := _own(found, depth))}
    return tuple(shared[max(shared)]) if shared else ()


def _own(declarations: Iterable[Requirement], common: int) -> list[Requirement]:
    """Return the declarations above a path, and those in folders beside it that only declare."""
    beside = ((each, each.path.split("/")[common:-1]) for each in declarations)
    return [each for each, rest in beside if all(DECLARING.search(folder) for folder in rest)]


def _deciding(declarations: Iterable[Requirement]) -> Iterator[Requirement]:
    """Yield the declarations that say which version is used: those of a folder, or its exact pins alone."""
    folders: dict[str, list[Requirement]] = {}
    for requirement in declarations:
        if requirement.exact or not (requirement.url or requirement.group == CONSTRAINTS):
            folders.setdefault(requirement.path.rpartition("/")[0], []).append(requirement)
    for together in folders.values():
        yield from [requirement for requirement in together if requirement.exact] or together


def _split(words: str) -> list[str]:
    try:
        return shlex.split(words, comments=True)
    except ValueError:
        # A quote that stays open belongs to something nested: nothing behind it is known.
        return re.split(r"[\"']", words, maxsplit=1)[0].split()


def _is_above(lock: str, path: str) -> bool:
    folder = lock.rpartition("/")[0]
    return not folder or path.startswith(f"{folder}/")


def _both(one: str, other: str) -> str:
    return ",".join(part for part in (one, other) if part)


@cache
def _admits(declared: str, asked: str) -> bool | None:
    """Say whether two specifiers share a released version; None if one is malformed."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        both = SpecifierSet(_both(declared, asked))
    except InvalidSpecifier:
        return None
    return any(both.contains(version, prereleases=True) for version in _witnesses(both))


def _witnesses(specifiers: SpecifierSet) -> Iterator[str]:
    """Yield versions at, just above and just below every bound.

    Ranges are unions of intervals between bounds, so that one of these lies in
    the set whenever a released version does.
    """
    yield from ("0", "0.0.1", "99999")
    for specifier in specifiers:
        text = specifier.version.removesuffix(".*")
        yield text
        release = _release(text)
        for length in range(1, len(release) + 1):
            prefix = release[:length]
            yield _dotted((*prefix[:-1], prefix[-1] + 1))
            if prefix[-1] > 0:
                yield _dotted((*prefix[:-1], prefix[-1] - 1, 99999))
        yield _dotted((*release, 0, 0, 1))


def _release(version: str) -> tuple[int, ...]:
    from packaging.version import InvalidVersion, Version

    try:
        release = Version(version).release
    except InvalidVersion:
        return (0,)
    return release if len(release) > 2 else (*release, *(0,) * (3 - len(release)))


def _dotted(parts: Iterable[int]) -> str:
    return ".".join(str(part) for part in parts)
