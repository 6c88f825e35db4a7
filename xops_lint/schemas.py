"""The published schemas of config kinds, cut down to the names of keys and the types of values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from xops_lint import data_files
from xops_lint.config import Value

FOLDER = data_files.FOLDER / "schemas"

ANY = -1
"""The number of a node that takes anything."""


class Node(NamedTuple):
    """What a place takes: types by their letters, keys, other keys and elements by the numbers of their nodes.

    ``types`` are letters of ``oasinb`` (object, array, string, integer, number, boolean), none for any;
    ``rest`` is None where no other keys are taken.
    """

    types: str
    keys: Mapping[str, int] | None
    rest: int | None
    element: int


class Schema(NamedTuple):
    """The nodes of a kind, and which of them a document's root is, by ``apiVersion`` and ``kind`` if it has these.

    ``of`` says where it is published, ``older`` names keys that former versions took.
    """

    of: str
    older: frozenset[str]
    nodes: tuple[Node, ...]
    roots: Mapping[str, int]

    def root(self, document: Value) -> int:
        """Return the number of the node that a document's root is; ANY if its version is not known."""
        version, kind = (document.items.get(name) for name in ("apiVersion", "kind"))
        named = f"{version.text} {kind.text}" if version is not None and kind is not None else ""
        return self.roots.get(named, ANY)


@cache
def names() -> frozenset[str]:
    """Return the kinds that have a schema."""
    return frozenset(path.stem for path in FOLDER.glob("*.json"))


@cache
def schema(kind: str) -> Schema:
    """Return the schema of a kind that has one."""
    data: Mapping[str, Any] = json.loads((FOLDER / f"{kind}.json").read_bytes())
    return Schema(data["of"], frozenset(data["older"]), tuple(Node(*node) for node in data["nodes"]), data["roots"])
