"""A service is reached in clear text, or its certificate is not checked."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Edit, Finding, Fix, Safety
from xops_lint.hosts import is_plaintext, leads_outside
from xops_lint.insertions import Encrypted
from xops_lint.model import Argument, Call, ConfigFile, PythonFile, Value
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP109",
    name="plaintext-transport",
    summary="A service is reached in clear text, or its certificate is not checked.",
    harm="Whoever sits on the way reads the token and the data, and can put another model or answer in their place.",
    remedy="Use `https://`; give the client a private authority's certificate instead of switching the check off.",
    ops=("devops",),
    exploration=True,
)

FETCHING = frozenset({"download", "load_data"})
"""Roles of calls that only fetch data, which has no secret."""


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report calls that reach a public host over HTTP, or switch off the check of certificates."""
    for call in file.calls():
        uri, verify = call.argument("uri"), call.argument("verify")
        if uri is not None and not call.roles & FETCHING and is_plaintext(uri.value.string or ""):
            yield RULE.at(uri, "is reached in clear text", fix=encrypted(uri))
        if verify is not None and verify.value.constant is False and any(map(leads_outside, addresses(call))):
            fix = Fix("Check the certificate", (Edit(verify.range, "True"),), Safety.UNSAFE)
            yield RULE.at(verify, "switches the check of the server's certificate off", fix=fix)


def encrypted(address: Argument | Value) -> Fix:
    """Return the fix that asks for the encrypted form of an address that is written out."""
    return Fix("Reach it by `https`", (Encrypted(address.range),), Safety.UNSAFE)


def addresses(call: Call) -> Iterator[str]:
    """Yield what is known of the addresses a call is given."""
    for argument in (call.argument("uri"), call.argument("path")):
        if argument is not None and argument.value.string:
            yield argument.value.string


@RULE.config()
def in_config(file: ConfigFile) -> Iterator[Finding]:
    """Report trackers that a config places on a public host without encryption."""
    for value in file.values("tracking_uri"):
        if is_plaintext(value.text):
            yield RULE.at(value, "is reached in clear text", fix=encrypted(value))
