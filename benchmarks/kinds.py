"""Tell what real files of known kinds are taken for, and whether they parse.

    python benchmarks/kinds.py MANIFEST CHECKOUTS… [--most N] [--only TEXT] [--list STATE]

MANIFEST is a table of tab-separated columns ``kind repo commit path``, each row a file that somebody
has found to be of a kind. CHECKOUTS are folders with repositories in folders called ``owner+name``:
git directories, in which the commit is looked up, or work trees, whose files are read as they are.

A file is *known* if one of its documents has a kind (for code: if it has a language), *parsed* if it was
read to its end, *skipped* if reading it was left for a reason that is no mistake: a template, a size.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from csv import DictReader
from dataclasses import dataclass, field
from pathlib import Path

from xops_lint import languages
from xops_lint.config import ConfigFile
from xops_lint.document import Context, Document
from xops_lint.file_names import language_of

_SKIPPED = "skipped"
_STATES = ("missing", "unread", "crashed", "unparsed", _SKIPPED, "unknown", "known")


@dataclass(frozen=True, slots=True)
class Row:
    """One file of the manifest."""

    kind: str
    repository: str
    commit: str
    path: str

    @property
    def folder(self) -> str:
        """The name of the folder of its repository; a branch behind ``@`` is no part of it."""
        return self.repository.partition("@")[0].replace("/", "+", 1)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: its state, why, and the kinds it was taken for."""

    row: Row
    state: str
    reason: str = ""
    kinds: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """The outcomes of one kind of the manifest."""

    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)

    def take(self, outcome: Outcome) -> None:
        """Count one outcome."""
        self.states[outcome.state] += 1
        self.kinds.update(outcome.kinds)
        if outcome.reason:
            self.reasons[outcome.reason] += 1


def main() -> None:
    """Read every file that can be had, and print a row a kind."""
    arguments = _arguments()
    rows = [row for row in _rows(arguments.manifest) if arguments.only in row.kind]
    outcomes = [_outcome(row, data) for row, data in _contents(_some(rows, arguments.most), arguments.checkouts)]
    for outcome in outcomes:
        if outcome.state in arguments.list:
            row, reason = outcome.row, outcome.reason or ", ".join(outcome.kinds)
            print("\t".join((outcome.state, row.kind, row.repository, row.path, reason)))
    print(_table(outcomes))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("manifest", type=Path, metavar="MANIFEST")
    parser.add_argument("checkouts", nargs="+", type=Path, metavar="CHECKOUTS")
    parser.add_argument("--most", type=int, default=sys.maxsize, help="read at most so many files of a kind")
    parser.add_argument("--only", default="", help="keep to the kinds of the manifest with this text in their names")
    parser.add_argument("--list", action="append", default=[], choices=_STATES, help="print the files in this state")
    return parser.parse_args()


def _rows(manifest: Path) -> list[Row]:
    with manifest.open(encoding="utf-8") as lines:
        return [Row(row["kind"], row["repo"], row["commit"], row["path"]) for row in DictReader(lines, delimiter="\t")]


