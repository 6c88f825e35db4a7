"""Reads and writes the file of a baseline: JSON with one entry a line, so that merges don't conflict.

A comma stands before its entry, not after the one above: a line that comes or goes
changes no other. There are no dates and no line numbers in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from xops_lint.baseline import Entry
from xops_lint.exceptions import BaselineError
from xops_lint.matching import regex
from xops_lint.replacing import replace_file

_HEADER = {"xops-lint-baseline": 1}
_KEYS = ("path", "rule", "scope", "key")
_CONFLICT = regex(r"(?:<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)(?: |$)", re.MULTILINE)
_BETWEEN = regex(r"[\s,\[]*")


def read(path: Path, name: str) -> frozenset[Entry]:
    """Return the entries of a file; ``name`` is what errors call it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise BaselineError(f"{name}: no such baseline; `xops-lint baseline create` writes one") from error
    except OSError as error:
        raise BaselineError(f"{name}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise BaselineError(f"{name}:{line}: is not UTF-8") from error
    if conflict := _CONFLICT.search(text):
        what = "holds a merge conflict; keep the lines of both sides, `xops-lint baseline prune` takes out what is gone"
        raise BaselineError(f"{name}:{_line(text, conflict.start())}: {what}")
    return frozenset(_entries(text, name))


def write(path: Path, entries: Iterable[Entry], name: str) -> None:
    """Put entries into a file, in one step."""
    lines = [f"[{json.dumps(_HEADER)}\n"]
    for entry in sorted(set(entries), key=Entry.sort_key):
        lines.append(f",{json.dumps(dict(zip(_KEYS, entry, strict=True)), ensure_ascii=False)}\n")
    content = "".join([*lines, "]\n"]).encode("utf-8", "backslashreplace")
    try:
        replace_file(path, content)
    except OSError as error:
        raise BaselineError(f"{name}: cannot be written: {error.strerror}") from error


def _entries(text: str, name: str) -> Iterator[Entry]:
    for number, (line, item) in enumerate(_items(text, name)):
        if number == 0:
            if not isinstance(item, dict) or not item.keys() >= _HEADER.keys():
                raise BaselineError(f"{name}:{line}: is no baseline of xops-lint")
            if item != _HEADER:
                raise BaselineError(f"{name}:{line}: is a baseline of another version of xops-lint")
            continue
        yield _entry(item, f"{name}:{line}")


def _items(text: str, name: str) -> Iterator[tuple[int, Any]]:
    """Yield the elements of a JSON array, each with its line."""
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        raise BaselineError(f"{name}:{error.lineno}: is not JSON: {error.msg}") from error
    except RecursionError as error:
        raise BaselineError(f"{name}:1: is nested too deeply") from error
    if not isinstance(whole, list) or not whole:
        raise BaselineError(f"{name}:1: is no baseline of xops-lint")
    decoder, offset = json.JSONDecoder(), 0
    line, counted = 1, 0
    for _ in whole:
        between = _BETWEEN.match(text, offset)
        start = between.end() if between else offset
        line, counted = line + text.count("\n", counted, start), start
        item, offset = decoder.raw_decode(text, start)
        yield line, item


def _entry(item: Any, place: str) -> Entry:
    if not isinstance(item, dict):
        raise BaselineError(f"{place}: an entry must be an object")
    for key in _KEYS:
        if key not in item:
            raise BaselineError(f"{place}: the entry lacks `{key}`")
        if not (isinstance(item[key], str) or (key == "scope" and item[key] is None)):
            raise BaselineError(f"{place}: `{key}` must be a string")
    return Entry(*(item[key] for key in _KEYS))


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
