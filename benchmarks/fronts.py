"""Time each front end by itself, in one process, so that a regression has an address.

    python benchmarks/fronts.py DIRECTORY… [--most N] [--runs N] [--language NAME]…

For every language the files below the directories are read ``--runs`` times, and what is printed is the median of
the processor time that one pass takes: for the bare parser of the language, where it has one that others use as well,
for the document that rules ask, and for the facts that the project keeps of it. Nothing is judged, cached or asserted.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import libcst
import nbformat
import yaml

from xops_lint import languages
from xops_lint.document import Context, Document
from xops_lint.facts import facts_of
from xops_lint.file_names import language_of

_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Text(NamedTuple):
    """A file and what is in it."""

    path: str
    data: bytes


class Row(NamedTuple):
    """Seconds of processor time for all files of a language; ``parser`` is None where there is none to compare with."""

    language: str
    files: int
    size: int
    parser: float | None
    document: float
    facts: float


def main() -> None:
    """Read all files of each language in turn, and print a row for it."""
    arguments = _arguments()
    languages.prepare()
    print("| language | files | MB | bare parser, s | document, s | × parser | ms a file | facts, s |")
    print("|---|---|---|---|---|---|---|---|")
    for language, texts in sorted(_texts(arguments.directories, arguments.most).items()):
        if not arguments.languages or language in arguments.languages:
            print(_line(_row(language, texts, arguments.runs)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("directories", nargs="+", type=Path, metavar="DIRECTORY")
    parser.add_argument("--most", type=int, default=200, metavar="N", help="files of a language, evenly spread (200)")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="the median of how many passes (5)")
    parser.add_argument("--language", action="append", dest="languages", metavar="NAME", help="only this one")
    return parser.parse_args()


def _texts(directories: Sequence[Path], most: int) -> Mapping[str, Sequence[Text]]:
    """Return some files of each language, spread evenly over the directories."""
    found: dict[str, list[Path]] = {}
    for directory in directories:
        for path in sorted(directory.rglob("*")):
            language = language_of(path.relative_to(directory).as_posix())
            if language is not None and path.is_file():
                found.setdefault(language, []).append(path)
    return {
        language: [Text(path.name, path.read_bytes()) for path in _some(paths, most)]
        for language, paths in found.items()
    }


def _some(paths: Sequence[Path], most: int) -> Iterator[Path]:
    step = max(1.0, len(paths) / most)
    return (paths[int(number * step)] for number in range(min(most, len(paths))))


def _row(language: str, texts: Sequence[Text], runs: int) -> Row:
    bare = _PARSERS.get(language)
    documents: list[Document] = []

    def read() -> None:
        documents[:] = [languages.read(each.path, each.data, language, context=Context()) for each in texts]

    def parse() -> None:
        for each in texts:
            _parsed(bare or bytes, each.data)

    def keep() -> None:
        for each in documents:
            facts_of(each)

    parser = _median(parse, runs) if bare is not None else None
    document = _median(read, runs)
    return Row(language, len(texts), sum(len(each.data) for each in texts), parser, document, _median(keep, runs))


def _parsed(parser: Callable[[bytes], Any], data: bytes) -> None:
    """Parse one text; what the parser refuses, it has read up to there."""
    with suppress(ValueError, LookupError, SyntaxError, RecursionError, libcst.ParserSyntaxError, yaml.YAMLError):
        parser(data)


def _documents(data: bytes) -> None:
    for _ in yaml.compose_all(data, Loader=_YAML):
        pass


def _notebook(data: bytes) -> None:
    nbformat.reads(data.decode("utf-8", "replace"), as_version=4)  # type: ignore[no-untyped-call]


_PARSERS: Mapping[str, Callable[[bytes], Any]] = {
    "python": libcst.parse_module,
    "notebook": _notebook,
    "yaml": _documents,
    "json": json.loads,
}


def _median(work: Callable[[], None], runs: int) -> float:
    """Return the median of seconds of processor time, without the collector, as a run has it."""
    taken = []
    work()
    gc.disable()
    for _ in range(runs):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    gc.enable()
    return statistics.median(taken)


def _line(row: Row) -> str:
    parser, ratio = ("", "") if not row.parser else (f"{row.parser:.2f}", f"{row.document / row.parser:.2f}")
    each = f"{1000 * row.document / row.files:.1f}"
    cells = (row.language, str(row.files), f"{row.size / 1e6:.1f}", parser, f"{row.document:.2f}", ratio, each)
    return f"| {' | '.join((*cells, f'{row.facts:.2f}'))} |"


if __name__ == "__main__":
    main()
