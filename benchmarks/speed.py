"""Time xops-lint beside its peers on the same files: whole processes, one run.

    python benchmarks/speed.py [DIRECTORY]… [--files N] [--runs N] [--peer NAME]…

Without a directory the Python files of the installed packages are taken. Every run
starts in a fresh copy of the files, so that nothing is cached but the programs' own
bytecode, which a first run writes; two more rows tell of xops-lint where it has run there
before: with nothing changed, and with one file changed and named, as a commit hook names
it. Peers are modules of the running environment.
Nothing is asserted: the table is for reading.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

_PARSE = """
import pathlib, sys, libcst
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.py")):
    try:
        libcst.parse_module(path.read_bytes())
    except (libcst.ParserSyntaxError, LookupError, SyntaxError, UnicodeError):
        pass
"""


class Contender(NamedTuple):
    """A command line to time; the folder of files is its last argument."""

    name: str
    command: tuple[str, ...]


class Timing(NamedTuple):
    """Seconds of one process and all it started."""

    wall: float
    cpu: float


def main() -> None:
    """Build the files, time every contender in turn, print the table."""
    arguments = _arguments()
    contenders = [
        Contender(
            "xops-lint", (sys.executable, "-m", "xops_lint", "check", "--isolated", "--output-format", "concise")
        ),
        Contender("libcst.parse_module", (sys.executable, "-c", _PARSE)),
        *(Contender(peer, (sys.executable, "-m", peer)) for peer in arguments.peers or ["flake8"]),
    ]
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        _build(arguments.directories, arguments.files, corpus)
        print(_heading(corpus, contenders))
        print(_table(_timings(contenders, corpus, arguments.runs)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    installed = Path(sysconfig.get_path("purelib"))
    parser.add_argument("directories", nargs="*", type=Path, default=[installed], metavar="DIRECTORY")
    parser.add_argument("--files", type=int, default=300, metavar="N", help="how many files to take (300)")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="the median of how many runs (5)")
    parser.add_argument("--peer", action="append", dest="peers", metavar="NAME", help="a module to run (flake8)")
    return parser.parse_args()


def _build(directories: Sequence[Path], count: int, corpus: Path) -> None:
    """Copy ``count`` Python files, spread evenly over the directories."""
    found = [
        (directory, path) for directory in directories for path in sorted(directory.rglob("*.py")) if path.is_file()
    ]
    if not found:
        sys.exit("no Python file in " + ", ".join(map(str, directories)))
    step = max(1, len(found) / count)
    for number in range(min(count, len(found))):
        directory, path = found[int(number * step)]
        target = corpus / str(directories.index(directory)) / path.relative_to(directory)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def _timings(contenders: Sequence[Contender], corpus: Path, runs: int) -> dict[str, Timing]:
    """Return the medians; the contenders take turns, so that all meet the same machine."""
    measured: dict[str, list[Timing]] = {contender.name: [] for contender in contenders}
    for contender in contenders:
        _run(contender, corpus)
    for _ in range(runs):
        for contender in contenders:
            measured[contender.name].append(_run(contender, corpus))
        unchanged, changed = _again(contenders[0], corpus)
        measured.setdefault("nothing changed", []).append(unchanged)
        measured.setdefault("one file changed", []).append(changed)
    return {
        name: Timing(statistics.median(it.wall for it in timings), statistics.median(it.cpu for it in timings))
        for name, timings in measured.items()
    }


def _run(contender: Contender, corpus: Path) -> Timing:
    """Time one process in a fresh copy of the files."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(corpus, Path(folder) / "files")
        return _timed(contender, copy, Path(folder))


def _again(contender: Contender, corpus: Path) -> tuple[Timing, Timing]:
    """Time a second run on the same files, and a third after one of them has changed that is given that one."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(corpus, Path(folder) / "files")
        subprocess.run(("git", "init", "--quiet"), cwd=copy, check=True)
        _timed(contender, copy, copy)
        unchanged = _timed(contender, copy, copy)
        changed = sorted(copy.rglob("*.py"))[0]
        changed.write_bytes(b"# changed\n" + changed.read_bytes())
        return unchanged, _timed(contender, changed, copy)


def _timed(contender: Contender, target: Path, folder: Path) -> Timing:
    """Time one process in a folder, its report thrown away."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    before, start = _cpu_of_children(), time.perf_counter()
    finished = subprocess.run(
        (*contender.command, str(target)),
        cwd=folder,
        env={**environment, "XDG_CACHE_HOME": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    timing = Timing(time.perf_counter() - start, _cpu_of_children() - before)
    # Linters leave with 1 when they find something, and so does Python when one breaks.
    if finished.returncode not in (0, 1) or re.search("Traceback|No module named", finished.stderr):
        sys.exit(f"{contender.name} left with {finished.returncode}:\n{finished.stderr}")
    return timing


def _cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _heading(corpus: Path, contenders: Sequence[Contender]) -> str:
    sources = [path.read_bytes() for path in corpus.rglob("*.py")]
    lines, size = sum(it.count(b"\n") for it in sources), sum(map(len, sources))
    versions = ", ".join(_versions(contenders))
    return (
        f"{len(sources)} files, {lines:,} lines, {size / 1e6:.1f} MB; {os.cpu_count()} cores\n"
        f"Python {platform.python_version()}, {versions}\n"
    )


def _versions(contenders: Sequence[Contender]) -> Iterator[str]:
    for contender in contenders:
        distribution = contender.name.partition(".")[0]
        try:
            yield f"{distribution} {importlib.metadata.version(distribution)}"
        except importlib.metadata.PackageNotFoundError:
            yield distribution


def _table(timings: dict[str, Timing]) -> str:
    """Return the medians, and how many times those of xops-lint each takes."""
    ours = timings["xops-lint"]
    rows = [f"{'':22}{'wall s':>9}{'ratio':>8}{'CPU s':>9}{'ratio':>8}"]
    rows += [
        f"{name:22}{it.wall:9.2f}{it.wall / ours.wall:8.2f}{it.cpu:9.2f}{it.cpu / ours.cpu:8.2f}"
        for name, it in timings.items()
    ]
    return "\n".join(rows)


if __name__ == "__main__":
    main()
