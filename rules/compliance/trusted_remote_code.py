"""Loading a model runs code that its repository's owner may change."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.edits import passed
from xops_lint.locations import is_commit
from xops_lint.model import ConfigFile, PythonFile, Value
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP102",
    name="trusted-remote-code",
    summary="Loading a model runs code that its repository's owner may change.",
    harm="Whoever can push to that repository runs code on your machines, with your credentials.",
    remedy="Use a model that needs no code of its own, or pin `revision` to a commit you have read.",
    ops=("mlops",),
    exploration=True,
)

KEYS = frozenset({"trust_remote_code", "trust-remote-code", "trustRemoteCode"})

REVISIONS = ("revision", "model_revision", "code_revision")


@RULE.python
def in_code(file: PythonFile) -> Iterator[Finding]:
    """Report calls that switch remote code on without pinning it to a commit."""
    for call in file.calls():
        trusted = call.argument("trusted")
        if trusted is None or trusted.value.constant is not True:
            continue
        pin = call.argument("revision")
        # A revision that comes from elsewhere may be a commit.
        if call.unpacks if pin is None else not pin.value.known:
            continue
        revision = call.value("revision")
        if not (isinstance(revision, str) and is_commit(revision)):
            fix = passed(call, "trusted", "False", "Run no code of the model's repository")
            yield RULE.at(trusted, "runs whatever code the model's repository holds today", fix=fix)


@RULE.config()
def in_config(file: ConfigFile) -> Iterator[Finding]:
    """Report configs that switch remote code on."""
    for document in file.documents:
        for value in document.walk():
            switched = value.route.rpartition(".")[2] in KEYS and value.text.lower() in ("true", "yes", "on")
            if (switched and not is_pinned(document, value)) or value.text == "--trust-remote-code":
                yield RULE.at(value, "runs whatever code the model's repository holds today")


def is_pinned(document: Value, switch: Value) -> bool:
    """Say whether a revision beside a switch is a commit, or filled in."""
    around = switch.route.rpartition(".")[0]
    named = (document.get(f"{around}.{name}" if around else name) for name in REVISIONS)
    return any(is_commit(each.text) or each.templated for each in named if each is not None)
