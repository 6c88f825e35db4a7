"""What many repositories have in common: one report of all, as plain data and as a page that needs nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, Final

from xops_lint import __version__
from xops_lint.fleet import Outcome

_SEVERITIES: Final = ("error", "warning", "info")
_STYLE: Final = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{padding:.3rem .6rem;border-bottom:1px solid #ddd;text-align:left}"
    "td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}.failed{color:#b71c1c}"
)


def record(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the report as JSON holds it; the same repositories give the same one."""
    return {
        "version": __version__,
        "repositories": [_repository(each) for each in outcomes],
        "rules": _rules(outcomes),
        "principles": dict(sorted(Counter(found["principle"] for found in _findings(outcomes)).items())),
        "files": sum(each.files for each in outcomes),
        "findings": sum(len(each.findings) for each in outcomes),
        "failed": sum(bool(each.error) for each in outcomes),
    }


def page(report: dict[str, Any]) -> str:
    """Return the report as HTML; names of repositories lead to their own reports."""
    repositories = "\n".join(_row(each) for each in sorted(report["repositories"], key=_worst_first))
    rules = "\n".join(
        f"<tr><td>{escape(each['code'])} {escape(each['name'])}</td><td>{escape(each['principle'])}</td>"
        f'<td class="number">{each["findings"]}</td><td class="number">{each["repositories"]}</td></tr>'
        for each in report["rules"]
    )
    told = f"{len(report['repositories'])} repositories, {report['files']} files, {report['findings']} findings"
    failed = f', <span class="failed">{report["failed"]} failed</span>' if report["failed"] else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>xops-lint: fleet</title>'
        f"<style>{_STYLE}</style></head><body>\n<h1>Fleet</h1>\n<p>{told}{failed}</p>\n"
        f"<h2>Repositories</h2>\n<table><tr><th>Repository</th>{_heads('Files', 'Errors', 'Warnings', 'Infos')}</tr>\n"
        f"{repositories}\n</table>\n<h2>Rules</h2>\n<table><tr><th>Rule</th><th>Principle</th>"
        f"{_heads('Findings', 'Repositories')}</tr>\n{rules}\n</table>\n</body></html>\n"
    )


def _findings(outcomes: Sequence[Outcome]) -> Iterator[dict[str, Any]]:
    for each in outcomes:
        yield from each.findings


def _repository(outcome: Outcome) -> dict[str, Any]:
    severities = Counter(found["severity"] for found in outcome.findings)
    return {
        "name": outcome.repository.name,
        "place": outcome.repository.place,
        "report": f"repositories/{outcome.repository.name}.json",
        "error": outcome.error or None,
        "files": outcome.files,
        "suppressed": outcome.suppressed,
        "skipped": outcome.skipped,
        "findings": {severity: severities[severity] for severity in _SEVERITIES},
    }


def _rules(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Return how often each rule found something, and in how many repositories: the widest spread first."""
    found: dict[str, dict[str, Any]] = {}
    for outcome in outcomes:
        for each in outcome.findings:
            known = found.setdefault(
                each["code"],
                {**{key: each[key] for key in ("code", "name", "principle")}, "findings": 0, "repositories": 0},
            )
            known["findings"] += 1
        for code in {each["code"] for each in outcome.findings}:
            found[code]["repositories"] += 1
    return sorted(found.values(), key=lambda rule: (-rule["repositories"], -rule["findings"], rule["code"]))


def _row(repository: dict[str, Any]) -> str:
    numbers = (repository["files"], *(repository["findings"][severity] for severity in _SEVERITIES))
    cells = "".join(f'<td class="number">{number}</td>' for number in numbers)
    error = f'<br><span class="failed">{escape(repository["error"])}</span>' if repository["error"] else ""
    link = f'<a href="{escape(repository["report"])}">{escape(repository["name"])}</a>'
    return f"<tr><td>{link}{error}</td>{cells}</tr>"


def _heads(*names: str) -> str:
    return "".join(f'<th class="number">{name}</th>' for name in names)


def _worst_first(repository: dict[str, Any]) -> tuple[Any, ...]:
    counts = repository["findings"]
    return (not repository["error"], *(-counts[severity] for severity in _SEVERITIES), repository["name"])
