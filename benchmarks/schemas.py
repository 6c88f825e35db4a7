"""Reduce the published schemas of config kinds to what the linter asks of them: key names and types.

    python benchmarks/schemas.py CHECKOUTS SCHEMAS

CHECKOUTS is a folder with repositories in folders called ``owner+name``, SCHEMAS one with the JSON schemas that
the package check-jsonschema brings (``check_jsonschema/builtin_schemas/vendor``). ``schemas.yaml`` beside
this file says what is taken from where, and under which licence. Written is one file a kind,
``xops_lint/data/schemas/<kind>.json``: ``of`` says what it was made from, ``older`` names keys that former
versions took, ``roots`` has a node for each ``apiVersion`` and ``kind``, or for an empty text. A node is
``[types, keys, rest, element]``: the letters of the types that it takes (none: any), its keys and their nodes,
the node of all other keys (null: there are none; -1: anything), and the node of its elements (-1: anything).
Nodes that are alike are written once.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent.parent / "xops_lint" / "data" / "schemas"
_ANY = -1
_LETTERS = {
    "object": "o",
    "array": "a",
    "string": "s",
    "integer": "i",
    "number": "n",
    "boolean": "b",
    "null": "",
}
_ALTERNATIVES = ("oneOf", "anyOf", "allOf")
_DEEPEST = 30
_OPEN = "x-kubernetes-preserve-unknown-fields"

Node = tuple[str, Mapping[str, int] | None, int | None, int]


class Reducer:
    """Turns one schema into nodes; parts that refer to themselves take anything below."""

    def __init__(self, document: Mapping[str, Any], *, closed: bool, anything: Sequence[str] = ()) -> None:
        self.document = document
        # Clusters drop every key that the schema of a resource does not name.
        self.closed = closed
        self.anything = anything
        self.nodes: dict[str, int] = {}
        self.open: list[str | None] = []

    def reduced(self, schema: Any) -> int:
        """Return the number of a schema's node."""
        reference = schema.get("$ref") if isinstance(schema, Mapping) else None
        if len(self.open) > _DEEPEST or (reference is not None and reference in self.open):
            return _ANY
        self.open.append(reference)
        try:
            return self._reduced(schema if reference is None else self._target(reference))
        finally:
            self.open.pop()

    def _reduced(self, schema: Any) -> int:
        merged = list(self._alternatives(schema, ()))
        if not merged or any(not isinstance(each, Mapping) for each in merged):
            return _ANY
        types = {self._types(each) for each in merged}
        letters = "" if "" in types else "".join(sorted(set("".join(types))))
        keys, rest = self._mapping(merged)
        elements = [each["items"] for each in merged if "items" in each]
        lists = [each for each in merged if "a" in self._types(each)]
        element = self._one(elements) if elements and len(elements) == len(lists) else _ANY
        return self._number((letters, keys, rest, element))

    def _number(self, node: Node) -> int:
        return _ANY if node == ("", None, _ANY, _ANY) else self.nodes.setdefault(json.dumps(node), len(self.nodes))

    def _one(self, schemas: Sequence[Any]) -> int:
        return self.reduced(schemas[0] if len(schemas) == 1 else {"anyOf": list(schemas)})

    def _mapping(self, merged: Sequence[Mapping[str, Any]]) -> tuple[dict[str, int] | None, int | None]:
        """Return the keys of mappings and what others they may have."""
        mappings = [each for each in merged if "o" in (self._types(each) or "o")]
        known: dict[str, list[Any]] = {}
        for each in mappings:
            for name, part in each.get("properties", {}).items():
                known.setdefault(name, []).append(part)
        if not known and all(each.get("additionalProperties") in (None, True) for each in mappings):
            return None, _ANY
        keys = {name: _ANY if name in self.anything else self._one(parts) for name, parts in sorted(known.items())}
        return keys, self._rest(mappings)

    def _rest(self, mappings: Sequence[Mapping[str, Any]]) -> int | None:
        """Return the node of the keys that are not named; None if there may be none."""
        further: list[Any] = []
        for each in mappings:
            patterns = [part for pattern, part in each.get("patternProperties", {}).items() if pattern != "^x-"]
            if each.get(_OPEN) or "if" in each:
                return _ANY
            further += patterns
            given = each.get("additionalProperties")
            if patterns and given in (None, False):
                continue
            if given is None and "properties" in each:
                given = not self.closed
            if isinstance(given, Mapping):
                further.append(given)
            elif given is not False and ("properties" in each or given is True):
                return _ANY
        return self._one(further) if further else None

    def _target(self, reference: str) -> Any:
        target: Any = self.document
        for part in reference[2:].split("/") if reference != "#" else ():
            target = target[part.replace("~1", "/")]
        return target

    def _types(self, schema: Mapping[str, Any]) -> str:
        if schema.get("x-kubernetes-int-or-string"):
            return "is"
        given = schema.get("type")
        if given is None:
            return self._of_values(schema)
        return "".join(sorted(_LETTERS[each] for each in ([given] if isinstance(given, str) else given)))

    def _of_values(self, schema: Mapping[str, Any]) -> str:
        if "properties" in schema or "patternProperties" in schema:
            return "o"
        values = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ())]
        return "s" if values and all(isinstance(value, str) for value in values) else ""

    def _alternatives(self, schema: Any, seen: tuple[str, ...]) -> Iterator[Any]:
        """Yield the schemas that one consists of, whichever of them holds."""
        if not isinstance(schema, Mapping) or not schema:
            yield None
            return
        reference = schema.get("$ref")
        if isinstance(reference, str):
            if reference in (*self.open, *seen) or not reference.startswith("#"):
                yield None
                return
            yield from self._alternatives(self._target(reference), (*seen, reference))
            return
        parts = [part for word in _ALTERNATIVES for part in schema.get(word, ())]
        own = {name: value for name, value in schema.items() if name not in _ALTERNATIVES}
        told = {"properties", "items", "type", "additionalProperties", "patternProperties", "enum", "const"}
        asks = [part for part in parts if isinstance(part, Mapping) and (told & part.keys() or "$ref" in part)]
        if not told.isdisjoint(own) or not asks:
            yield own
        # What an alternative merely requires of keys that are declared beside it says nothing new.
        if not own.get("properties") or not all(set(part) <= {"required", "not", "properties"} for part in parts):
            for part in asks:
                yield from self._alternatives(part, seen)


