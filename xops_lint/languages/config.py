"""Configs of every syntax: bytes to a tree of values, its kind and its roles."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xops_lint import api_versions, kinds, schemas
from xops_lint.config import ConfigFile, Misfit, Misspelling, Removal, Value
from xops_lint.diagnostic import Problem
from xops_lint.document import WrittenFile
from xops_lint.languages.source import replace_surrogates
from xops_lint.languages.tree import Parsed, problem_at
from xops_lint.matching import regex
from xops_lint.shell import Command
from xops_lint.supplying import Supplied, with_routes
from xops_lint.text import Range

if TYPE_CHECKING:
    from xops_lint.queries import Query

LARGEST = 2_000_000
"""A longer config is data that somebody keeps as YAML or JSON; it is not parsed."""

_LOCK = "lock-file"
_TELLING = frozenset({"makefile", "markdown", "shell"})
"""Languages that hold commands for people, or for other commands, to start."""

_COMMANDS = frozenset({"run", "command", "action"})
_TOP_LEVEL = regex(r"^\"?([A-Za-z_$][\w$-]*)\"?:[ \t]*[\"']?([^\r\n\"'#]*)", re.MULTILINE)


def read_config(
    path: str, data: bytes, language: str, supplied: Supplied | None = None, **document_fields: Any
) -> ConfigFile:
    """Return the document of a config; what goes wrong is in its ``problems``.

    ``supplied`` is what other files of the project tell of it.
    """
    text, problem = decode(data)
    document = ConfigFile(path, language, text, **document_fields)
    if problem is not None:
        # A script of the shell is read for what it starts, whatever else is in it.
        document.problems.append(replace(problem, skipped=problem.skipped or language == "shell"))
        return document
    if language in _TELLING:
        _tell(document, text)
    if language == "ignore":
        _list_lines(document)
    if language in ("makefile", "shell", "ignore"):
        return document
    named = kinds.kind_by_name(path, language)
    parsed = _parse(path, text, language, named)
    document.comments = parsed.comments
    if supplied is not None and language == "hcl":
        _fill_in(parsed, supplied)
    document.documents = [value for root in parsed.documents for value in _unwrapped(root)]
    document.kinds = kinds.identify(path, language, document.documents)
    _add_held(document)
    document.kind = next((kind for kind in document.kinds if kind), named)
    for problem in parsed.problems:
        document.problems.append(problem if _is_known(document) else replace(problem, skipped=True))
    _settle(document, kinds.lacking() if parsed.gaps else frozenset(), supplied)
    return document


def decode(data: bytes) -> tuple[str, Problem | None]:
    """Return a config's text, line endings kept, and what is wrong with it."""
    encoding, mark = marked_encoding(data)
    if not mark and b"\0" in data:
        return "", Problem("holds NUL bytes, so it is a binary: exclude it", skipped=True)
    return _decoded(data[len(mark) :], encoding)


def marked_encoding(data: bytes) -> tuple[str, bytes]:
    """Return the encoding that a byte order mark tells, and the mark; without one UTF-8."""
    for mark, encoding in ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return encoding, mark
    return "utf-8", b""


def _decoded(data: bytes, encoding: str) -> tuple[str, Problem | None]:
    try:
        return replace_surrogates(data.decode(encoding)), None
    except UnicodeDecodeError as error:
        text = data.decode(encoding, "replace")
        before = len(data[: error.start].decode(encoding, "replace"))
        message = f"holds the byte 0x{data[error.start]:02x}, which is not {encoding.upper()}"
        return text, problem_at(text, before, message)


def _fill_in(parsed: Parsed, supplied: Supplied) -> None:
    from xops_lint.languages import terraform

    for root in parsed.documents:
        terraform.supply(root, supplied.constants)


def _parse(path: str, text: str, language: str, named: str) -> Parsed:
    if named == _LOCK:
        from xops_lint.languages import locks

        return locks.read(text, language)
    if len(text) > LARGEST:
        return Parsed([], (), (Problem(f"is longer than {LARGEST:,} characters, so it is not read", skipped=True),))
    if language == "json" and not named and not kinds.worth_parsing(path, text, language):
        return Parsed([])
    # Graphs and schemas of other tools are written as text protobuf too, millions of lines of them.
    if language == "pbtxt" and not named:
        return Parsed([])
    return _read(path, text, language)


def _read(path: str, text: str, language: str) -> Parsed:
    """Read a text by the reader of its language; each is loaded when first needed."""
    if language == "yaml":
        from xops_lint.languages import yaml

        return yaml.read(text)
    if language == "json":
        from xops_lint.languages import json

        return json.read(text)
    if language == "toml":
        from xops_lint.languages import toml

        return toml.read(text)
    if language == "requirements":
        from xops_lint.languages import requirements

        return requirements.read(text)
    if language == "pbtxt":
        from xops_lint.languages import pbtxt

        return pbtxt.read(text)
    if language == "hcl":
        from xops_lint.languages import hcl

        return hcl.read(text)
    if language == "dockerfile":
        from xops_lint.languages import dockerfile

        return dockerfile.read(text)
    if language == "markdown":
        from xops_lint.languages import markdown

        return markdown.read(text, kinds.kind_by_name(path, language))
    if path.endswith((".properties", ".cfg", "/config", "/config.local")):
        from xops_lint.languages import properties

        return properties.read(text)
    return Parsed([Value({}, "map", Range(0, len(text)))])


