"""Turns plain data into JSON and back, by the types that its classes declare; what does not fit is refused.

A dataclass or a named tuple becomes the list of its fields, those at the end that
have their defaults left out. An object that is met again is kept once: each
mention is then ``[{"=": number}]``, its place in a table. Nothing that is read can
make anything but instances of the classes that the wanted type names.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import json
import types
import typing
from collections.abc import Callable, Sequence
from datetime import date
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, Final, NamedTuple

from xops_lint.cache import literals
from xops_lint.cache.literals import Foreign, Unstorable

_REFERENCE: Final = "="
_PLAIN: Final = (str, int, bool, float)
_SEQUENCES: Final = (list, collections.abc.Sequence)
_MAPPINGS: Final = (dict, collections.abc.Mapping)
_MOST_VALUES: Final = 2_000_000
"""Data with more parts than this is not kept: it may be small in memory, where parts are shared."""


def encode(value: Any, type: Any) -> bytes:
    """Return the JSON of a value; raises Unstorable where that cannot be."""
    writer = _Writer()
    try:
        data = writer.write(value, codec(type))
        text = json.dumps([data, writer.table], separators=(",", ":"), check_circular=False)
        return text.encode("ascii")
    except (RecursionError, ValueError, TypeError, AttributeError) as error:
        raise Unstorable(str(error)) from error


def decode(data: bytes, type: Any) -> Any:
    """Return the value that JSON stands for; raises Foreign for what is of another type."""
    try:
        value, table = json.loads(data)
        if table.__class__ is not list:
            raise Foreign("the table is no list")
        return codec(type).read(value, _Reader(table))
    except (RecursionError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Foreign(str(error)) from error


@dataclasses.dataclass(slots=True)
class _Writer:
    """What has been written: ``known`` has the node of an object by its identity, None while that is under way."""

    known: dict[int, list[Any] | None] = dataclasses.field(default_factory=dict)
    table: list[list[Any]] = dataclasses.field(default_factory=list)
    left: int = _MOST_VALUES

    def write(self, value: Any, codec: Codec) -> Any:
        return codec.write(value, self)

    def node(self, value: object, names: Callable[[Any], Sequence[Any]], codecs: Sequence[_Field]) -> list[Any]:
        """Return the node of an object, or a reference if it is not the first one."""
        node = self.known.get(id(value), self)
        if node is None:
            raise Unstorable("it holds itself")
        if node.__class__ is list:
            return self._reference(node)
        self.known[id(value)] = None
        fields = names(value)
        length = len(fields)
        while length and codecs[length - 1].is_default(fields[length - 1]):
            length -= 1
        self.left -= length + 1
        if self.left < 0:
            raise Unstorable("it is too large")
        node = [field.codec.write(each, self) for field, each in zip(codecs, fields[:length])]
        self.known[id(value)] = node
        return node

    def _reference(self, node: list[Any]) -> list[Any]:
        if not _refers(node):
            self.table.append(node[:])
            # The first mention becomes a reference as well.
            node[:] = [{_REFERENCE: len(self.table) - 1}]
        return node[:]


@dataclasses.dataclass(slots=True)
class _Reader:
    """What is read: ``made`` has the objects of the table, None while one is under way."""

    table: list[Any]
    made: dict[int, object | None] = dataclasses.field(default_factory=dict)

    def shared(self, node: list[Any], wanted: type, read: Callable[[Any, _Reader], object]) -> object:
        """Return the object that a reference means."""
        number = node[0][_REFERENCE]
        if number.__class__ is not int or not 0 <= number < len(self.table):
            raise Foreign("a reference leads nowhere")
        if number not in self.made:
            self.made[number] = None
            self.made[number] = read(self.table[number], self)
        found = self.made[number]
        if found.__class__ is not wanted:
            raise Foreign("a reference leads to another type, or to itself")
        return found


class Codec(NamedTuple):
    """How values of one type are written and read."""

    write: Callable[[Any, _Writer], Any]
    read: Callable[[Any, _Reader], Any]


class _Field(NamedTuple):
    """One field of a class: its codec, and how to tell that a value need not be written."""

    codec: Codec
    is_default: Callable[[Any], bool]


@cache
def codec(type: Any) -> Codec:
    """Return the codec of a type; raises TypeError for one that data may not have."""
    origin, arguments = typing.get_origin(type), typing.get_args(type)
    if type is Any:
        return Codec(lambda value, writer: literals.write(value), lambda data, reader: literals.read(data))
    if type in _PLAIN:
        return _plain(type)
    if type is types.NoneType:
        return Codec(_write_none, _read_none)
    if type is date:
        return _text(date.isoformat, date.fromisoformat)
    if origin in (typing.Union, types.UnionType):
        return _union(arguments)
    if origin is tuple:
        return _sequence(tuple, arguments[0]) if arguments[1:] == (...,) else _tuple(arguments)
    if origin in _SEQUENCES:
        return _sequence(list if origin is list else tuple, arguments[0])
    if origin in (frozenset, set):
        return _sequence(origin, arguments[0])
    if origin in _MAPPINGS:
        return _table(arguments[0], arguments[1])
    if isinstance(type, type_) and issubclass(type, Enum):
        return _text(lambda member: member.value, type)
    if isinstance(type, type_) and issubclass(type, tuple):
        return _named_tuple(type)
    if dataclasses.is_dataclass(type):
        return _dataclass(type)
    raise TypeError(f"{type} cannot be kept")


type_: Final = type


def _plain(wanted: type) -> Codec:
    def write(value: Any, writer: _Writer) -> Any:
        if value.__class__ is not wanted and not (wanted is float and value.__class__ is int):
            raise Unstorable(f"{value.__class__.__name__} stands for {wanted.__name__}")
        return value

    def read(data: Any, reader: _Reader) -> Any:
        if data.__class__ is not wanted and not (wanted is float and data.__class__ is int):
            raise Foreign(f"{data.__class__.__name__} stands for {wanted.__name__}")
        return data

    return Codec(write, read)


def _write_none(value: Any, writer: _Writer) -> None:
    if value is not None:
        raise Unstorable("something stands for nothing")


def _read_none(data: Any, reader: _Reader) -> None:
    if data is not None:
        raise Foreign("something stands for nothing")


def _text(spell: Callable[[Any], str], parse: Callable[[str], Any]) -> Codec:
    def read(data: Any, reader: _Reader) -> Any:
        return parse(_string(data))

    return Codec(lambda value, writer: spell(value), read)


def _string(data: Any) -> str:
    if data.__class__ is not str:
        raise Foreign("no text")
    return str(data)


def _list(data: Any) -> list[Any]:
    if data.__class__ is not list:
        raise Foreign("no list")
    return data


def _union(alternatives: Sequence[Any]) -> Codec:
    """Return the codec of a choice: JSON tells them apart by its own types, and named tuples by their names."""
    by_json, by_class = dict[type, Codec](), dict[type, Codec]()
    tuples = {each.__name__: each for each in alternatives if isinstance(each, type_) and issubclass(each, tuple)}
    if len(tuples) > 1:
        by_json[list] = tagged = _tagged(tuples)
        by_class.update(dict.fromkeys(tuples.values(), tagged))
        alternatives = [each for each in alternatives if each not in by_class]
    for alternative in alternatives:
        own, plain = codec(alternative), typing.get_origin(alternative) or alternative
        kind = _json_type(plain)
        if kind in by_json:
            raise TypeError(f"JSON tells {alternatives} not apart")
        by_json[kind] = own
        for known in _classes(plain):
            by_class[known] = own

    def write(value: Any, writer: _Writer) -> Any:
        chosen = by_class.get(value.__class__)
        if chosen is None:
            raise Unstorable(f"{value.__class__.__name__} is none of {alternatives}")
        return chosen.write(value, writer)

    def read(data: Any, reader: _Reader) -> Any:
        chosen = by_json.get(data.__class__)
        if chosen is None:
            raise Foreign(f"{data.__class__.__name__} is none of {alternatives}")
        return chosen.read(data, reader)

    return Codec(write, read)


def _tagged(by_name: dict[str, type]) -> Codec:
    """Return the codec of named tuples that hold each other, each with its name before it."""

    def write(value: Any, writer: _Writer) -> list[Any]:
        return [value.__class__.__name__, codec(value.__class__).write(value, writer)]

    def read(data: Any, reader: _Reader) -> Any:
        name, inner = _list(data)
        return codec(by_name[name]).read(inner, reader)

    return Codec(write, read)


def _json_type(plain: Any) -> type:
    if plain in _PLAIN or plain is types.NoneType:
        return plain  # type: ignore[no-any-return]
    if plain in _MAPPINGS:
        return dict
    return str if plain is date or issubclass(plain, Enum) else list


def _classes(plain: Any) -> tuple[type, ...]:
    """Return the classes that values declared as a type have."""
    if plain in _MAPPINGS:
        return (dict, types.MappingProxyType)
    return (list, tuple) if plain in _SEQUENCES else (plain,)


def _sequence(made: type, element: Any) -> Codec:
    own = codec(element)

    def write(value: Any, writer: _Writer) -> list[Any]:
        if not isinstance(value, list | tuple | frozenset | set):
            raise Unstorable(f"{value.__class__.__name__} is no sequence")
        writer.left -= len(value)
        # Sets have another order in every process, and what is written is compared.
        ordered = value if isinstance(value, list | tuple) else sorted(value, key=repr)
        return [own.write(each, writer) for each in ordered]

    def read(data: Any, reader: _Reader) -> Any:
        return made([own.read(each, reader) for each in _list(data)])

    def read_plain(data: Any, reader: _Reader) -> Any:
        # Most lists hold texts or numbers alone.
        if not {each.__class__ for each in _list(data)} <= {element}:
            raise Foreign("an element of another type")
        return made(data)

    return Codec(write, read_plain if element in (str, int, bool) else read)


def _tuple(elements: Sequence[Any]) -> Codec:
    codecs = [codec(element) for element in elements]

    def write(value: Any, writer: _Writer) -> list[Any]:
        if value.__class__ is not tuple or len(value) != len(codecs):
            raise Unstorable("a tuple of another length")
        return [own.write(each, writer) for own, each in zip(codecs, value)]

    def read(data: Any, reader: _Reader) -> tuple[Any, ...]:
        if len(_list(data)) != len(codecs):
            raise Foreign("a tuple of another length")
        return tuple([own.read(each, reader) for own, each in zip(codecs, data)])

    return Codec(write, read)


def _table(key: Any, value: Any) -> Codec:
    keys, values = codec(key), codec(value)

    def write(table: Any, writer: _Writer) -> Any:
        writer.left -= len(table)
        if key is str:
            return {keys.write(name, writer): values.write(each, writer) for name, each in table.items()}
        return {"": [[keys.write(name, writer), values.write(each, writer)] for name, each in table.items()]}

    def read(data: Any, reader: _Reader) -> dict[Any, Any]:
        if data.__class__ is not dict:
            raise Foreign("no table")
        if key is str:
            return {name: values.read(each, reader) for name, each in data.items()}
        pairs = _list(data[""])
        return {keys.read(name, reader): values.read(each, reader) for name, each in pairs}

    return Codec(write, read)


def _named_tuple(wanted: Any) -> Codec:
    hints = typing.get_type_hints(wanted, localns={})
    codecs = [codec(hints[name]) for name in wanted._fields]
    count, numbers = len(codecs), all(hints[name] is int for name in wanted._fields)

    def write(value: Any, writer: _Writer) -> list[Any]:
        if value.__class__ is not wanted:
            raise Unstorable(f"{value.__class__.__name__} stands for {wanted.__name__}")
        return [own.write(each, writer) for own, each in zip(codecs, value)]

    def read(data: Any, reader: _Reader) -> Any:
        if len(_list(data)) != count:
            raise Foreign(f"no {wanted.__name__}")
        return wanted(*[own.read(each, reader) for own, each in zip(codecs, data)])

    def read_numbers(data: Any, reader: _Reader) -> Any:
        if data.__class__ is not list or len(data) != count or {each.__class__ for each in data} != {int}:
            raise Foreign(f"no {wanted.__name__}")
        return wanted(*data)

    return Codec(write, read_numbers if numbers else read)


def _dataclass(wanted: Any) -> Codec:
    """Return the codec of a dataclass, whose fields may be of that very class: they are looked at when first used."""
    made = [field for field in dataclasses.fields(wanted) if field.init]
    values = _values([field.name for field in made])
    required = sum(field.default is field.default_factory is dataclasses.MISSING for field in made)
    fields: list[_Field] = []
    readers: list[Callable[[Any, _Reader], Any]] = []

    def prepare() -> None:
        hints = typing.get_type_hints(wanted, localns={})
        fields.extend(_Field(codec(hints[field.name]), _tell_default(field)) for field in made)
        readers.extend(field.codec.read for field in fields)

    def write(value: Any, writer: _Writer) -> list[Any]:
        if value.__class__ is not wanted:
            raise Unstorable(f"{value.__class__.__name__} stands for {wanted.__name__}")
        if not fields:
            prepare()
        return writer.node(value, values, fields)

    def read(data: Any, reader: _Reader) -> Any:
        if not readers:
            prepare()
        if data.__class__ is not list:
            raise Foreign(f"no {wanted.__name__}")
        if len(data) == 1 and _refers(data):
            return reader.shared(data, wanted, read)
        if not required <= len(data) <= len(readers):
            raise Foreign(f"no {wanted.__name__}")
        return wanted(*[own(each, reader) for own, each in zip(readers, data)])

    return Codec(write, read)


def _refers(node: list[Any]) -> bool:
    return len(node) == 1 and node[0].__class__ is dict and node[0].keys() == {_REFERENCE}


def _values(names: list[str]) -> Callable[[Any], Sequence[Any]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _tell_default(field: dataclasses.Field[Any]) -> Callable[[Any], bool]:
    default = field.default
    if field.default_factory in (dict, list):
        return lambda value: value.__class__ is field.default_factory and not value
    if default is dataclasses.MISSING:
        return lambda value: False
    if default.__class__ in (*_PLAIN, tuple, frozenset):
        return lambda value: value.__class__ is default.__class__ and value == default
    return lambda value: value is default
