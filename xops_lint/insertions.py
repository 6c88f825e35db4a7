"""Edits that add lines to code, or need its text to tell what to write: a statement, an import, the seed at hand."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from typing import NamedTuple

from xops_lint.diagnostic import Edit, Later
from xops_lint.matching import regex
from xops_lint.text import Range, line_start

SEED = "{seed}"
"""Stands in the text of an edit for the seed of a place."""

_USUAL = "42"

_HEAD = regex(r"(?P<indent>[ \t]*)(?P<rest>@|(?:[\w.]+ *(?:, *[\w.]+ *)*= *)?)(?:await +)?")
_REST = regex(r"[ \t]*(?:#[^\r\n]*)?(?=\r|\n|\Z)")
_IMPORT = regex(r"(?:import|from)[ \t]")
_SETTING = regex(
    r"(?<![\w.])(?P<root>args|opts?|options|flags|cfg|conf|config|params|parameters|hparams|hp|settings)"
    r"(?:(?:\.\w+)*\.(?:random_|manual_)?seed\b|\[(?P<quote>[\"'])(?:random_)?(?:seed|state)(?P=quote)\])(?!\s*(?:=[^=]|\())",
    re.IGNORECASE,
)
_OPTION = regex(r"""add_argument\([^)\n]*["']--(?P<name>(?:random[-_])?seed)["'](?![^\n]*dest=)""")
_PARSED = regex(r"^[ \t]*(?P<root>\w+)(?:, *\w+)? *= *[\w.]*parse(?:_known)?_args\(", re.MULTILINE)
_EPOCHS = regex(r"for (?P<name>\w*epoch\w*|ep|e) in (?:\w+\.)*t?range\(", re.IGNORECASE)
_PLAIN_SCHEME = regex(r"[a-zA-Z]{0,2}[\"']{0,3}(?P<scheme>http)://", re.IGNORECASE)
_SEEDING = regex(r"[\w.]*seed\w*\(")
_LAYOUT = frozenset({tokenize.NL, tokenize.COMMENT, tokenize.ENDMARKER})
_FORGIVEN = regex(r"(?P<all>[ \t]*\|\|[ \t]*(?:(?:/usr)?/bin/true|true|:|exit 0))(?=[ \t]*(?:[\r\n;\"']|#|\Z))")
_FUNCTION = regex(r"(?:async )?def ")


@dataclass(frozen=True, slots=True)
class NewStatement:
    """One more statement on a line of its own, before or after the one that something is.

    ``{}`` in the text stands, in turn, for the texts of the ranges that are ``copied``.
    """

    beside: Range
    text: str
    copied: tuple[Range, ...] = ()
    after: bool = False

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text; None where something else stands on the statement's lines."""
        start = line_start(source, self.beside.start)
        head = _HEAD.fullmatch(source, start, self.beside.start)
        rest = _REST.match(source, self.beside.end)
        if head is None or rest is None or (self.after and head["rest"] == "@"):
            return None
        text, indent = _filled(self.text, source, self.copied), head["indent"]
        text = text.replace("\n", f"\n{indent}")
        if self.after:
            return Edit(Range(rest.end(), rest.end()), f"\n{indent}{text}")
        at = start + len(indent)
        return Edit(Range(at, at), f"{text}\n{indent}")


@dataclass(frozen=True, slots=True)
class AfterImports:
    """A line put after the imports among which something is imported; ``defined`` is a name that it needs."""

    imported: Range
    text: str
    defined: str = ""

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text; None where the import does not stand at the top level."""
        end, gap = -1, "\n\n"
        for statement in _statements(source, line_start(source, self.imported.start)):
            seeding = end >= 0 and _SEEDING.match(source, statement.start) is not None
            if statement.depth or not (seeding or _IMPORT.match(source, statement.start)):
                break
            end, gap = statement.end, "\n" if seeding else "\n\n"
        found = _definition(source, self.defined) if self.defined else None
        end = max(end, found.end()) if found is not None and end >= 0 else end
        rest = _REST.match(source, end) if end >= 0 else None
        if rest is None:
            return None
        gap = "\n" if _IMPORT.match(self.text) else gap
        return Edit(Range(rest.end(), rest.end()), f"{gap}{self.text}")


@dataclass(frozen=True, slots=True)
class Removed:
    """A statement taken out with its line."""

    statement: Range

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text; None where the statement shares its lines."""
        start = line_start(source, self.statement.start)
        rest = _REST.match(source, self.statement.end)
        if source[start : self.statement.start].strip(" \t") or rest is None:
            return None
        return Edit(Range(start, rest.end() + (2 if source.startswith("\r\n", rest.end()) else 1)), "")


@dataclass(frozen=True, slots=True)
class Unforgiven:
    """What a shell does when a command fails taken out behind it, where that is all it does."""

    command: Range

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text; None where something else comes next, or says something."""
        found = _FORGIVEN.match(source, self.command.end)
        return Edit(Range(*found.span("all")), "") if found is not None else None


@dataclass(frozen=True, slots=True)
class AtEndOfBlock:
    """A copy of a statement put at the end of the block in which it stands."""

    statement: Range

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text; None where nothing follows in the block."""
        start = line_start(source, self.statement.start)
        indent = source[start : self.statement.start]
        block = takewhile(lambda statement: statement.depth > 0, _statements(source, start))
        ends = [statement.end for statement in block]
        rest = _REST.match(source, ends[-1]) if len(ends) > 1 else None
        if indent.strip(" \t") or rest is None:
            return None
        return Edit(Range(rest.end(), rest.end()), f"\n{indent}{source[self.statement.start : self.statement.end]}")


@dataclass(frozen=True, slots=True)
class Unless:
    """An edit that is left out where the text around has something in it; an empty pattern is in no text."""

    inner: Later
    pattern: str

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text."""
        return None if self.pattern and re.search(self.pattern, source) else self.inner.edit(source)


@dataclass(frozen=True, slots=True)
class ToldInLoop:
    """A call that tells what is made at a place of the turn of the loop over epochs that follows in the same block."""

    made: Range
    method: str

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text; None where no such loop follows what is given one name."""
        start = line_start(source, self.made.start)
        head = _HEAD.fullmatch(source, start, self.made.start)
        name = head["rest"].rstrip(" =") if head is not None else ""
        statements = list(_statements(source, start))
        inside = statements[0].depth if statements else 0
        for loop, body in pairwise(statements):
            counter = _EPOCHS.match(source, loop.start)
            if loop.depth < inside or not name.isidentifier():
                return None
            if counter is not None and body.depth == loop.depth + 1:
                indent = source[line_start(source, body.start) : body.start]
                text = f"{name}.{self.method}({counter['name']})\n{indent}"
                return Edit(Range(body.start, body.start), text) if not indent.strip(" \t") else None
        return None


@dataclass(frozen=True, slots=True)
class NewRoute:
    """One more route of a service above the one whose decorator is at a place, which answers without arguments."""

    decorator: Range
    callee: Range
    path: str

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text; None where the route is not the first decorator of its function."""
        service, _, method = source[self.callee.start : self.callee.end].rpartition(".")
        above = source[: line_start(source, self.callee.start)].rstrip().rpartition("\n")[2]
        if (
            not service
            or above.startswith("@")
            or source[line_start(source, self.callee.start) : self.callee.start] != "@"
        ):
            return None
        method = method if method == "route" else "get"
        name = self.path.strip("/")
        text = f'@{service}.{method}("{self.path}")\ndef {name}():\n    return {{"status": "ok"}}\n\n'
        return NewStatement(self.decorator, text).edit(source)


@dataclass(frozen=True, slots=True)
class Renamed:
    """The last name of a called attribute written anew."""

    callee: Range
    name: str

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text; None for what is called by a name of its own."""
        _, dot, last = source[self.callee.start : self.callee.end].rpartition(".")
        return (
            Edit(Range(self.callee.end - len(last), self.callee.end), self.name)
            if dot and last.isidentifier()
            else None
        )


@dataclass(frozen=True, slots=True)
class Unqualified:
    """An attribute written anew as a name that stands alone."""

    attribute: Range
    name: str

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text; None for what is imported, or called by a name of its own."""
        return Edit(self.attribute, self.name) if "." in source[self.attribute.start : self.attribute.end] else None


@dataclass(frozen=True, slots=True)
class Encrypted:
    """The scheme of an address that is written out at a place, made the encrypted one."""

    address: Range

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text; None where a name stands for the address."""
        match = _PLAIN_SCHEME.match(source, self.address.start, self.address.end)
        return Edit(Range(match.start("scheme"), match.end("scheme")), "https") if match is not None else None


@dataclass(frozen=True, slots=True)
class Rewritten:
    """Another text in the place of a config's value, within the quotes in which that stands."""

    value: Range
    text: str

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text."""
        quote = source[self.value.start : self.value.start + 1]
        quoted = quote in ("'", '"') and source[self.value.end - 1 : self.value.end] == quote
        return Edit(self.value, f"{quote}{self.text}{quote}" if quoted else self.text)


@dataclass(frozen=True, slots=True)
class Seeded:
    """An edit in whose text a place's seed is to be written; ``otherwise`` is what other calls of the file pass."""

    inner: Edit | Later
    near: int
    otherwise: str

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text."""
        inner = self.inner if isinstance(self.inner, Edit) else self.inner.edit(source)
        if inner is None:
            return None
        return replace(inner, text=inner.text.replace(SEED, seed_at(source, self.near, self.otherwise)))


@dataclass(frozen=True, slots=True)
class SeededFirst:
    """A line that seeds what is drawn from at a place, put where the seed is read, or at the start.

    ``imported`` is an import of what the line calls, ``otherwise`` the seed that other calls of the file pass.
    """

    imported: Range
    draw: int
    text: str
    otherwise: str

    def edit(self, source: str) -> Edit | None:
        """Return the edit of the source's text; None where the import does not stand at the top level."""
        seed = seed_at(source, self.draw, self.otherwise)
        if not seed.isidentifier() and not seed.isdecimal():
            root = re.split(r"\W", seed, maxsplit=1)[0]
            start, _ = _function(source, self.draw)
            bound = list(re.finditer(rf"^[ \t]*(?={root}\b(?:, *\w+)? *=[^=])", source[start : self.draw], re.M))
            statement = next(_statements(source, start + bound[-1].start()), None) if bound else None
            if statement is not None:
                return NewStatement(Range(statement.start, statement.end), self._line(seed), after=True).edit(source)
            seed = _USUAL
        return AfterImports(self.imported, self._line(seed), seed if seed.isidentifier() else "").edit(source)

    def _line(self, seed: str) -> str:
        return self.text.replace(SEED, seed)


def seed_at(source: str, near: int, otherwise: str) -> str:
    """Return the seed that is at hand at a place: a constant, a setting or option that the file reads, or a number."""
    start, inside = _function(source, near)
    if otherwise.isidentifier():
        found = _definition(source, otherwise)
        if found is None or inside or found.end() <= near:
            return otherwise
    before = source[start:near]
    settings = [(match["root"], match[0]) for match in _SETTING.finditer(source)]
    option = _OPTION.search(source)
    if option is not None:
        name = option["name"].replace("-", "_")
        settings += [(match["root"], f"{match['root']}.{name}") for match in _PARSED.finditer(source)]
    for root, text in settings:
        # What was used or bound before in the same function is at hand.
        if re.search(rf"(?<![\w.]){root}\b(?! *:)", before):
            return text
    return _USUAL if otherwise.isidentifier() else otherwise


def counter_at(source: str, near: int, *, named: str = r"\w+") -> str | None:
    """Return the counter of the one loop around a place, if it counts; None where several loops go round."""
    start = line_start(source, near)
    indent, found = _indent(source, start), list[str]()
    while start > 0 and indent:
        start = line_start(source, start - 1)
        line = source[start : source.find("\n", start)].strip()
        if not line or line.startswith("#") or _indent(source, start) >= indent:
            continue
        indent = _indent(source, start)
        if _FUNCTION.match(line):
            break
        if line.startswith(("for ", "async for ", "while ")):
            found.append(line)
    counts = rf"for ({named})(?:, *[^:]+)? in (?:\w+\.)*(?P<of>t?range|enumerate|tqdm\(range)\(.*"
    match = re.match(counts, found[0]) if len(found) == 1 else None
    if match is None or ("," in found[0].partition(" in ")[0]) is not (match["of"] == "enumerate"):
        return None
    return match[1]


def _indent(source: str, start: int) -> int:
    end = source.find("\n", start)
    line = source[start : end if end >= 0 else len(source)]
    return len(line) - len(line.lstrip())


def _filled(text: str, source: str, copied: tuple[Range, ...]) -> str:
    for where in copied:
        text = text.replace("{}", source[where.start : where.end], 1)
    return text


def _definition(source: str, name: str) -> re.Match[str] | None:
    """Return where a module gives a name its value, on one line."""
    return re.search(
        rf"^{re.escape(name)}\b *(?::[^=\n]+)?=[^=\r\n#][^\r\n#]*[^\s#]|^{re.escape(name)} *= *\S", source, re.M
    )


def _function(source: str, near: int) -> tuple[int, bool]:
    """Return where the outermost function or class around a place begins, or the module does; and which it is."""
    start = line_start(source, near)
    if not _indent(source, start):
        return 0, False
    for match in reversed(list(re.finditer(r"^(?:async def|def|class|(?P<other>[^\s#)\]}]))", source[:start], re.M))):
        return (0, False) if match["other"] else (match.start(), True)
    return 0, False


class _Statement(NamedTuple):
    """Where a statement or the head of one stands, and how many blocks further in than the line above."""

    start: int
    end: int
    depth: int


def _statements(source: str, start: int) -> Iterator[_Statement]:
    """Yield the statements from a line on, as far as they can be told apart."""
    offsets, lines = [start], iter(source[start:].splitlines(keepends=True))

    def line() -> str:
        text = next(lines, "")
        offsets.append(offsets[-1] + len(text))
        return text

    first, depth = -1, 0
    try:
        for token in tokenize.generate_tokens(line):
            at = offsets[token.start[0] - 1] + token.start[1]
            if token.type == tokenize.NEWLINE:
                yield _Statement(first, at, depth)
                first = -1
            elif token.type in (tokenize.INDENT, tokenize.DEDENT):
                depth += 1 if token.type == tokenize.INDENT else -1
            elif first < 0 and token.type not in _LAYOUT:
                first = at
    except (tokenize.TokenError, SyntaxError):
        # Half-written code and magics: what was told so far has been read.
        return
