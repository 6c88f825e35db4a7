"""An audit as one page that needs nothing else, with a radar and the trend over saved audits; and as a badge."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from importlib import resources
from typing import Final, NamedTuple

from xops_lint.audit import Audit, Check, Framework, Item, Status, beyond, frameworks, score
from xops_lint.audit_records import outcome

_RADIUS: Final = 110
_MIDDLE: Final = 190
_WIDTH, _HEIGHT = 520, 120
_COLORS: Final = ((80, "#2e7d32"), (50, "#b26a00"), (0, "#b71c1c"))
_CHARACTER: Final = 6.6
"""The width of a character on the badge, in pixels: its font is about as wide as this."""


class Earlier(NamedTuple):
    """The score of an audit that was saved, and what it is called."""

    name: str
    score: int


def page(audit: Audit, earlier: Sequence[Earlier] = ()) -> str:
    """Return the HTML page of an audit; ``earlier`` ones come first in the trend."""
    template = resources.files("xops_lint.data").joinpath("audit.html").read_text("utf-8")
    parts = {
        "name": escape(audit.name),
        "score": str(audit.score),
        "files": str(audit.files),
        "radar": _radar([(name, score(checks)) for name, checks in audit.principles.items()]),
        "trend": _trend([*earlier, Earlier("now", audit.score)]) if earlier else "",
        "disciplines": ", ".join(f"{escape(name)} {_points(score(each))}" for name, each in audit.disciplines.items()),
        "principles": "\n".join(_principle(name, checks) for name, checks in audit.principles.items()),
        "frameworks": "\n".join(map(_framework, frameworks(audit))),
    }
    for name, content in parts.items():
        template = template.replace(f"{{{{{name}}}}}", content)
    return template


def badge(audit: Audit) -> str:
    """Return the score as an SVG badge."""
    words, points = "xops-lint", f"{audit.score} of 100"
    left, right = (round(len(text) * _CHARACTER) + 12 for text in (words, points))
    color = next(color for least, color in _COLORS if audit.score >= least)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img"'
        f' aria-label="{words}: {points}"><title>{words}: {points}</title>'
        f'<rect width="{left + right}" height="20" rx="3" fill="#444"/>'
        f'<rect x="{left}" width="{right}" height="20" rx="3" fill="{color}"/>'
        f'<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f'<text x="{left / 2}" y="14">{words}</text><text x="{left + right / 2}" y="14">{points}</text></g></svg>\n'
    )


def _radar(scores: Sequence[tuple[str, int | None]]) -> str:
    corners = [_corner(index, len(scores), (points or 0) / 100) for index, (_, points) in enumerate(scores)]
    shares = (0.25, 0.5, 0.75, 1.0)
    outlines = ([_corner(index, len(scores), share) for index in range(len(scores))] for share in shares)
    rings = "".join(f'<polygon class="ring" points="{_joined(outline)}"/>' for outline in outlines)
    labels = "".join(
        f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{_anchor(x)}">{escape(name)} {_points(points)}</text>'
        for index, (name, points) in enumerate(scores)
        for x, y in [_corner(index, len(scores), 1.12)]
    )
    size = 2 * _MIDDLE
    return (
        f'<svg viewBox="-90 0 {size + 180} {size}" role="img" aria-label="scores by principle">'
        f'{rings}<polygon class="area" points="{_joined(corners)}"/>{labels}</svg>'
    )


def _corner(index: int, corners: int, share: float) -> tuple[float, float]:
    angle = 2 * math.pi * index / corners - math.pi / 2
    return _MIDDLE + _RADIUS * share * math.cos(angle), _MIDDLE + _RADIUS * share * math.sin(angle)


def _joined(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _anchor(x: float) -> str:
    return "middle" if abs(x - _MIDDLE) < 1 else "start" if x > _MIDDLE else "end"


def _trend(audits: Sequence[Earlier]) -> str:
    step = _WIDTH / max(1, len(audits) - 1)
    points = [(index * step, _HEIGHT - each.score / 100 * _HEIGHT) for index, each in enumerate(audits)]
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4"><title>{escape(each.name)}: {each.score}</title></circle>'
        for (x, y), each in zip(points, audits)
    )
    return (
        f'<h2>Trend</h2><svg class="trend" viewBox="-10 -10 {_WIDTH + 20} {_HEIGHT + 20}" role="img"'
        f' aria-label="scores of saved audits"><path class="ring" d="M0 {_HEIGHT}H{_WIDTH}M0 0H{_WIDTH}"/>'
        f'<polyline points="{_joined(points)}"/>{dots}</svg>'
    )


def _principle(name: str, checks: Sequence[Check]) -> str:
    rows = "".join(_row(check) for check in checks if check.status is not Status.NOTHING)
    idle = ", ".join(escape(check.rule.name) for check in checks if check.status is Status.NOTHING)
    unknown = "".join(f"<li>{escape(sentence)}</li>" for sentence in beyond(name))
    return (
        f'<section id="{name}"><h2>{escape(name)} <span>{_points(score(checks))}</span></h2><table>{rows}</table>'
        f"<details><summary>Nothing to look at</summary><p>{idle or 'every check had something'}</p></details>"
        f"<details><summary>Not to be known from files</summary><ul>{unknown}</ul></details></section>"
    )


def _row(check: Check) -> str:
    status = check.status.value
    return (
        f'<tr class="{status}"><td>{status}</td><td>{check.rule.code} {escape(check.rule.name)}</td>'
        f"<td>{escape(outcome(check))}</td></tr>"
    )


def _framework(framework: Framework) -> str:
    rows = "".join(map(_demand, framework.items))
    return (
        f"<details><summary>{escape(framework.name)}</summary><p>{escape(framework.source)}</p>"
        f"<table>{rows}</table></details>"
    )


def _demand(item: Item) -> str:
    status = item.status.value if item.status else ""
    return (
        f'<tr class="{status}"><td>{escape(item.id)}</td><td>{escape(item.title)}</td>'
        f"<td>{escape(item.says)}</td><td>{escape(item.beyond)}</td></tr>"
    )


def _points(points: int | None) -> str:
    return "no evidence" if points is None else str(points)
