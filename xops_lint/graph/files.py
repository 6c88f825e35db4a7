"""Which file of the project a path in code or in a command means, and what kind of thing it is."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from xops_lint.facts import Facts
from xops_lint.graph.model import Builder, Spot
from xops_lint.locations import names_data
from xops_lint.matching import regex
from xops_lint.project import Project

_BASES: Final = frozenset(
    {"dvc", "mlproject", "pyproject", "setup-cfg", "requirements", "conda-environment", "pipfile"}
)
"""Kinds of files that stand in the folder from which people run a project's programs."""

_MODEL: Final = regex(
    r"\.(?:pt|pth|ckpt|onnx|safetensors|h5|keras|skops|tflite|cbm|bst|mar|gguf|mlmodel|pmml)$"
    r"|(?:model|classifier|regressor|estimator|pipeline|weights|checkpoint|clf)[^/]*\.(?:pkl|pickle|joblib|bin|dill|sav|zip|json|txt)$"
    r"|^models:/|(?:^|/)(?:\w*[_-])?(?:model|checkpoint|weights)$",
    re.IGNORECASE,
)
"""Endings and names of stored models."""

_STORE: Final = regex(r"\.(?:pkl|pickle|joblib|dill|json|txt|log|xml|zip|tar\.gz)$", re.IGNORECASE)
_ABSOLUTE: Final = regex(r"[a-z][\w+.-]*://|[/~]|models:/|runs:/|[a-z]:[\\/]", re.IGNORECASE)
_ENDING: Final = regex(r"\.\w{1,10}$")


@dataclass
class Files:
    """The files of a project as nodes of its graph; ``made`` are the paths that stages declare to leave."""

    project: Project
    builder: Builder
    made: frozenset[str]
    models: frozenset[str] = frozenset()

    def node(self, path: str, spot: Spot) -> str:
        """Add the node of a file, a folder or an address."""
        name = path.replace("{}", "…", 1)
        return self.builder.node(self.kind(path), name, self.place(path) or spot, id=f"path:{path}")

    def program(self, path: str) -> str:
        """Add the node of a file of code that something starts."""
        id = self.node(path, Spot(path))
        if self.builder.nodes[id].kind == "module":
            self.builder.nodes[id] = replace(self.builder.nodes[id], kind="script")
        return id

    def place(self, path: str) -> Spot | None:
        """Return where a file itself stands, if it is one of those the project reads."""
        return Spot(path) if path in self.project.files else None

    def kind(self, path: str) -> str:
        """Return what a path most likely is."""
        facts = self.project.files.get(path)
        if facts is not None and facts.python:
            if facts.notebook:
                return "notebook"
            return "script" if facts.main or path in self._programs else "module"
        if path in self.models or _MODEL.search(path):
            return "model"
        if "://" in path or (names_data(path) and not _STORE.search(path)):
            return "data"
        if re.search(r"\.(?:pkl|pickle|joblib|npz?)$", path):
            return "data"
        return "file" if _ENDING.search(path) else "folder"

    def known(self, path: str) -> bool:
        """Say whether a path is declared, tracked or on disk."""
        if path in self.project.files or path in self._made or path in self._tracked:
            return True
        return self.project.exists(path)

    def find(self, text: str, bases: Sequence[str], near: Facts) -> str | None:
        """Return the path from the root that a text means, or None if too little of it is known.

        ``bases`` are the folders that it may count from, the likeliest first; ``{}`` stands for unknown pieces.
        """
        text = text.removeprefix("file://").removeprefix("./")
        if not text or "\n" in text or len(text) > 300 or text in (".", "-"):
            return None
        if _ABSOLUTE.match(text):
            return text if "{" not in text else None
        text = text.replace("\\", "/")
        own = posixpath.dirname(near.path)
        if text.startswith("{}/../"):
            # Steps up count from the file itself.
            return self._first([self._at(own, text.removeprefix("{}/"))]) if "{" not in text[2:] else None
        if text.startswith("{}/"):
            return self._below_unknown(text, near)
        if "{" in text or "*" in text or "$" in text:
            return None
        folders = dict.fromkeys((own, *bases) if text.startswith("../") else bases)
        return self._first([self._at(base, text) for base in folders])

    def bases(self, facts: Facts, launched: Iterable[str] = ()) -> list[str]:
        """Return the folders that paths in a file may count from: where it is run, and where people would run it."""
        own = posixpath.dirname(facts.path)
        around = self._base(own)
        guessed = (own, around, "") if facts.notebook else (around, own, "")
        return list(dict.fromkeys((*launched, *guessed)))

    def _below_unknown(self, text: str, near: Facts) -> str | None:
        """Find what lies below a folder that is not known, mostly that of the code or one above it."""
        rest = text.removeprefix("{}/")
        if "{" in rest:
            return None
        folders = near.path.split("/")[:-1]
        above = ["/".join(folders[:depth]) for depth in range(len(folders), -1, -1)]
        fitting = [path for folder in above if self.known(path := self._at(folder, rest))]
        if fitting:
            return fitting[0]
        return text if "/" in rest and _ENDING.search(rest) else None

    def _first(self, candidates: Sequence[str]) -> str | None:
        inside = [path for path in candidates if not path.startswith("..")]
        for path in inside:
            if self.known(path) or any(path.startswith(f"{made}/") for made in self.made):
                return path
        return inside[0] if inside else None

    @staticmethod
    def _at(folder: str, path: str) -> str:
        return posixpath.normpath(posixpath.join(folder, path))

    def _base(self, folder: str) -> str:
        while folder and folder not in self._marked:
            folder = posixpath.dirname(folder)
        return folder

    @cached_property
    def _marked(self) -> frozenset[str]:
        return frozenset(posixpath.dirname(facts.path) for facts in self.project.of_kind(*_BASES))

    @cached_property
    def _made(self) -> frozenset[str]:
        """What stages leave, and the folders around."""
        above = {path[: match.start()] for path in self.made for match in re.finditer("/", path)}
        return self.made | above - {""}

    @cached_property
    def _programs(self) -> frozenset[str]:
        return self.project.started | {facts.path for facts in self.project.entries}

    @cached_property
    def _tracked(self) -> frozenset[str]:
        return self.project.tracked or frozenset()
