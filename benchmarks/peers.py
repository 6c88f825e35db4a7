"""Run linters that cover parts of the same ground on the same repositories, and compare the findings.

    python benchmarks/peers.py ENVIRONMENTS REPOSITORY… [--install] [--peer NAME]… [--samples N]

ENVIRONMENTS is a folder with a virtual environment a peer; ``--install`` makes the ones
that are missing. ``peers.yaml`` beside this file tells how each is run, and which of its
checks look for a defect that xops-lint looks for, too. Printed is, for each defect and
peer, how many findings are the same (same file, rows that touch), theirs alone and ours
alone, with places of each to open. Ours are those of a run with default and preview
rules; tests and exploration count as a user has them.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import yaml

_US = "xops-lint"
_SOURCE = "source"
_NEARBY = 1
"""Rows that a finding may lie beside another and be the same: tools place long calls differently."""


class Place(NamedTuple):
    """Rows of a file, counted from one; ``last`` is included."""

    path: str
    first: int
    last: int

    def touches(self, other: Place) -> bool:
        """Whether the rows are the same, or next to each other."""
        near = self.first - _NEARBY <= other.last and other.first - _NEARBY <= self.last
        return self.path == other.path and near


@dataclass(frozen=True)
class Peer:
    """A linter: how it is installed, run and read; ``ends`` are those of the files that it compares in.

    One that no index has is run in a checkout of its ``source``, of the ``folders`` it
    needs; ``report`` is the file that it writes its findings to, if it prints none.
    ``named`` are patterns of the files that it is given one by one, those alone that match ``holding``. One
    without ``packages`` is a program that somebody puts into the folder ``bin`` of its environment.
    """

    name: str
    packages: Sequence[str]
    command: Sequence[str]
    pattern: str
    python: str = ""
    named: Sequence[str] = ()
    holding: str = ""
    ends: Sequence[str] = (".py",)
    source: str = ""
    commit: str = ""
    folders: Sequence[str] = ()
    report: str = ""

    def install(self, environments: Path) -> None:
        """Make the peer's environment if it is not there; raises CalledProcessError."""
        folder = environments / self.name
        if folder.exists() or not self.packages:
            return
        python = shutil.which(f"python{self.python}") if self.python else sys.executable
        if python is None:
            print(f"{self.name}: needs Python {self.python}", file=sys.stderr)
            return
        subprocess.run([python, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(folder / "bin" / "pip"), "install", "-q", *self.packages], check=True)
        if self.source:
            checkout = folder / _SOURCE
            subprocess.run(["git", "clone", "-q", "--no-checkout", self.source, str(checkout)], check=True)
            subprocess.run(["git", "sparse-checkout", "set", *self.folders], cwd=checkout, check=True)
            subprocess.run(["git", "checkout", "-q", self.commit], cwd=checkout, check=True)

    def findings(self, environments: Path, repository: Path) -> Iterator[tuple[str, Place]]:
        """Yield code and place of what the peer finds in a repository's files of its sort."""
        files = list(self._files(repository))
        if self.named and not files:
            return
        for match in re.finditer(self.pattern, self._output(environments, repository, files), re.MULTILINE):
            path = match["path"].removeprefix(f"{repository.absolute()}/")
            if self.reads(path):
                row = int(match["row"])
                yield match["code"], Place(path, row, int(match.groupdict().get("last") or row))

    def _output(self, environments: Path, repository: Path, files: Sequence[str]) -> str:
        environment = environments / self.name
        with TemporaryDirectory() as folder:
            places = {"{repository}": str(repository.absolute()), "{output}": folder}
            given = [places.get(word, word) for word in self.command[1:]]
            command = [str(environment / "bin" / self.command[0]), *given, *files]
            where = environment / _SOURCE if self.source else repository
            ran = subprocess.run(command, cwd=where, capture_output=True, text=True, errors="replace")
            report = Path(folder) / self.report
            if not self.report:
                return f"{ran.stdout}\n{ran.stderr}"
            return report.read_text(errors="replace") if report.is_file() else ""

    def _files(self, repository: Path) -> Iterator[str]:
        found = {path for pattern in self.named for path in repository.rglob(pattern) if path.is_file()}
        for path in sorted(found):
            if not self.holding or re.search(self.holding, path.read_text(errors="replace"), re.MULTILINE):
                yield str(path.relative_to(repository))

    def reads(self, path: str) -> bool:
        """Say whether the peer is compared in a file."""
        return f"/{path}".endswith(tuple(self.ends))


