"""Recognising credentials in text: by their issuer's form, or by the name they are given to."""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from xops_lint.matching import regex
from xops_lint.text import Range

_FORMS: tuple[tuple[str, str], ...] = (
    # A signed address names the key it was signed with, which opens nothing.
    ("an AWS access key", r"(?<!Credential=)(?<!AccessKeyId=)\b(?:AKIA|ASIA)[A-Z2-7]{16}\b"),
    ("a GitHub token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})\b"),
    ("a GitLab token", r"\bglpat-[A-Za-z0-9_\-]{20,}"),
    ("a Hugging Face token", r"\bhf_[A-Za-z]{34}\b"),
    ("an API key of OpenAI or Anthropic", r"\bsk-(?:proj-|ant-)?[A-Za-z0-9_\-]{32,}"),
    ("a Slack token", r"\bxox[abprs]-[A-Za-z0-9\-]{10,}"),
    ("a Google API key", r"\bAIza[0-9A-Za-z_\-]{35}\b"),
    ("a PyPI token", r"\bpypi-[A-Za-z0-9_\-]{50,}"),
    ("an Azure storage key", r"\bAccountKey=[A-Za-z0-9+/]{60,}={0,2}"),
    ("a private key", r"-----BEGIN (?:RSA |EC |OPENSSH |DSA |PGP )?PRIVATE KEY(?: BLOCK)?-----\s*[A-Za-z0-9+/=]{20}"),
    (
        "a password in a URL",
        r"\b[a-z][a-z0-9+.\-]{1,20}://(?P<user>[^\s/:@'\"<>{}$]{1,64}):(?P<secret>[^\s/:@'\"<>{}$%*]{4,64})@[\w.\-]+",
    ),
)
_MARKS: tuple[str, ...] = (
    *("AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "hf_", "sk-", "xox", "AIza"),
    *("pypi-", "AccountKey=", "PRIVATE KEY"),
)
"""What each form but the last holds: looking for these first takes two fifths of the time on strings of public code."""
_FORM = regex("|".join(f"(?P<form{position}>{pattern})" for position, (_, pattern) in enumerate(_FORMS)))

_SECRET_NAME = regex(
    r"(?:^|[_\-.])(?:passwords?|passwd|pwd|secrets?|secret_?key|api_?key|access_?key|auth_?token|access_?token|api_?token"
    r"|account_?key|private_?key|client_?secret|credentials?)$",
    re.IGNORECASE,
)
_PLACEHOLDER = regex(
    r"^(?:.*(?:example|change|your|dummy|fake|placeholder|redacted|insert|replace|sample|secret|password|passwd|foo"
    r"|bar|test|todo|none|null|xxx|\.\.\.|\*\*\*|demo|guest|admin|default|minio|local|user|key|token|abc|123|random|airflow).*)$",
    re.IGNORECASE,
)
_PUBLIC = regex(r"^(?:phc_|pk_(?:live|test)_|pk\.eyJ)")
"""Keys that issuers make to be shown: they only send events, open a payment form or show a map."""
_TEMPLATED = regex(
    r"[${}<>\[\]()\s]|%\(|%s|^/|://|^[A-Z][A-Z0-9_]+$|^[a-z]+\d?(?:[._/\-][a-z]+\d?)*$"
    r"|^\.{1,2}/|\.(?:json|ya?ml|pem|key|crt|p12|txt|toml|env|ini)$"
)
_SHORTEST_SECRET = 8
_LEAST_ENTROPY = 2.8
"""Bits a character; words and identifiers lie below, generated secrets above."""


class Credential(NamedTuple):
    """A credential found in a text: what it is, and where."""

    kind: str
    range: Range


def credentials_in(text: str) -> Iterator[Credential]:
    """Yield what has the form of a credential, whatever it is called."""
    if not ("://" in text and "@" in text) and not any(mark in text for mark in _MARKS):
        return
    for match in _FORM.finditer(text):
        kind = next(
            _FORMS[int(name[4:])][0] for name, found in match.groupdict().items() if found and name.startswith("form")
        )
        secret = match["secret"] or match[0]
        stands_in = match["secret"] is not None and (secret == match["user"] or _PLACEHOLDER.match(secret))
        if "EXAMPLE" in secret or stands_in or _repeats(secret):
            continue
        yield Credential(kind, Range(match.start(), match.end()))


def is_credential(name: str, value: str) -> bool:
    """Say whether a literal given to a name is a credential rather than a stand-in for one."""
    if not _SECRET_NAME.search(name) or len(value) < _SHORTEST_SECRET or len(value) > 200:
        return False
    if _PUBLIC.match(value) or _PLACEHOLDER.match(value) or _PLACEHOLDER.match(_decoded(value)):
        return False
    if _TEMPLATED.search(value):
        return False
    return _entropy(value) >= _LEAST_ENTROPY


def _decoded(value: str) -> str:
    """Return the text behind base64, as Kubernetes secrets hold it, or an empty string."""
    try:
        text = base64.b64decode(value, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return ""
    return text if text.isprintable() else ""


def _entropy(text: str) -> float:
    counts = Counter(text)
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())


def _repeats(secret: str) -> bool:
    return len(set(secret[-16:])) < 5
