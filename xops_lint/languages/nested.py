"""Files that a config holds as texts: programs in scripts and arguments, configs in values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from xops_lint import kinds
from xops_lint.config import ConfigFile, Value
from xops_lint.document import WrittenFile
from xops_lint.file_names import language_of
from xops_lint.kinds import Nested
from xops_lint.languages.held import stretches_of
from xops_lint.languages.heredocs import here_documents
from xops_lint.matching import regex
from xops_lint.stretches import Stretches

_PYTHON = regex(r"(?:.*/)?python[\d.]*w?\Z")
_SHEBANG = regex(r"#!\s*\S*?(?:/|\s)python[\d.]*\s*$", re.MULTILINE)
_PLACE_IN_LIST = regex(r"\[\d+\]$")
_ENDS = {"python": "py", "yaml": "yaml", "json": "json"}
_SHORTEST = 2
"""A program of fewer lines is a command; there is nothing to see in it."""


def written_files(document: ConfigFile) -> Iterator[WrittenFile]:
    """Yield the files that stand as texts in a config's documents, each at a path below the config's."""
    if document.held or "generated" in document.traits:
        return
    taken: set[str] = set()
    for language, name, value in (*_named(document), *_arguments(document)):
        stretches = stretches_of(value.text, document.text, value.range)
        path = f"{document.path}/{name}"
        if stretches is not None and path not in taken:
            taken.add(path)
            yield WrittenFile(path, language, value.text, stretches)
    for written in _here_documents(document):
        if written.path not in taken:
            taken.add(written.path)
            yield written


Found = tuple[str, str, Value]
"""The language of a text, a name for it as a file, and the value that it is."""


def _named(document: ConfigFile) -> Iterator[Found]:
    """Yield the texts at the routes that the kinds of a config name."""
    for kind, root in zip(document.kinds, document.documents):
        for nested in kinds.nested(kind):
            for around in root.at(nested.inside) if nested.text else ():
                for value in around.at(nested.text):
                    yield from _found(nested, around, value)


def _found(nested: Nested, around: Value, value: Value) -> Iterator[Found]:
    if not value.text or ("\n" not in value.text.strip() and nested.language != "json"):
        return
    if nested.language == "name":
        name = value.route.rpartition(".[")[2].rstrip("]") if value.route.endswith("]") else ""
        language = language_of(name)
        if language in _ENDS:
            yield language, name, value
        return
    language = nested.language
    if not language:
        language = _language_of_script([word.text for word in around.at(nested.interpreter)], value.text)
    if language in _ENDS:
        yield language, f"{value.route}/{nested.file}" if nested.file else f"{value.route}.{_ENDS[language]}", value


def _language_of_script(interpreter: Sequence[str], text: str) -> str:
    words = [word for line in interpreter for word in line.split()]
    return "python" if any(map(_PYTHON.match, words)) or _SHEBANG.match(text) else ""


def _here_documents(document: ConfigFile) -> Iterator[WrittenFile]:
    """Yield the programs and configs that stand as here-documents in shell texts."""
    for value in (value for role in ("run", "command") for value in document.values(role)):
        found = list(here_documents(value.text)) if "<<" in value.text else []
        places = stretches_of(value.text, document.text, value.range) if found else None
        for number, each in enumerate(found if places is not None else (), start=1):
            text = value.text[each.start : each.end]
            name = each.name or f"{value.route}.{number}.{_ENDS[each.language]}"
            if places is not None and text.count("\n") >= _SHORTEST:
                inside = slice(each.start, each.end)
                stretches = Stretches(places.starts[inside], places.ends[inside], places.indent)
                yield WrittenFile(f"{document.path}/{name}", each.language, text, stretches)


def _arguments(document: ConfigFile) -> Iterator[Found]:
    """Yield the programs that commands written as lists hand to Python as arguments."""
    for _, values in groupby(document.values("command"), lambda value: _PLACE_IN_LIST.sub("", value.route)):
        words = list(values)
        if not any(_PYTHON.match(word.text) for word in words):
            continue
        for option, value in pairwise(words):
            if option.text == "-c" and len(value.text.splitlines()) >= _SHORTEST:
                yield "python", f"{value.route}.py", value
