"""Dockerfiles: every instruction, its words and its place."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from xops_lint.config import Value
from xops_lint.diagnostic import Problem
from xops_lint.document import Comment
from xops_lint.languages.tree import Parsed, comment_at, mapping, name_routes, problem_at, scalar, sequence
from xops_lint.matching import regex
from xops_lint.text import Range

_LINE = regex(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_ESCAPE = regex(r"#\s*escape\s*=\s*`", re.IGNORECASE)
_INSTRUCTION = regex(r"\s*(?P<name>[A-Za-z]+)(?:\s+|$)")
_HEREDOC = regex(r"<<-?\s*([\"']?)(?P<end>[A-Za-z_][\w.]*)\1")
_FLAG = regex(r"--(?P<name>[a-z-]+)(?:=(?P<value>\S+))?(?:\s+|$)")
_WORD = regex(r"(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|\\.|[^\s\"'\\])+")
_VARIABLE = regex(r"\$(?:\{(?P<braced>\w+)(?::(?P<operator>[-+])(?P<default>[^}]*))?\}|(?P<bare>\w+))")
_TEMPLATE = regex(r"\{\{|\{%|<%")
_KNOWN = regex(
    "from|run|cmd|label|maintainer|expose|env|add|copy|entrypoint|volume|user|workdir|arg|onbuild|stopsignal"
    "|healthcheck|shell|include"
)


def read(text: str) -> Parsed:
    """Return the instructions of a Dockerfile, each a list under its lower-case name."""
    reader = _Reader(text)
    for instruction in _instructions(text, reader.comments):
        if _KNOWN.fullmatch(instruction.name) is None:
            return Parsed([], tuple(reader.comments), (_problem(text, instruction),))
        reader.take(instruction)
    where = Range(0, len(text))
    lists = {name: sequence(values, where) for name, values in reader.found.items()}
    return Parsed([name_routes(mapping(lists, where))], tuple(reader.comments))


class _Instruction(NamedTuple):
    """One instruction: ``body`` is as long as its source, with blanks where lines are joined."""

    name: str
    body: str
    start: int
    range: Range
    heredoc: Range | None


@dataclass(slots=True)
class _Reader:
    """Collects instructions; keeps the build arguments and the stages seen so far."""

    text: str
    found: dict[str, list[Value]] = field(default_factory=dict)
    comments: list[Comment] = field(default_factory=list)
    arguments: dict[str, str] = field(default_factory=dict)
    stages: set[str] = field(default_factory=set)

    def take(self, instruction: _Instruction) -> None:
        """Take one instruction."""
        readers: Mapping[str, Callable[[_Instruction], Iterator[dict[str, Value]]]] = {
            "from": self._from,
            "run": self._command,
            "cmd": self._command,
            "entrypoint": self._command,
            "shell": self._command,
            "healthcheck": self._healthcheck,
            "copy": self._copy,
            "add": self._copy,
            "env": self._pairs,
            "arg": self._pairs,
            "label": self._pairs,
        }
        reader = readers.get(instruction.name, self._words)
        for items in reader(instruction):
            self.found.setdefault(instruction.name, []).append(mapping(items, instruction.range))

    def _from(self, instruction: _Instruction) -> Iterator[dict[str, Value]]:
        items, rest = self._flags(instruction)
        words = list(_words(instruction, rest))
        if not words:
            return
        image = self._substituted(words[0])
        is_stage = image.text.lower() in self.stages or image.text.isdigit() or image.text == "scratch"
        items["stage" if is_stage else "image"] = image
        if len(words) > 2 and words[1].text.lower() == "as":
            items["alias"] = words[2]
            self.stages.add(words[2].text.lower())
        yield items

    def _copy(self, instruction: _Instruction) -> Iterator[dict[str, Value]]:
        items, rest = self._flags(instruction)
        source = items.pop("from", None)
        if source is not None:
            source = self._substituted(source)
            is_stage = source.text.lower() in self.stages or source.text.isdigit()
            items["stage" if is_stage else "image"] = source
        words = _exec_form(instruction, rest) or list(_words(instruction, rest))
        if len(words) > 1:
            items["destination"] = words[-1]
            sources = [word for word in words[:-1] if not word.text.startswith("<<")]
            items["sources"] = sequence(sources, Range(words[0].range.start, words[-2].range.end))
        yield items

    def _command(self, instruction: _Instruction) -> Iterator[dict[str, Value]]:
        items, rest = self._flags(instruction)
        items["command"] = self._commanded(instruction, rest)
        yield items

    def _healthcheck(self, instruction: _Instruction) -> Iterator[dict[str, Value]]:
        items, rest = self._flags(instruction)
        word = re.match(r"\s*(cmd|none)\b\s*", instruction.body[rest:], re.IGNORECASE)
        if word is not None and word[1].lower() == "none":
            items["disabled"] = Value("true", "bool", instruction.range)
        elif word is not None:
            items["command"] = self._commanded(instruction, rest + word.end())
        yield items

    def _commanded(self, instruction: _Instruction, rest: int) -> Value:
        """Return a command: a list in exec form, else its text on one line."""
        words = _exec_form(instruction, rest)
        where = Range(min(instruction.start + rest, instruction.range.end), instruction.range.end)
        if words is not None:
            return sequence(words, where)
        body = instruction.body[rest:].strip()
        if instruction.heredoc is None:
            return scalar(re.sub(r"[ \t]{2,}", " ", body), where)
        # Where a command stands before the mark, it reads the lines; else they are the script.
        script = self.text[slice(*instruction.heredoc)]
        return scalar(script if body.startswith("<<") else self.text[slice(*where)], where)

    def _pairs(self, instruction: _Instruction) -> Iterator[dict[str, Value]]:
        words = list(_words(instruction, 0))
        if len(words) > 1 and "=" not in words[0].text and instruction.name != "arg":
            # The old form: ENV NAME the rest of the line.
            yield {"name": words[0], "value": _rest(instruction, words[0].range.end)}
            return
        for word in words:
            name, equals, text = word.text.partition("=")
            begin = word.range.start
            items = {"name": scalar(name, Range(begin, min(begin + len(name), word.range.end)))}
            if equals:
                value_range = Range(min(begin + len(name) + 1, word.range.end), word.range.end)
                items["value"] = self._substituted(scalar(text, value_range))
                if instruction.name != "label":
                    self.arguments[name] = items["value"].text
            yield items

    def _words(self, instruction: _Instruction) -> Iterator[dict[str, Value]]:
        for word in _words(instruction, 0):
            yield {"value": self._substituted(word)}

    def _flags(self, instruction: _Instruction) -> tuple[dict[str, Value], int]:
        """Return the ``--flag=value`` words before an instruction's arguments, and where those begin."""
        items: dict[str, Value] = {}
        position = len(instruction.body) - len(instruction.body.lstrip())
        while match := _FLAG.match(instruction.body, position):
            group = "value" if match["value"] else "name"
            where = Range(instruction.start + match.start(group), instruction.start + match.end(group))
            items[match["name"]] = scalar(match["value"], where) if match["value"] else Value("true", "bool", where)
            position = match.end()
        return items, position

    def _substituted(self, value: Value) -> Value:
        """Return a word with the build arguments that have a default put in."""

        def replace(match: re.Match[str]) -> str:
            known = self.arguments.get(match["braced"] or match["bare"])
            if match["operator"] == "+":
                return match.group()
            return known or match["default"] or match.group()

        return scalar(_VARIABLE.sub(replace, value.text), value.range)