def _unwrapped(root: Value) -> Iterator[Value]:
    """Yield a document, and the documents that a list of them holds."""
    yield root
    if root.items.get("kind") is not None and root.items["kind"].text.endswith("List") and "apiVersion" in root.items:
        yield from root.at("items[*]")
    if isinstance(root.data, list):
        yield from (element for element in root.list if element.items)


def _add_held(document: ConfigFile) -> None:
    """Add the documents that stand as mappings inside others, behind all those, if their kinds are known."""
    for kind, root in list(zip(document.kinds, document.documents)):
        for nested in kinds.nested(kind):
            for value in root.at(nested.inside) if not nested.text else ():
                found = _kind_of_held(document, value)
                if found and value.items:
                    document.documents.append(value)
                    document.kinds.append(found)


def _kind_of_held(document: ConfigFile, value: Value) -> str:
    """Return the kind of a mapping inside a document; what Terraform holds may be anybody's JSON, whatever its path."""
    if document.language != "hcl":
        return kinds.identify(document.path, document.language, [value])[0]
    return next((kind for language in ("hcl", "json") for kind in kinds.identify("", language, [value]) if kind), "")


def _is_known(document: ConfigFile) -> bool:
    """Say whether a document that did not parse would have been of a known kind."""
    if document.kind:
        return True
    entries = {key: Value(text.strip(), "str", Range(0, 0)) for key, text in _TOP_LEVEL.findall(document.text)}
    return kinds.identify(document.path, document.language, [Value(entries, "map", Range(0, 0))]) != [""]


def _settle(document: ConfigFile, untold: frozenset[str], supplied: Supplied | None) -> None:
    """Give the document the routes of its kinds, but for ``untold`` roles, and what its kinds say of its values."""
    table = kinds.routes()
    document.routes = {kind: table[kind] for kind in document.kinds if kind}
    if untold:
        document.routes = {
            kind: {role: each for role, each in roles.items() if role not in untold}
            for kind, roles in document.routes.items()
        }
    if supplied is not None and supplied.routes:
        document.routes = {
            kind: with_routes(roles, supplied.routes if kind == document.kind else {})
            for kind, roles in document.routes.items()
        }
    document.traits = kinds.traits(document.kinds)
    document.removals = tuple(_removals(document))
    document.commands = _commands(document)
    document.queries = _queries(document)
    document.written = _written(document)
    document.misspellings = _misspellings(document)
    document.misfits = _misfits(document)
    _objections(document)
    for template in document.of_kind("cloudformation"):
        for value in template.walk():
            key = next(iter(value.items), "")
            if len(value.items) == 1 and (key == "Ref" or key.startswith("Fn::")):
                value.tag = "unknown"


def _removals(document: ConfigFile) -> Iterator[tuple[Value, Removal]]:
    # A chart that asks which versions a cluster serves writes one that it does.
    if ".Capabilities." in document.text:
        return
    for root in document.documents:
        kind, version = root.get("kind"), root.get("apiVersion")
        found = api_versions.removal(version.text, kind.text) if kind is not None and version is not None else None
        if found is not None and version is not None:
            yield version, found


def _written(document: ConfigFile) -> tuple[WrittenFile, ...]:
    asked = {"command", "run"}
    if not any(kinds.nested(kind) or asked & document.routes.get(kind, {}).keys() for kind in document.kinds):
        return ()
    from xops_lint.languages import nested

    return tuple(nested.written_files(document))


def _misspellings(document: ConfigFile) -> tuple[Misspelling, ...]:
    if not any(map(kinds.keys, document.kinds)):
        return ()
    from xops_lint.languages import spelling

    return tuple(spelling.misspellings(document))


def _misfits(document: ConfigFile) -> tuple[Misfit, ...]:
    if not any(kinds.taken(kind) != kinds.Taken() for kind in document.kinds):
        return ()
    from xops_lint.languages import misfits

    return tuple(misfits.misfits(document))


def _objections(document: ConfigFile) -> None:
    """Add what the published schemas have against a document to what is known of its kinds by hand."""
    if schemas.names().isdisjoint(document.kinds):
        return
    from xops_lint.languages import schemed

    found = schemed.objections(document)
    known = {each.range for each in document.misspellings} | {each.range for each in document.misfits}
    document.misspellings = (*document.misspellings, *(each for each in found.misspellings if each.range not in known))
    document.misfits = (*document.misfits, *(each for each in found.misfits if each.range not in known))


def _commands(document: ConfigFile) -> tuple[Command, ...]:
    if not any(_COMMANDS & roles.keys() for roles in document.routes.values()):
        return ()
    from xops_lint.languages import shell

    return tuple(shell.commands_of(document))


def _tell(document: ConfigFile, text: str) -> None:
    """Give a document the commands that its text holds."""
    if len(text) > LARGEST:
        return
    from xops_lint.languages import told

    found = told.told(text, document.language)
    document.told = found.commands
    if found.documents:
        document.documents, document.kinds = [*found.documents], [""] * len(found.documents)


def _list_lines(document: ConfigFile) -> None:
    """Give a document its lines as its tree."""
    found = [Value(match[0], "str", Range(*match.span())) for match in re.finditer(r"[^\r\n]+", document.text)]
    document.documents, document.kinds = [Value(found, "list", Range(0, len(document.text)))], [""]


def _queries(document: ConfigFile) -> tuple[Query, ...]:
    if not any("query" in roles for roles in document.routes.values()):
        return ()
    from xops_lint.languages import queries

    return tuple(queries.queries_of(document))
