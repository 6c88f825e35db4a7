"""Which addresses leave a private network, and whether they do it in clear text."""

from __future__ import annotations

import ipaddress
import re

from xops_lint.matching import regex

_PLAIN = regex(r"http://(?:[^/@\s]*@)?(?P<host>\[[^\]/]*\]|[^/:?#\s]*)", re.IGNORECASE)
_PRIVATE_ENDINGS = (".svc", ".local", ".localhost", ".internal", ".intranet", ".lan", ".home", ".corp")
_DOCUMENTATION = regex(r"(?:^|\.)(?:example|test|invalid|example\.(?:com|org|net))$|^your|mydomain|^my[-.]")
_NAME = regex(r"[a-z\d.-]+")


def is_plaintext(address: str) -> bool:
    """Say whether an address leads over unencrypted HTTP to a public host."""
    match = _PLAIN.match(address)
    return match is not None and is_public(match["host"])


def leads_outside(address: str) -> bool:
    """Say whether an address is known to lead to a public host, in clear text or not."""
    match = re.match(r"https?://(?:[^/@\s]*@)?(?P<host>\[[^\]/]*\]|[^/:?#\s]+)", address, re.IGNORECASE)
    return match is not None and is_public(match["host"])


def is_public(host: str) -> bool:
    """Say whether a host is known to stand outside of private networks; names in documentation stand nowhere."""
    name = host.lower().strip("[]").rstrip(".")
    try:
        return ipaddress.ip_address(name).is_global
    except ValueError:
        pass
    if "." not in name or not _NAME.fullmatch(name) or ".svc." in name or name.endswith(_PRIVATE_ENDINGS):
        return False
    return _DOCUMENTATION.search(name) is None and not name.rpartition(".")[2].isdigit()