def _instructions(text: str, comments: list[Comment]) -> Iterator[_Instruction]:
    """Yield the instructions, their lines joined, and collect the comments."""
    escape = "`" if any(_ESCAPE.match(line) for line in text.split("\n", 3)[:3]) else "\\"
    lines = _Lines(text, escape, comments)
    while (first := lines.next()) is not None:
        match = _INSTRUCTION.match(first.body)
        if match is None:
            yield _Instruction(first.body.split()[0].lower(), "", first.start, Range(first.start, first.end), None)
            continue
        heredocs = [found["end"] for found in _HEREDOC.finditer(first.body)]
        name = match["name"].lower()
        where = Range(first.start + match.start("name"), first.start + len(first.body.rstrip()))
        heredoc = None
        if heredocs and name in ("run", "copy", "add"):
            heredoc = lines.heredoc(heredocs)
            where = Range(where.start, max(where.end, heredoc.end))
        yield _Instruction(name, first.body[match.end() :], first.start + match.end(), where, heredoc)


class _Joined(NamedTuple):
    """Lines joined by the escape character, comments and line ends blanked out."""

    body: str
    start: int
    end: int


@dataclass(slots=True)
class _Lines:
    """Reads logical lines and heredoc bodies from a text."""

    text: str
    escape: str
    comments: list[Comment]
    position: int = 0

    def next(self) -> _Joined | None:
        """Return the next logical line that is not blank, or None at the end."""
        start, body, going_on = self.position, "", False
        while self.position < len(self.text):
            match = _LINE.match(self.text, self.position)
            assert match is not None
            line, ending = match.groups()
            stripped = line.strip()
            begin, self.position = self.position, match.end()
            if stripped.startswith("#"):
                offset = begin + line.index("#")
                self.comments.append(comment_at(self.text, offset, begin + len(line.rstrip())))
                body += " " * (len(line) + len(ending))
            elif not stripped and going_on:
                body += " " * (len(line) + len(ending))
            elif stripped.endswith(self.escape):
                going_on = True
                kept = line.rstrip()[:-1]
                body += kept + " " * (len(line) - len(kept) + len(ending))
            elif stripped:
                return _Joined(body + line, start, begin + len(line))
            if not body.strip() and not going_on:
                start, body = self.position, ""
        return _Joined(body, start, self.position) if body.strip() else None

    def heredoc(self, ends: list[str]) -> Range:
        """Read the bodies of heredocs; return their range without the last end word."""
        start = self.position
        finish = start
        for end in ends:
            while self.position < len(self.text):
                match = _LINE.match(self.text, self.position)
                assert match is not None
                finish, self.position = self.position, match.end()
                if match[1].strip("\t") == end:
                    break
            else:
                finish = len(self.text)
        return Range(start, finish)


