"""A model is logged without a signature or an example of its input."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import PythonFile
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP348",
    name="model-without-signature",
    summary="A model is logged without a signature or an example of its input.",
    harm="Nothing checks what the served model is fed: a renamed or reordered column goes through silently.",
    remedy="Pass `signature=` or `input_example=`; from an example the signature is inferred.",
    ops=("mlops",),
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report logged models whose call could describe the input and does not."""
    for call in file.calls("log_model"):
        if not call.takes("signature") or call.unpacks:
            continue
        signature, example = call.argument("signature"), call.argument("example")
        given = [argument for argument in (signature, example) if argument and argument.value.constant is not None]
        if not given:
            yield RULE.at(call, "logs a model and says nothing of its input")
