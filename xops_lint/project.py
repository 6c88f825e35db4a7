"""All facts of one repository: what cross-file rules see."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from xops_lint import chance, launches
from xops_lint.call import Call
from xops_lint.facts import Facts
from xops_lint.modules import Modules
from xops_lint.running import Reached as Reached
from xops_lint.running import Running
from xops_lint.searched import Searched
from xops_lint.shell import Command
from xops_lint.shown import Shown
from xops_lint.speaking import Speaking
from xops_lint.testing import holds_tests, test_root

if TYPE_CHECKING:
    from xops_lint.config import Value
    from xops_lint.dependencies import Dependencies
    from xops_lint.graph.deployments import Deployment
    from xops_lint.graph.doings import Plan


_TRACKING = (
    "start_run",
    "track",
    "log_parameters",
    "log_metrics",
    "log_model",
    "log_artifact",
    "autolog",
)
"""Roles that record something of a run."""


@dataclass
class Project:
    """The facts of all files, linked by imports and calls.

    ``tracked`` are the paths git holds, or None without git. ``exists`` tells whether
    a path relative to the root is on disk, ``size`` how many bytes git keeps of it,
    ``ignored`` whether a .gitignore file of the project leaves it out,
    ``shown_paths`` are the files whose findings are shown, None if all are.
    """

    root: str
    facts: Sequence[Facts]
    tracked: frozenset[str] | None = None
    dependencies: Dependencies | None = None
    exists: Callable[[str], bool] = lambda path: False
    size: Callable[[str], int] = lambda path: 0
    ignored: Callable[[str], bool] = lambda path: False
    shown_paths: frozenset[str] | None = None

    @cached_property
    def files(self) -> Mapping[str, Facts]:
        """All facts by path."""
        return {facts.path: facts for facts in self.facts}

    @cached_property
    def shown(self) -> Shown:
        """The files that a rule judges one by one; the others only tell about them."""
        return Shown(self)

    @cached_property
    def running(self) -> Running:
        """What the programs of the project reach."""
        return Running(self)

    @cached_property
    def modules(self) -> Modules:
        """The modules of the project, by the names that code may give them."""
        return Modules(tuple(self.python), self.dependencies)

    @cached_property
    def speaking(self) -> Speaking:
        """Who names which module."""
        return Speaking(self)

    @cached_property
    def searched(self) -> Searched:
        """What is looked for in all files."""
        return Searched(self)

    @property
    def python(self) -> Iterator[Facts]:
        """The modules and notebooks."""
        return (facts for facts in self.facts if facts.python)

    @cached_property
    def by_name(self) -> Mapping[str, Sequence[str]]:
        """The paths of Python files by their last part."""
        named: dict[str, list[str]] = {}
        for facts in self.python:
            named.setdefault(facts.path.rpartition("/")[2], []).append(facts.path)
        return named

    def calls(self, *roles: str) -> Iterator[tuple[Facts, Call]]:
        """Yield every call that plays any of these roles, with its file."""
        for facts in self.python:
            for call in facts.playing(*roles):
                yield facts, call

    def values(self, role: str) -> Iterator[tuple[Facts, Value]]:
        """Yield every config value that plays a role, with its file."""
        for facts in self.facts:
            for value in facts.values(role):
                yield facts, value

    def of_kind(self, *kinds: str) -> Iterator[Facts]:
        """Yield the configs that hold a document of any of these kinds."""
        return (facts for facts in self.facts if not set(facts.kinds).isdisjoint(kinds))

    def resolve(self, name: str, near: Facts) -> tuple[Facts, str] | None:
        """Return the file and scope a qualified name means, seen from a file.

        Re-exports are followed; names of other distributions give None.
        """
        return self.modules.resolve(name, near)

    def module(self, name: str, near: Facts) -> Facts | None:
        """Return the project file an absolute module name means, seen from a file."""
        return self.modules.find(name, near)

    def reach(self, facts: Facts) -> frozenset[Reached]:
        """Return every scope that running a file may execute, its own included.

        All of the file's functions count, imported modules' bodies, and, through
        calls and mentions, their functions and the methods of their classes.
        """
        return self.running.reach(facts)

    def calls_reached(self, facts: Facts, *roles: str) -> Iterator[tuple[Facts, Call]]:
        """Yield the calls of these roles that running a file may execute; all without one."""
        return self.running.calls(facts, roles)

    @cached_property
    def entries(self) -> Sequence[Facts]:
        """The files somebody runs: notebooks, scripts, and what configs start."""
        return self.running.entries

    @cached_property
    def libraries(self) -> frozenset[str]:
        """The paths of the modules that others, tests aside, import."""
        importing = (facts for facts in self.python if not facts.context.test)
        return frozenset(place.path for facts in importing for place in self.running.imported(facts))

    @cached_property
    def training(self) -> frozenset[str]:
        """The paths of the entries that may fit a model in their own process."""
        return frozenset(entry.path for entry in self.entries if self.may_fit(entry))

    def may_fit(self, facts: Facts) -> bool:
        """Say whether a file is an entry that may fit a model in its own process."""
        known = self._fits.get(facts.path)
        if known is None:
            known = self._fits[facts.path] = self.running.is_entry(facts) and chance.fits(self, facts)
        return known

    def entries_reaching(self, facts: Facts) -> list[Facts]:
        """Return the entries that may execute code of a file; itself if none does."""
        return list(self.running.entries_reaching(facts)) or [facts]

    def entries_running(self, facts: Facts, call: Call) -> list[Facts]:
        """Return the entries that may execute a call; its own file if none does."""
        reaching = self.running.entries_reaching(facts)
        found = [entry for entry in reaching if call.scope in self.running.scopes(entry)[facts.path]]
        return found or [facts]

    def trains(self, facts: Facts, call: Call) -> bool:
        """Say whether a program that may execute a call fits a model as well."""
        entries = self.entries_running(facts, call)
        return any(next(self.calls_reached(entry, "train", "tune", "cross_validate"), None) for entry in entries)

    def left_to_chance(
        self, *roles: str, among: Iterator[tuple[Facts, Call]] | None = None
    ) -> Iterator[tuple[Facts, Call]]:
        """Yield the calls of these roles, of all or of some, that no seed of their own or global seed pins."""
        for facts, call in self.calls(*roles) if among is None else among:
            if call.unseeded() and not chance.pinned(self, facts, call):
                yield facts, call

    def seeded(self, facts: Facts, family: str) -> bool:
        """Say whether a global generator is seeded wherever a file's code runs."""
        return all(self.seeds(entry, family) for entry in self.entries_reaching(facts))

    def seeds(self, entry: Facts, family: str) -> bool:
        """Say whether running an entry may seed a family's global generator."""
        known = self._seeds.get((entry.path, family))
        if known is None:
            known = self._seeds[entry.path, family] = chance.seeds(self, entry, family)
        return known

    @cached_property
    def plan(self) -> Plan:
        """What pipelines declare, and what the programs that they start do."""
        from xops_lint.graph import building

        return building.plan(self)

    @cached_property
    def deployments(self) -> Sequence[Deployment]:
        """What the project puts into service, its examples and tests aside."""
        from xops_lint.graph import deployments

        return deployments.found(self)

    @cached_property
    def tests(self) -> Sequence[Facts]:
        """The files that hold tests."""
        return [facts for facts in self.python if facts.context.test and holds_tests(facts)]

    @cached_property
    def test_roots(self) -> frozenset[str]:
        """The folders whose code a test file may be for, as path prefixes.

        Tests in a ``tests`` folder are for what lies beside that folder.
        """
        return frozenset(test_root(facts.path) for facts in self.tests)

    def tested(self, facts: Facts) -> bool:
        """Say whether any test reaches a file: imports it, starts it, or may find it through a config."""
        return facts.path in self._tested or facts.path in self.named_in_configs

    @cached_property
    def named_in_configs(self) -> frozenset[str]:
        """The modules that a config names by their dotted name, as what some program is to import."""
        return launches.named_in_configs(self)

    def develops_tool(self, facts: Facts) -> bool:
        """Say whether a file is a catalogued tool's own code, which uses what it defines."""
        parts = facts.path.split("/")[:-1]
        return any(self.searched.is_own_tool("/".join(parts[:length])) for length in range(1, len(parts) + 1))

    @cached_property
    def _tested(self) -> frozenset[str]:
        running = {facts.path for facts in self.facts if facts.context.test}
        reached: set[str] = set()
        new = {facts.path for facts in self.python if facts.context.test}
        while new:
            for path in new:
                reached |= self.running.scopes(self.files[path]).keys()
            running |= reached
            new = {path for path, by in self.launchers.items() if path not in reached and not by.isdisjoint(running)}
        return frozenset(reached)

    @cached_property
    def evaluates_saved_models(self) -> bool:
        """Whether any program loads a model and scores it."""
        return any(next(facts.playing("load_model"), None) is not None for facts, _ in self.calls("evaluate"))

    def tracks(self, entry: Facts) -> bool:
        """Say whether the run of an entry is recorded: by itself, or by what starts it."""
        return launches.recorded(self, entry) or self.records(entry)

    def records(self, entry: Facts) -> bool:
        """Say whether running an entry records the run by itself: with a tracker or a logger."""
        if next(self.calls_reached(entry, *_TRACKING), None) is not None or launches.kept_by_platform(self, entry):
            return True
        for file, call in self.calls_reached(entry, "train", "estimator", "configuration"):
            logger = call.argument("logger")
            if logger is not None and launches.may_record(file, logger):
                return True
        return False

    def recorded(self, entry: Facts) -> bool:
        """Say whether the runs of an entry are kept by a pipeline, a job platform or the program that starts it."""
        return launches.recorded(self, entry)

    @cached_property
    def may_start_anything(self) -> Sequence[Facts]:
        """What may run any script beside or below it."""
        return list(launches.may_start_anything(self))

    @cached_property
    def launchers(self) -> Mapping[str, frozenset[str]]:
        """For every Python file that is started from another file, the paths of these."""
        return launches.launchers(self)

    @cached_property
    def stage_outputs(self) -> frozenset[str]:
        """The paths, from the root, that pipeline and data-versioning files declare as outputs."""
        return frozenset(
            posixpath.normpath(posixpath.join(posixpath.dirname(facts.path), value.text))
            for facts, value in self.values("output")
            if value.text
        )

    @cached_property
    def written(self) -> frozenset[str]:
        """The paths and addresses that code of this project writes data or models to, ``{}`` for unknown pieces."""
        return frozenset().union(*(facts.left for facts in self.python))

    @cached_property
    def versioned_addresses(self) -> frozenset[str]:
        """The addresses of data for which some file of a data-versioning tool holds a version or a hash."""
        return frozenset(
            address.text
            for facts, data_set in self.values("data_set")
            if any(version.text not in ("", "false") for version in facts.values("data_version", data_set))
            for role in ("data_source", "input")
            for address in facts.values(role, data_set)
        )

    def scripts(self, command: Command) -> Sequence[Facts]:
        """Return the files a command may run; several, where the folder it runs in is not known."""
        script = command.script.removeprefix("./")
        return [facts for facts in self.python if script and f"/{facts.path}".endswith(f"/{script}")]

    @cached_property
    def started(self) -> frozenset[str]:
        """The paths of Python files that a command or an entry point of a config starts."""
        return self.commanded | launches.installed(self)

    @cached_property
    def commanded(self) -> frozenset[str]:
        """The paths of Python files that a command of a config starts, whoever else types their name."""
        return launches.commanded(self)

    @cached_property
    def _fits(self) -> dict[str, bool]:
        return {}

    @cached_property
    def _seeds(self) -> dict[tuple[str, str], bool]:
        return {}