def _words(instruction: _Instruction, rest: int) -> Iterator[Value]:
    for match in _WORD.finditer(instruction.body, rest):
        where = Range(instruction.start + match.start(), instruction.start + match.end())
        yield scalar(_unquote(match.group()), where)


def _rest(instruction: _Instruction, start: int) -> Value:
    """Return what an instruction says from an offset on as one value."""
    text = instruction.body[start - instruction.start :]
    begin = start + len(text) - len(text.lstrip())
    return scalar(text.strip(), Range(begin, begin + len(text.strip())))


def _unquote(word: str) -> str:
    if '"' not in word and "'" not in word and "\\" not in word:
        return word
    try:
        return "".join(shlex.split(word))
    except ValueError:
        return word


def _exec_form(instruction: _Instruction, rest: int) -> list[Value] | None:
    """Return the words of a command written as a JSON list, or None if it is none."""
    body = instruction.body[rest:].strip()
    if not body.startswith("["):
        return None
    try:
        words = json.loads(body)
    except ValueError:
        return None
    if not all(isinstance(word, str) for word in words):
        return None
    base = instruction.start + rest
    quoted = list(re.finditer(r'"(?:[^"\\]|\\.)*"', instruction.body[rest:]))
    return [scalar(word, Range(base + at.start(), base + at.end())) for word, at in zip(words, quoted)]


def _problem(text: str, instruction: _Instruction) -> Problem:
    if _TEMPLATE.search(text):
        return Problem("is a template, not a plain Dockerfile, so it is not read", skipped=True)
    return problem_at(
        text, instruction.range.start, f"does not parse as a Dockerfile: no instruction `{instruction.name[:20]}`"
    )