def main() -> None:
    """Write the file of every kind."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("checkouts", type=Path, metavar="CHECKOUTS")
    parser.add_argument("schemas", type=Path, metavar="SCHEMAS")
    arguments = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    for kind, source in yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text()).items():
        if "resources" in source:
            data = _of_resources(arguments.checkouts, source)
        elif "checkout" in source:
            data = _of_schema(arguments.checkouts / source["checkout"])
        else:
            data = _of_schema(arguments.schemas / source["schema"])
        data["of"] = f"{source['from']} ({source['licence']})"
        data["older"] = source.get("older", [])
        path = FOLDER / f"{kind}.json"
        path.write_text(json.dumps(data, separators=(",", ":")) + "\n")
        print(f"{path.name}: {len(data['nodes'])} nodes, {path.stat().st_size} bytes")


def _of_schema(path: Path) -> dict[str, Any]:
    document = json.loads(path.read_text())
    reducer = Reducer(document, closed=False)
    root = reducer.reduced(document)
    return {"roots": {"": root}, "nodes": [json.loads(node) for node in reducer.nodes]}


def _of_resources(folder: Path, source: Mapping[str, Any]) -> dict[str, Any]:
    reducer = Reducer({}, closed=True, anything=source.get("anything", ()))
    roots = {}
    for name in source["resources"]:
        spec = yaml.load((folder / name).read_text(), yaml.CSafeLoader)["spec"]
        for version in spec["versions"]:
            root = reducer.reduced(version["schema"]["openAPIV3Schema"])
            roots[f"{spec['group']}/{version['name']} {spec['names']['kind']}"] = root
    return {"roots": roots, "nodes": [json.loads(node) for node in reducer.nodes]}


if __name__ == "__main__":
    main()
