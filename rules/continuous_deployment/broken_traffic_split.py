"""The shares of requests that deployments get do not add up."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import ConfigFile, Value
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP510",
    name="broken-traffic-split",
    summary="The shares of requests that deployments get do not add up.",
    harm="The platform refuses the rollout, or a part of the users gets no answer.",
    remedy="Let the shares of all deployments that answer add up to 100.",
    ops=("mlops",),
    severity=Severity.ERROR,
)

NUMBER = regex(r"-?\d+(?:\.\d+)?")
WHOLE = 100.0


@RULE.config()
def check(file: ConfigFile) -> Iterator[Finding]:
    """Report shares beyond bounds, and groups of shares that make up neither everything nor nothing."""
    for kind, document in zip(file.kinds, file.documents):
        for route in file.routes.get(kind, {}).get("traffic", ()):
            shares = list(document.at(route))
            if not all(NUMBER.fullmatch(share.text) for share in shares):
                continue
            outside = next((share for share in shares if not 0 <= float(share.text) <= WHOLE), None)
            total = sum(float(share.text) for share in shares)
            if outside is not None:
                yield RULE.at(outside, "is no share of 100")
            elif shares and total not in (0.0, WHOLE) and adds_up(document, route):
                yield RULE.at(shares[0], f"belongs to shares that add up to {total:g}, not 100")


def adds_up(document: Value, route: str) -> bool:
    """Say whether a route reaches the shares of several deployments, none of them in the shadow of others.

    A deployment without a share gets none.
    """
    around, star, _ = route.rpartition("*")
    members = document.at(f"{route[: len(around) + 1]}{']' if around.endswith('[') else ''}")
    return bool(star) and not any("shadow" in member.items for member in members)
