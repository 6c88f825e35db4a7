"""Which files of the project an image takes a copy of."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from xops_lint.config import Value
from xops_lint.facts import Facts
from xops_lint.graph.files import Files
from xops_lint.graph.images import Images
from xops_lint.graph.model import Builder
from xops_lint.graph.shipping import Shipped, shipped
from xops_lint.graph.stages import located
from xops_lint.project import Project
from xops_lint.references import is_plain, present

_PROGRAMS: Final = frozenset({"script", "notebook", "module"})
_TAKEN: Final = frozenset({"reads", "loads"})


@dataclass
class Copies:
    """Finds, among what the graph of a project knows, the files that go into images."""

    project: Project
    builder: Builder
    files: Files
    images: Images

    def of(self, dockerfile: Facts, image: str) -> Iterator[tuple[str, Value]]:
        """Yield the paths that an image takes, each with the source of the copy that says so."""
        contexts = self._contexts(dockerfile)
        sent = shipped(self.project, dockerfile, contexts[0])
        for value in dockerfile.values("input"):
            copied = value.route.partition(".")[0]
            if value.templated or any(document.get(f"{copied}.stage") for document in dockerfile.documents):
                continue
            named = self._named(value, contexts) if value.text.strip("./") else None
            if named is not None and sent.takes(named):
                yield named, value
            elif named is None:
                yield from ((path, value) for path in self._inside(image, sent, located(contexts[0], value.text)))

    def _contexts(self, dockerfile: Facts) -> list[str]:
        """Return the folders that an image may be built from, the likeliest first: one that holds all it copies."""
        folder = posixpath.dirname(dockerfile.path)
        known = self.images.contexts.get(dockerfile.path)
        around = list(dict.fromkeys(([known] if known is not None else []) + [folder, *_above(folder)]))
        sources = [
            value.text for value in dockerfile.values("input") if is_plain(value.text) and value.text.strip("./")
        ]
        whole = (each for each in around if all(present(self.project, located(each, text)) for text in sources))
        likeliest = known if known is not None else next(whole, folder)
        return [likeliest, *(each for each in around if each != likeliest)]

    def _named(self, value: Value, contexts: list[str]) -> str | None:
        """Return the data, model or folder of these that a copy names."""
        for base in contexts:
            path = located(base, value.text)
            joined = f"path:{path}" in self.builder.nodes or self._stored(path)
            if joined or (self.files.known(path) and self.files.kind(path) in ("data", "model")):
                return path
        return None

    def _stored(self, folder: str) -> bool:
        """Say whether data or models lie in a folder, and no code beside them."""
        nodes = [node for id, node in self.builder.nodes.items() if id.startswith(f"path:{folder}/")]
        kinds = {node.kind for node in nodes}
        return not kinds.isdisjoint({"data", "model"}) and kinds.isdisjoint(_PROGRAMS)

    def _inside(self, image: str, sent: Shipped, folder: str) -> Iterator[str]:
        """Yield the models below a folder, and of all else there what the programs of the image take."""
        start = "path:" if folder == "." else f"path:{folder}/"
        taken = set(self._taken(image))
        for id, node in sorted(self.builder.nodes.items()):
            path = id.removeprefix("path:")
            inside = id.startswith(start) and "://" not in path and not path.startswith(("/", "~", "{"))
            if inside and (node.kind == "model" or id in taken) and sent.takes(path):
                yield path

    def _taken(self, image: str) -> Iterator[str]:
        """Yield the files that the programs which an image runs take."""
        edges = self.builder.edges.values()
        programs = {edge.end for edge in edges if edge.start == image and edge.kind == "runs"}
        for edge in edges:
            end = self.builder.nodes[edge.end]
            if edge.start in programs and edge.kind in _TAKEN and end.kind not in _PROGRAMS:
                yield edge.end


def _above(folder: str) -> Iterator[str]:
    while folder:
        folder = posixpath.dirname(folder)
        yield folder
