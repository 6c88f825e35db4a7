"""Tests as a runner collects them, and what in them can fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from xops_lint.matching import regex

if TYPE_CHECKING:
    from xops_lint.call import Call
    from xops_lint.code import Definition, PythonFile
    from xops_lint.facts import Facts
    from xops_lint.operations import Assertion

_FILE: Final = regex(r"test_.*\.py|.*_test\.py|tests\.py")
"""What files are called that runners look for; ``test.py`` is mostly a program that scores a model."""

_ASIDE: Final = regex(r"skip|fixture|property|setter|staticmethod|overload|xfail", re.IGNORECASE)
"""What the decorators of functions are called that are no tests, or that no runner runs."""

_CHECKING: Final = regex(
    r"assert|check|verif|expect|valid|compar|ensure|equal|raise|warns|fail|must|should|match|all_?close|is_?close|same"
    r"|differ|snapshot|_regression|golden|approv|benchmark|test|exit|skip|require|confirm|inspect|prove|sanity",
    re.IGNORECASE,
)
"""What sounds as if it failed where something does not hold, be it a fixture."""

_SHARED: Final = regex(r"(?:^|[._])(?:conftest|tests?|testing|utils?|helpers?|common|fixtures?|base)(?:[._]|$)")
"""What modules are called that tests share, whose functions may assert."""


TOLERANT: Final = "pytest.approx"
"""What compares with a tolerance in tests, by its qualified name."""


def holds_tests(facts: Facts) -> bool:
    """Say whether a file defines what is called like a test."""
    names = (definition.name.rpartition(".")[2] for definition in facts.definitions)
    return any(name.startswith(("test", "Test")) or name.endswith("Test") for name in names)


def test_root(path: str) -> str:
    """Return the folder whose code a test file may be for, as a prefix of paths."""
    folders = path.split("/")[:-1]
    for depth, folder in enumerate(folders):
        if folder in ("test", "tests", "testing"):
            return "".join(f"{folder}/" for folder in folders[:depth])
    return "".join(f"{folder}/" for folder in folders)


def tests(file: PythonFile | Facts) -> Iterator[Definition]:
    """Yield the functions and methods that a test runner collects from a file and runs."""
    name = file.path.rpartition("/")[2]
    if not file.context.test or file.notebook or not _FILE.match(name):
        return
    classes = {definition.name: definition for definition in file.definitions if definition.kind == "class"}
    functions = {definition.name for definition in file.definitions if definition.kind == "function"}
    for definition in file.definitions:
        owner, _, own = definition.name.rpartition(".")
        if definition.kind != "function" or not own.startswith("test") or owner in functions:
            continue
        if any(_ASIDE.search(decorator) for decorator in definition.decorators):
            continue
        if not owner or (owner in classes and _collected(classes[owner])):
            yield definition


def stands_alone(file: PythonFile, test: Definition) -> bool:
    """Say whether a test replaces none that its class inherits."""
    owner = test.name.rpartition(".")[0]
    holder = next((each for each in file.definitions if each.kind == "class" and each.name == owner), None)
    if holder is None or not holder.bases:
        return True
    return [entry.name for entry in holder.entries if "test_case" in entry.traits] == list(holder.bases)


def run_by_hand(file: PythonFile, test: Definition) -> bool:
    """Say whether other code of the file runs a test, and may look at what it gives back."""
    name = f"{file.module}.{test.name}"
    return any(name in names for scope, names in file.references.items() if not _within(scope, test.name))


def assertions(file: PythonFile | Facts, test: Definition) -> list[Assertion]:
    """Return what is asserted in a test, in functions within it as well."""
    return [each for each in file.assertions if _within(each.scope, test.name)]


def thresholds(assertion: Assertion) -> list[float]:
    """Return the numbers that an assertion compares with, but not those that bound every score."""
    known = [side.constant for side in assertion.sides if isinstance(side.constant, (int, float))]
    return [number for number in known if not isinstance(number, bool) and abs(number) not in (0, 1, 100)]


def calls(file: PythonFile, test: Definition) -> list[Call]:
    """Return the calls of a test, those of functions within it as well."""
    return [call for call in file.all_calls if _within(call.scope, test.name)]


def asserts_elsewhere(file: PythonFile, test: Definition) -> bool:
    """Say whether what a test calls, mentions or is given may fail it on purpose."""
    given = (*test.parameters, *(decorator.rpartition(".")[2] for decorator in test.decorators))
    if any(_CHECKING.search(name) for name in given):
        return True
    return _may_fail(file, test.name, set())


def _may_fail(file: PythonFile, function: str, seen: set[str]) -> bool:
    seen.add(function)
    if any(_fails(file, call) for call in file.all_calls if _within(call.scope, function)):
        return True
    own = f"{file.module}."
    mentioned = {name for scope, names in file.references.items() if _within(scope, function) for name in names}
    known = {call.name for call in file.all_calls if call.entry is not None}
    for name in mentioned - known:
        if not name.startswith(own):
            if _SHARED.search(name) or _CHECKING.search(name.rpartition(".")[2]):
                return True
            continue
        local = name[len(own) :]
        if any(_within(each.scope, local) for each in file.assertions):
            return True
        if local not in seen and _may_fail(file, local, seen):
            return True
    return False


def _fails(file: PythonFile, call: Call) -> bool:
    """Say whether a call may fail the test around it on purpose."""
    if "assertion" in call.roles or (call.entry is not None and "raises" in call.entry.traits):
        return True
    if call.entry is not None:
        return False
    # What a class inherits, and what nobody can name, may do so under any name.
    inherited = call.receiver is not None and call.receiver.type.startswith(f"{file.module}.")
    unseen = inherited and call.name.removeprefix(f"{file.module}.") not in {each.name for each in file.definitions}
    return unseen or bool(_CHECKING.search(call.method or call.name.rpartition(".")[2]))


def _collected(owner: Definition) -> bool:
    own = owner.name.rpartition(".")[2]
    return "test_case" in owner.traits or own.startswith("Test") or own.endswith(("Test", "Tests", "TestCase"))


def _within(scope: str, function: str) -> bool:
    return scope == function or scope.startswith(f"{function}.")
