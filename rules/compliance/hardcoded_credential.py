"""A key, token or password is written into a file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.credentials import credentials_in, is_credential
from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import ConfigFile, PythonFile, Value
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP103",
    name="hardcoded-credential",
    summary="A key, token or password is written into a file.",
    harm="Everyone who can read the repository, now or in its history, can use it.",
    remedy="Revoke it, then read it from the environment or a secret store.",
    ops=("devops",),
    severity=Severity.ERROR,
    exploration=True,
    tests=True,
)

CONFIRMED = regex(
    r"(?:verify|verification|confirm|confirmation|repeat|again)_?password|password_?(?:verif|conf|rep|again)", re.I
)
"""Names of a password's second entry: a notebook that gives one makes the account it shows."""


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report string literals that have a credential's form or are given to a credential's name."""
    made_up = {string.value for string in file.strings if file.notebook and CONFIRMED.search(string.target)}
    for string in file.strings:
        found = next(credentials_in(string.value), None)
        if found is not None:
            yield RULE.at(string, f"holds {found.kind}")
        elif not file.context.test and string.value not in made_up and is_credential(string.target, string.value):
            yield RULE.at(string, f"is a credential, by the name `{string.target}`")


@RULE.config()
def in_config(file: ConfigFile) -> Iterator[Finding]:
    """Report scalars that have a credential's form or stand under a credential's key."""
    for document in file.documents:
        for value in document.walk():
            if not isinstance(value.data, str) or value.tag == "unknown":
                continue
            found = next(credentials_in(value.data), None)
            if found is not None:
                yield RULE.at(value, f"holds {found.kind}")
                continue
            key = name_of(value)
            if value.tag == "str" and not file.context.test and is_credential(key, value.data):
                yield RULE.at(value, f"is a credential, by the key `{key}`")


def name_of(value: Value) -> str:
    """Return the key of a value; a default is called as what it is the default of."""
    around, _, key = value.route.rpartition(".")
    return around.rpartition(".")[2] if key.lower() == "default" else key
