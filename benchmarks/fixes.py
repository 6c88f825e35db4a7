"""Mend copies of real projects, and tell whether anything but the defects changed.

    python benchmarks/fixes.py FOLDERS… [--unsafe] [--diffs FOLDER] [--select LIST]

Each folder is copied, without its `.git` (what git tracks is noted in a new one), mended by
`xops-lint check --fix` as a process of its own, and mended once more. Every file that changed is then read by
somebody else's parser: Python by `ast`, notebooks by `nbformat`, YAML, JSON and TOML by their libraries. Of a
notebook, everything but the sources and outputs of changed cells has to be the same, byte by byte.

`--unsafe` lets unsafe fixes take part, `--diffs` keeps a diff of each project to be read.
The exit status is 1 if a file no longer parses, changes again, or changed where nothing was mended.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import tomli
import yaml

from xops_lint.languages.located_json import read_outputs, read_sources

_APART = (".git", ".xops-lint-cache", ".xops-lint-baseline.json", "xops-lint.toml")
_MENDED = re.compile(r"mended (\d+) finding")
_TIMEOUT = 1800


@dataclass
class Outcome:
    """What mending a project came to; each list names the files with which something is wrong."""

    name: str
    findings: int = 0
    changed: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    invalid: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    read: int = 0

    @property
    def wrong(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.broken or self.invalid or self.outside or self.again or self.left_out)


def main() -> int:
    """Mend each folder and print a row for it."""
    options = _options()
    print(f"{'project':45} {'files':>6} {'mended':>6} {'changed':>7} broken invalid outside again left out")
    outcomes = []
    for folder in options.folders:
        with tempfile.TemporaryDirectory() as made:
            outcome = mended(folder.resolve(), Path(made) / folder.resolve().name, options)
        outcomes.append(outcome)
        faults = (outcome.broken, outcome.invalid, outcome.outside, outcome.again, outcome.left_out)
        counts = " ".join(f"{len(each):>{width}}" for each, width in zip(faults, (6, 7, 7, 5, 8)))
        row = f"{outcome.name[:45]:45} {outcome.read:>6} {outcome.findings:>6} {len(outcome.changed):>7} {counts}"
        print(row, flush=True)
        for fault in faults:
            for text in fault:
                print(f"    {text}", flush=True)
    print(f"{sum(o.findings for o in outcomes)} findings mended in {sum(len(o.changed) for o in outcomes)} files")
    return int(any(outcome.wrong for outcome in outcomes))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--unsafe", action="store_true")
    parser.add_argument("--diffs", type=Path)
    parser.add_argument("--select", default="DEFAULT")
    return parser.parse_args()


def mended(folder: Path, copy: Path, options: argparse.Namespace) -> Outcome:
    """Mend a copy of a folder twice, and compare what is there before and after."""
    shutil.copytree(folder, copy, symlinks=True, ignore=shutil.ignore_patterns(*_APART))
    for command in (("init", "--quiet"), ("add", "--all", "--force")):
        subprocess.run(["git", *command], cwd=copy, check=True, capture_output=True)
    before = contents(copy)
    outcome = Outcome(folder.name, read=len(before))
    first = _fix(copy, options)
    outcome.findings = int(found[1]) if (found := _MENDED.search(first)) else 0
    outcome.left_out = [line for line in first.splitlines() if "please report it" in line]
    after = contents(copy)
    outcome.changed = sorted(path for path in before if after[path] != before[path])
    for path in outcome.changed:
        _judge(path, before[path], after[path], outcome)
    if options.diffs is not None:
        options.diffs.mkdir(parents=True, exist_ok=True)
        diff = subprocess.run(["git", "diff", "--unified=6"], cwd=copy, capture_output=True, check=True).stdout
        (options.diffs / f"{folder.name}.diff").write_bytes(diff)
    _fix(copy, options)
    outcome.again = sorted(path for path, data in contents(copy).items() if data != after[path])
    return outcome


def contents(folder: Path) -> Mapping[str, bytes]:
    """Return what is in every file of a folder."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    named = ((path.relative_to(folder).as_posix(), path) for path in files)
    return {name: path.read_bytes() for name, path in named if name.partition("/")[0] not in _APART}


def _fix(folder: Path, options: argparse.Namespace) -> str:
    """Mend a folder; return what the linter says beside its report."""
    unsafe = ["--unsafe-fixes"] if options.unsafe else []
    command = [sys.executable, "-m", "xops_lint", "check", "--isolated", "--no-cache", "--fix", *unsafe, "-j", "1"]
    command += ["--verbose", "--select", options.select, "--output-format", "json", "--exit-zero"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_TIMEOUT, check=False).stderr


def _judge(path: str, before: bytes, after: bytes, outcome: Outcome) -> None:
    """Note what is wrong with a file that changed."""
    read = next((reader for end, reader in _READERS.items() if path.endswith(end)), None)
    if read is not None and _reads(read, before) and not _reads(read, after):
        outcome.broken.append(f"{path}: no longer parses")
    if path.endswith(".ipynb"):
        if _valid(before) and not _valid(after):
            outcome.invalid.append(f"{path}: is no valid notebook any more")
        if not same_outside(before.decode(), after.decode()):
            outcome.outside.append(f"{path}: changed outside the mended cells")


def same_outside(before: str, after: str) -> bool:
    """Say whether two notebooks are the same but for sources and outputs of cells in which these differ."""
    sources = [[text[raw.range.start : raw.range.end] for raw in read_sources(text)] for text in (before, after)]
    if len(sources[0]) != len(sources[1]):
        return False
    changed = [old != new for old, new in zip(*sources)]
    cells = [json.loads(text)["cells"] for text in (before, after)]
    cleared = [bool(old.get("outputs")) and new.get("outputs") == [] for old, new in zip(*cells)]
    return _masked(before, changed, cleared) == _masked(after, changed, cleared)


def _masked(text: str, changed: Sequence[bool], cleared: Sequence[bool]) -> str:
    spans = [raw.range for raw, masked in zip(read_sources(text), changed) if masked]
    spans += [where for where, masked in zip(read_outputs(text), cleared) if masked and where is not None]
    for span in sorted(spans, reverse=True):
        text = f"{text[: span.start]}…{text[span.end :]}"
    return text


def _valid(data: bytes) -> bool:
    try:
        nbformat.validate(nbformat.reads(data.decode(), as_version=nbformat.NO_CONVERT))  # type: ignore[no-untyped-call]
    except Exception:
        return False
    return True


def _reads(read: Callable[[bytes], object], data: bytes) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read(data)
    except Exception:
        return False
    return True


def _yaml(data: bytes) -> list[yaml.Node]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: Iterator[yaml.Node] = yaml.compose_all(data, loader)
    return list(found)


_READERS: Mapping[str, Callable[[bytes], object]] = {
    ".py": ast.parse,
    ".ipynb": json.loads,
    ".json": json.loads,
    ".yaml": _yaml,
    ".yml": _yaml,
    "dvc.lock": _yaml,
    ".toml": lambda data: tomli.loads(data.decode()),
}


if __name__ == "__main__":
    sys.exit(main())
