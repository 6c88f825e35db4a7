"""What a published schema has against a document: misspelt and misplaced keys, values of other types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final, NamedTuple

from xops_lint import kinds, schemas
from xops_lint.config import ConfigFile, Misfit, Misspelling, Value
from xops_lint.languages.spelling import ALIKE, PLAIN, folded

_LETTERS: Final = {"map": "o", "list": "a", "str": "s", "int": "i", "float": "n", "bool": "b"}
_WORDS: Final = {"o": "a mapping", "a": "a list", "s": "a text", "i": "a number", "n": "a number", "b": "a switch"}
_COLLECTIONS: Final = "oa"


class Objections(NamedTuple):
    """What is wrong with a document: keys that are most likely others, and values that are refused."""

    misspellings: tuple[Misspelling, ...]
    misfits: tuple[Misfit, ...]


def objections(document: ConfigFile) -> Objections:
    """Return what the schemas of a document's kinds have against it; nothing where there is none."""
    misspellings: dict[tuple[int, int], Misspelling] = {}
    misfits: dict[tuple[int, int], Misfit] = {}
    for kind, root in zip(document.kinds, document.documents):
        if kind in schemas.names() and root.items:
            reader = _Reader(schemas.schema(kind), "typed" in kinds.traits((kind,)), document.text)
            for found in reader.read(root):
                # An alias stands for the same place once more.
                place = (found.range.start, found.range.end)
                if isinstance(found, Misspelling):
                    misspellings.setdefault(place, found)
                else:
                    misfits.setdefault(place, found)
    return Objections(tuple(misspellings.values()), tuple(misfits.values()))


class _Reader(NamedTuple):
    """Holds a document against a schema; ``typed`` says that numbers do not pass for texts, nor texts for numbers."""

    schema: schemas.Schema
    typed: bool
    text: str

    def read(self, root: Value) -> Iterator[Misspelling | Misfit]:
        """Yield what is wrong anywhere in a document."""
        yield from self._read(root, self.schema.root(root), "the document", schemas.ANY)

    def _read(self, value: Value, number: int, called: str, around: int) -> Iterator[Misspelling | Misfit]:
        if number == schemas.ANY or value.templated:
            return
        node = self.schema.nodes[number]
        letter = _LETTERS.get(value.tag, "")
        if letter and node.types and letter not in node.types:
            # What a template writes there may be of another type than its text.
            source = self.text[value.range.start : value.range.end]
            filled = "{{" in source or "}}" in source
            if not filled and self._refused(letter, node.types):
                yield Misfit(f"is {_WORDS[letter]}, and this place takes {_taken(node.types)} alone", value.range)
            return
        if value.items and node.keys is not None:
            yield from self._unknown(value, node, called, around)
        for name, entry in value.items.items():
            below = (node.keys or {}).get(name, schemas.ANY if node.rest is None else node.rest)
            yield from self._read(entry, below, f"`{name}`", number)
        for entry in value.list:
            yield from self._read(entry, node.element, f"an entry of {called}", number)

    def _refused(self, letter: str, types: str) -> bool:
        """Say whether readers do not turn a value of one type into what they take."""
        if letter in _COLLECTIONS or not set(types) - set(_COLLECTIONS):
            return True
        # Of a number that is whole, ``2.0``, nobody knows how it is read.
        return self.typed and not (letter in "in" and set(types) & set("in"))

    def _unknown(self, value: Value, node: schemas.Node, called: str, around: int) -> Iterator[Misspelling | Misfit]:
        """Yield the keys of a mapping that it does not take, if it is plain what was meant."""
        keys = node.keys or {}
        if node.rest is not None or any(name.startswith("<<") for name in value.items):
            return
        lacking = {folded(name): name for name in keys if name not in value.items}
        for name, entry in value.items.items():
            if name in keys or name in self.schema.older or entry.key is None or not PLAIN.match(name):
                continue
            alike = get_close_matches(folded(name), lacking, n=1, cutoff=ALIKE)
            if alike:
                yield Misspelling(name, lacking[alike[0]], called, entry.key)
            elif place := self._place(name, node, around):
                yield Misfit(f"`{name}` is not a key of {called}, but of {place}", entry.key)

    def _place(self, name: str, node: schemas.Node, around: int) -> str:
        """Return where a key belongs that stands a level too high or too low; an empty text if nowhere near."""
        below = []
        for key, number in (node.keys or {}).items():
            element = schemas.ANY if number == schemas.ANY else self.schema.nodes[number].element
            below += [f"`{key}` in it"] if name in self._keys(number) else []
            below += [f"an entry of `{key}`"] if name in self._keys(element) else []
        # A key that many parts take may belong to any of them.
        if len(below) == 1:
            return below[0]
        return "what is around it" if name in self._keys(around) and not below else ""

    def _keys(self, number: int) -> Mapping[str, int]:
        found = None if number == schemas.ANY else self.schema.nodes[number].keys
        return found or {}


def _taken(types: str) -> str:
    words = list(dict.fromkeys(_WORDS[letter] for letter in "oasinb" if letter in types))
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