def _some(rows: Sequence[Row], most: int) -> Iterator[Row]:
    """Yield at most so many rows a kind, spread over all of the kind's."""
    for kind in dict.fromkeys(row.kind for row in rows):
        own = [row for row in rows if row.kind == kind]
        step = max(1, -(-len(own) // most))
        yield from own[::step]


def _contents(rows: Iterable[Row], checkouts: Sequence[Path]) -> Iterator[tuple[Row, bytes | None]]:
    """Yield the bytes of every file, or None for one that is not there."""
    repositories: dict[str, _Repository] = {}
    for row in rows:
        if row.folder not in repositories:
            repositories[row.folder] = _Repository(tuple(folder / row.folder for folder in checkouts))
        yield row, repositories[row.folder].content(row)


class _Repository:
    """The places where the files of one repository may lie."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.trees = [folder for folder in folders if folder.is_dir() and not _is_bare(folder)]
        bare = [path for folder in folders for path in (folder, folder / "repo") if _is_bare(path)]
        self.git = [_reader(path) for path in bare]

    def content(self, row: Row) -> bytes | None:
        """Return the bytes of a file at its commit, or else as it lies in a work tree."""
        for reader in self.git:
            found = _blob(reader, f"{row.commit}:{row.path}")
            if found is not None:
                return found
        files = (tree / row.path for tree in self.trees)
        return next((file.read_bytes() for file in files if file.is_file()), None)


def _is_bare(folder: Path) -> bool:
    return (folder / "HEAD").is_file() and (folder / "objects").is_dir()


def _reader(folder: Path) -> subprocess.Popen[bytes]:
    command = ("git", "--git-dir", str(folder), "cat-file", "--batch", "--follow-symlinks")
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _blob(reader: subprocess.Popen[bytes], name: str) -> bytes | None:
    """Return a blob by its name; None for what is lacking or is no file."""
    if reader.stdin is None or reader.stdout is None or "\n" in name:
        return None
    reader.stdin.write(name.encode() + b"\n")
    reader.stdin.flush()
    header = reader.stdout.readline().split()
    if not header[-1].isdigit():
        return None
    data = reader.stdout.read(int(header[-1]))
    reader.stdout.read(1)
    # A link that leads out of the repository has its own header, of two words.
    return data if len(header) == 3 and header[1] == b"blob" else None


def _outcome(row: Row, data: bytes | None) -> Outcome:
    if data is None:
        return Outcome(row, "missing")
    language = language_of(row.path)
    if language is None:
        return Outcome(row, "unread", f"{row.path.rpartition('/')[2]} has no language")
    try:
        document = languages.read(row.path, data, language, context=Context())
    except Exception as error:
        return Outcome(row, "crashed", f"{type(error).__name__}: {error}")
    return _judged(row, document)


def _judged(row: Row, document: Document) -> Outcome:
    kinds = _kinds(document)
    for problem in document.problems:
        return Outcome(row, _SKIPPED if problem.skipped else "unparsed", problem.message, kinds)
    if isinstance(document, ConfigFile) and not document.text.strip():
        return Outcome(row, _SKIPPED, "holds nothing", kinds)
    return Outcome(row, "known" if kinds else "unknown", "", kinds)


def _kinds(document: Document) -> tuple[str, ...]:
    if not isinstance(document, ConfigFile):
        return (document.language,)
    return tuple(dict.fromkeys(kind for kind in (document.kind, *document.kinds) if kind))


def _table(outcomes: Sequence[Outcome]) -> str:
    """Return a row a kind, the most frequent first, and the sum."""
    tallies: dict[str, Tally] = {}
    total = Tally()
    for outcome in outcomes:
        tallies.setdefault(outcome.row.kind, Tally()).take(outcome)
        total.take(outcome)
    rows = [f"{'kind':40}{'files':>7}" + "".join(f"{state:>10}" for state in _STATES) + "  taken for; left because"]
    for kind, tally in sorted(tallies.items(), key=lambda item: (-item[1].states.total(), item[0])):
        rows.append(_line(kind, tally, f"{_counted(tally.kinds)}; {_counted(tally.reasons)}".strip("; ")))
    return "\n".join((*rows, _line("all", total, _rates(total))))


def _line(name: str, tally: Tally, rest: str) -> str:
    states = "".join(f"{tally.states[state] or '':>10}" for state in _STATES)
    return f"{name:40}{tally.states.total():7}{states}  {rest}"


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common(4))


def _rates(total: Tally) -> str:
    read = sum(total.states[state] for state in ("crashed", "unparsed", "unknown", "known"))
    parsed = total.states["known"] + total.states["unknown"]
    return f"{100 * parsed / max(read, 1):.2f} % of what is no template parsed"


if __name__ == "__main__":
    main()
