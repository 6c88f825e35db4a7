"""The options that a program takes on its command line, where all of them are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xops_lint.call import Call
from xops_lint.facts import Facts
from xops_lint.graph.commands import Launch
from xops_lint.project import Project


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
        elif call.method == "add_argument":
            spellings = [argument.value.constant for argument in call.arguments if argument.position is not None]
            if not spellings or not all(isinstance(each, str) for each in spellings):
                return None
            required = call.keyword("required")
            options.append(Option(tuple(spellings), required is not None and required.value.constant is True, call))
        else:
            return None
    return options if parsed and options else None


def given(launch: Launch) -> Iterator[str]:
    """Yield the long options that a command passes, without their values."""
    for word in launch.words:
        name = word.partition("=")[0]
        if name.startswith("--") and len(name) > 2:
            yield name


def open_words(launch: Launch) -> bool:
    """Say whether a command has words that may come to any options, or ends those of the program."""
    return any(word in ("--", "|", "$@", "$*") or word.startswith(("${", "$(", "{{", "$")) for word in launch.words)


def matches(name: str, option: Option) -> bool:
    """Say whether a long option, perhaps shortened, is this one; some switches have a negation of their own."""
    spelled = [each for each in option.spellings if each.startswith("--")]
    if name.startswith("--no-") and option.call.keyword("action") is not None:
        spelled += [f"--no-{each[2:]}" for each in spelled]
    return any(each.startswith(name) for each in spelled)
