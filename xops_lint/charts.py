"""What findings about charts have to do with other files: where a value is put, and what keeps a template out."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, NamedTuple

from xops_lint.config import Value
from xops_lint.diagnostic import Diagnostic, RelatedPlace
from xops_lint.discovery import FoundFile
from xops_lint.document import Document
from xops_lint.examination import Job, Outcome
from xops_lint.facts import Facts
from xops_lint.matching import regex
from xops_lint.project_checks import Documents, all_facts
from xops_lint.text import Range

_USED: Final = regex(r"\.Values\.(?P<route>[\w.]+)")
_MOST: Final = 3
"""A finding names no more places than this at which a value is put."""


class _Put(NamedTuple):
    """A place of a template at which a value of the chart is put, by the value's route."""

    route: str
    path: str
    range: Range


def charts(job: Job, files: Mapping[str, FoundFile], outcomes: Sequence[Outcome]) -> Charts:
    """Return the charts among the files of a run."""
    return Charts(all_facts(outcomes), Documents(job, files, {}).get)


@dataclass
class Charts:
    """The charts of a project; nothing is asked of them where no finding is about one."""

    facts: Sequence[Facts]
    document: Callable[[str], Document | None]
    _puts: dict[str, Sequence[_Put]] = field(default_factory=dict)

    def explained(self, path: str, found: Sequence[Diagnostic]) -> list[Diagnostic]:
        """Return the findings of a file with what other files of its chart have to do with them."""
        chart = self._chart(path) if found and path.endswith((".yaml", ".yml")) else None
        document = self.document(path) if chart is not None else None
        if chart is None or document is None:
            return list(found)
        about = self._of_values if self._is_values(path, chart) else self._of_template
        return [replace(each, related=(*each.related, *about(each, document, chart))) for each in found]

    @cached_property
    def _by_path(self) -> Mapping[str, Facts]:
        return {file.path: file for file in self.facts if file.language == "yaml"}

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(posixpath.dirname(path) for path, file in self._by_path.items() if "helm-chart" in file.kinds)

    def _chart(self, path: str) -> str | None:
        """Return the folder of the chart that a template or the values belong to."""
        folder = posixpath.dirname(path)
        if folder in self._folders and self._is_values(path, folder):
            return folder
        above, _, below = f"/{path}".partition("/templates/")
        return above[1:] if below and above[1:] in self._folders else None

    @staticmethod
    def _is_values(path: str, chart: str) -> bool:
        return posixpath.dirname(path) == chart and posixpath.basename(path) in ("values.yaml", "values.yml")

    def _of_values(self, found: Diagnostic, document: Document, chart: str) -> Iterator[RelatedPlace]:
        """Yield the places of templates at which the value of a finding is put."""
        route = self._route(found, document)
        puts = self._put(chart) if route else ()
        told = [put for put in puts if _is_part(route, put.route) or _is_part(put.route, route)]
        for put in told[:_MOST]:
            yield from self._placed(put.path, put.range, f"`.Values.{put.route}` is put here")

    def _of_template(self, found: Diagnostic, document: Document, chart: str) -> Iterator[RelatedPlace]:
        """Yield what keeps a template's part out, if the chart's own values do."""
        from xops_lint.languages import go_conditions

        values = self._values(chart)
        if values is None or "/charts/" in f"/{chart}":
            return
        offset = document.lines.offset(found.place.row, found.place.column)
        unmet = go_conditions.unmet(document.text, offset, values.documents[0])
        value = values.documents[0].get(unmet.route) if unmet is not None else None
        if unmet is not None and value is None:
            message = f"`.Values.{unmet.route}` is not set by default, so this is left out"
            yield RelatedPlace(document.place(unmet.range), message)
        elif unmet is not None and value is not None:
            yield from self._placed(values.path, value.range, "decides by default that this is left out")

    def _values(self, chart: str) -> Facts | None:
        names = (posixpath.join(chart, name) for name in ("values.yaml", "values.yml"))
        found = next((self._by_path[name] for name in names if name in self._by_path), None)
        return found if found is not None and found.documents else None

    def _put(self, chart: str) -> Sequence[_Put]:
        """Return what the templates of a chart put where, by the routes of its values."""
        if chart not in self._puts:
            beside = posixpath.join(chart, "templates/")
            self._puts[chart] = [
                put for path, file in sorted(self._by_path.items()) if path.startswith(beside) for put in _puts(file)
            ]
        return self._puts[chart]

    def _route(self, found: Diagnostic, document: Document) -> str:
        """Return the route of the smallest value of a file of values in which a finding stands."""
        offset = document.lines.offset(found.place.row, found.place.column)
        routes = [(len(value.route), value.route) for value in self._roots(document.path) if _covers(value, offset)]
        return max(routes, default=(0, ""))[1]

    def _roots(self, path: str) -> Iterator[Value]:
        file = self._by_path.get(path)
        for root in file.documents if file is not None else ():
            yield from root.walk()

    def _placed(self, path: str, where: Range, message: str) -> Iterator[RelatedPlace]:
        document = self.document(path)
        if document is not None:
            yield RelatedPlace(document.place(where), message)


def _puts(file: Facts) -> Iterator[_Put]:
    """Yield where a template puts values of its chart."""
    for root in file.documents:
        for value in root.walk():
            written = value.text if ".Values." in value.text else file.filled.get(value.route, "")
            for route in dict.fromkeys(_USED.findall(written)):
                yield _Put(route, file.path, value.range)


def _covers(value: Value, offset: int) -> bool:
    start = value.key.start if value.key is not None else value.range.start
    return start <= offset < max(value.range.end, start + 1)


def _is_part(route: str, around: str) -> bool:
    """Say whether a route is another one or lies below it."""
    return route == around or route.startswith((f"{around}.", f"{around}["))
