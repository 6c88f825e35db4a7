"""The options that a program takes on its command line, where all of them are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from xops_lint.call import Call
from xops_lint.facts import Facts
from xops_lint.graph.commands import Launch
from xops_lint.matching import regex
from xops_lint.project import Project

_FILLED_IN: Final = regex(r"\{\s*(?P<name>\w+)\s*\}")


@dataclass(frozen=True, slots=True)
class Option:
    """One option and all its spellings; ``call`` declares it."""

    spellings: tuple[str, ...]
    required: bool
    call: Call


def taken(project: Project, program: Facts) -> list[Option] | None:
    """Return the options of a program, or None unless it declares all of them itself, one by one."""
    options: list[Option] = []
    parsed = False
    for facts, call in project.calls_reached(program, "option"):
        if facts is not program or call.loop or call.unpacks:
            return None
        if call.method == "parse_args" and not call.arguments:
            parsed = True
        elif call.method == "add_argument" and (option := _option(call)) is not None:
            options.append(option)
        else:
            return None
    return options if parsed and options else None


def spelled(program: Facts) -> Iterator[Option]:
    """Yield the options that a program's own file declares under names that are known, perhaps among others."""
    for call in program.playing("option"):
        option = _option(call) if call.takes("default") and not call.loop else None
        if option is not None:
            yield option


def filled_in(launch: Launch, option: Option) -> str:
    """Return the name of the parameter that a command puts in for an option, such as ``{rate}``, or nothing."""
    for spelling in option.spellings:
        text = launch.given(spelling.lstrip("-").replace("-", "_"), launch.facts)
        match = _FILLED_IN.fullmatch(text) if text is not None else None
        if match is not None:
            return match["name"]
    return ""


def _option(call: Call) -> Option | None:
    spellings = [argument.value.constant for argument in call.arguments if argument.position is not None]
    if not spellings or not all(isinstance(each, str) for each in spellings):
        return None
    required = call.keyword("required")
    return Option(tuple(spellings), required is not None and required.value.constant is True, call)


def given(launch: Launch) -> Iterator[str]:
    """Yield the long options that a command passes, without their values."""
    for word in launch.words:
        name = word.partition("=")[0]
        if name.startswith("--") and len(name) > 2:
            yield name


def untaken(launch: Launch, options: Sequence[Option]) -> str:
    """Return the first long option that a command passes and its program does not take, or nothing."""
    if open_words(launch):
        return ""
    passed = (name for name in given(launch) if name not in ("--help", "--version"))
    return next((name for name in passed if not any(matches(name, option) for option in options)), "")


def open_words(launch: Launch) -> bool:
    """Say whether a command has words that may come to any options, or ends those of the program."""
    return any(word in ("--", "|", "$@", "$*") or word.startswith(("${", "$(", "{{", "$")) for word in launch.words)


def matches(name: str, option: Option) -> bool:
    """Say whether a long option, perhaps shortened, is this one; some switches have a negation of their own."""
    spelled = [each for each in option.spellings if each.startswith("--")]
    if name.startswith("--no-") and option.call.keyword("action") is not None:
        spelled += [f"--no-{each[2:]}" for each in spelled]
    return any(each.startswith(name) for each in spelled)