def main() -> None:
    """Run every peer on every repository and print the comparison."""
    arguments = _arguments()
    table = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text())
    peers = [Peer(name, **options) for name, options in table["peers"].items()]
    peers = [peer for peer in peers if not arguments.peers or peer.name in arguments.peers]
    for peer in peers if arguments.install else ():
        peer.install(arguments.environments)
    peers = [peer for peer in peers if (arguments.environments / peer.name).exists()]
    ours: list[tuple[str, Place]] = []
    theirs: dict[str, list[tuple[str, Place]]] = {peer.name: [] for peer in peers}
    for repository in arguments.repositories:
        ours += [_within(repository, found) for found in _our_findings(repository, table["defects"])]
        for peer in peers:
            theirs[peer.name] += [
                _within(repository, found) for found in peer.findings(arguments.environments, repository)
            ]
    print("\n".join(_report(table["defects"], ours, theirs, {peer.name: peer for peer in peers}, arguments.samples)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("environments", type=Path, metavar="ENVIRONMENTS")
    parser.add_argument("repositories", type=Path, nargs="+", metavar="REPOSITORY")
    parser.add_argument("--install", action="store_true", help="make the environments that are missing")
    parser.add_argument("--peer", action="append", dest="peers", metavar="NAME", help="only this one")
    parser.add_argument("--samples", type=int, default=2, metavar="N", help="places of each sort to print (2)")
    arguments = parser.parse_args()
    arguments.environments = arguments.environments.absolute()
    return arguments


def _our_findings(repository: Path, defects: Mapping[str, Mapping[str, Sequence[str]]]) -> Iterator[tuple[str, Place]]:
    codes = {code for each in defects.values() for code in each[_US]}
    command = [sys.executable, "-m", "xops_lint", "check", "--isolated", "--preview", "--output-format", "json"]
    # Prefixes leave a rule's contexts as they are: a whole code, which optional rules need, also reports in tests.
    chosen = {code if code in _optional() else code[:5] for code in codes}
    command += ["--select", ",".join(sorted(chosen)), "."]
    found = subprocess.run(command, cwd=repository, capture_output=True, text=True).stdout
    for diagnostic in json.loads(found):
        path, first, last = diagnostic["filename"], diagnostic["location"], diagnostic["end_location"]
        yield diagnostic["code"], Place(path, first["row"], last["row"])


@cache
def _optional() -> frozenset[str]:
    command = [sys.executable, "-m", "xops_lint", "rules", "--isolated", "--output-format", "json"]
    rules = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return frozenset(rule["code"] for rule in rules if rule["group"] in ("optional", "production"))


def _within(repository: Path, found: tuple[str, Place]) -> tuple[str, Place]:
    code, place = found
    return code, place._replace(path=f"{repository.name}/{place.path}")


def _report(
    defects: Mapping[str, Mapping[str, Sequence[str]]],
    ours: Sequence[tuple[str, Place]],
    theirs: Mapping[str, Sequence[tuple[str, Place]]],
    peers: Mapping[str, Peer],
    samples: int,
) -> Iterator[str]:
    yield "| defect | peer | both | only the peer | only xops-lint |"
    yield "|---|---|---|---|---|"
    places: list[str] = []
    for defect, codes in defects.items():
        for peer, found in theirs.items():
            if peer not in codes:
                continue
            own = [place for place in _of(ours, codes[_US]) if peers[peer].reads(place.path)]
            other = _of(found, codes[peer])
            both = [place for place in other if any(place.touches(each) for each in own)]
            only_peer = [place for place in other if place not in both]
            only_us = [place for place in own if not any(place.touches(each) for each in other)]
            yield f"| {defect} | {peer} | {len(both)} | {len(only_peer)} | {len(only_us)} |"
            sorts = (("both", both), (f"only {peer}", only_peer), (f"only {_US}", only_us))
            for sort, found_places in sorts:
                places += [f"{defect}, {sort}: {place.path}:{place.first}" for place in _spread(found_places, samples)]
    yield ""
    yield from places


def _of(found: Iterable[tuple[str, Place]], codes: Sequence[str]) -> list[Place]:
    return sorted({place for code, place in found if code in codes})


def _spread(places: Sequence[Place], count: int) -> Sequence[Place]:
    """Take places evenly from the whole list, so that one repository does not fill it."""
    step = max(1, len(places) // count) if count else len(places) + 1
    return places[::step][:count]


if __name__ == "__main__":
    main()
