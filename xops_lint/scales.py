"""Which scale a loss takes predictions on, and whether that is the one they are on."""

from __future__ import annotations

from typing import Final

from xops_lint.call import Call

SCALES: Final = ("probabilities", "log_probabilities", "scores")
"""The scales predictions may be on, as the traits of what gives them say."""

_CONFLICTS: Final = frozenset(
    {
        ("probabilities", "scores"),
        ("probabilities", "log_probabilities"),
        ("scores", "probabilities"),
        ("scores", "log_probabilities"),
        ("log_probabilities", "probabilities"),
    }
)
"""Given and taken scales that do not go together; logarithms of probabilities are scores as well."""


def taken(call: Call) -> str:
    """Return the scale on which a loss takes its predictions, or an empty string."""
    traits = call.entry.traits if call.entry is not None else frozenset[str]()
    scale = next((scale for scale in SCALES if f"takes_{scale}" in traits), "")
    if call.takes("logits"):
        logits = call.value("logits")
        return "scores" if logits is True else scale if logits is False else ""
    held = call.receiver if call.takes("predictions") else None
    return scale or (held.scale if held is not None else "")


def conflict(given: str, wanted: str) -> bool:
    """Say whether predictions on one scale are wrong for a loss that takes another."""
    return (given, wanted) in _CONFLICTS


def spoken(scale: str) -> str:
    """Return the words for a scale."""
    return scale.replace("log_probabilities", "log-probabilities").replace("scores", "unbounded scores")
