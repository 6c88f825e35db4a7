"""The configs that a decorator or a call composes for code: the one it names, and the options that one picks."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from xops_lint.call import Call
    from xops_lint.config import Value
    from xops_lint.facts import Facts
    from xops_lint.project import Project

_ENDINGS: Final = ("", ".yaml", ".yml")


class Part(NamedTuple):
    """One file of a composed config, and the route below which its keys come to stand."""

    facts: Facts
    below: str

    def value(self, route: str) -> Value | None:
        """Return what stands at a route of the whole."""
        if self.below:
            if not route.startswith(f"{self.below}."):
                return None
            route = route[len(self.below) + 1 :]
        value: Value | None = self.facts.documents[0] if self.facts.documents else None
        for key in route.split("."):
            value = value.items.get(key) if value is not None else None
        return value


def parts(project: Project, facts: Facts) -> Iterator[Part]:
    """Yield the files that the code of a file has composed, those first that decide over others."""
    for primary, folder in _primary(project, facts):
        yield Part(primary, "")
        picked = primary.documents[0].items.get("defaults") if primary.documents else None
        for entry in picked.list if picked is not None else ():
            for group, option in entry.items.items():
                plain = group.rpartition(" ")[2]
                name, _, package = plain.partition("@")
                below = package or name.strip("/").replace("/", ".")
                for text in [option.text] if option.text else [each.text for each in option.list]:
                    found = _file(project, posixpath.join(folder, name.strip("/"), text))
                    if found is not None and "$" not in text:
                        yield Part(found, below)


def _primary(project: Project, facts: Facts) -> Iterator[tuple[Facts, str]]:
    """Yield the configs that are named, each with the folder that its options are looked for in."""
    own = posixpath.dirname(facts.path)
    calls = list(facts.playing("configuration"))
    folders = [text for call in calls if (text := _text(call, "path")) is not None] or ["."]
    for call in calls:
        name = _text(call, "name")
        if name:
            path = _text(call, "path")
            for folder in [path] if path is not None else folders:
                around = posixpath.normpath(posixpath.join(own, folder))
                found = _file(project, posixpath.join(around, name))
                if found is not None:
                    yield found, around


def _text(call: Call, meaning: str) -> str | None:
    given = call.argument(meaning)
    return given.value.constant if given is not None and isinstance(given.value.constant, str) else None


def _file(project: Project, path: str) -> Facts | None:
    normal = posixpath.normpath(path)
    found = (project.files.get(f"{normal}{ending}") for ending in _ENDINGS)
    return next((facts for facts in found if facts is not None and facts.documents), None)
