"""What import statements bind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import libcst as cst

from xops_lint.code import Import
from xops_lint.languages.python.removals import note_import
from xops_lint.languages.python.syntax import dotted

if TYPE_CHECKING:
    from xops_lint.languages.python.expressions import Evaluator


class Imports:
    """Writes imports down and binds their names in the scope that an evaluator is in."""

    def __init__(self, evaluator: Evaluator, package: str) -> None:
        self.evaluator = evaluator
        self.package = package

    def plain(self, node: cst.Import) -> None:
        """Bind what ``import a.b`` and ``import a.b as c`` bind."""
        for alias in node.names:
            target = dotted(alias.name)
            root = target.partition(".")[0]
            self.evaluator.catalog.load_for([root])
            name = alias.asname.name.value if alias.asname is not None else root  # type: ignore[union-attr]
            self._imported(alias, target, name)
            self.evaluator.scope.bind(name, self.evaluator.named(target if alias.asname is not None else root))

    def member(self, node: cst.ImportFrom) -> None:
        """Bind what ``from a import b`` binds; a star is remembered, to be looked into."""
        source = self._source(node)
        self.evaluator.catalog.load_for([source.partition(".")[0]])
        if isinstance(node.names, cst.ImportStar):
            imported = Import(source, "*", self.evaluator.scope.function.name, star=True)
            self.evaluator.record.imports.append(imported)
            self.evaluator.record.want(node, imported, needed=False)
            self.evaluator.stars.append(source)
            return
        for alias in node.names:
            name = alias.name.value
            bound = alias.asname.name.value if alias.asname is not None else name  # type: ignore[union-attr]
            target = f"{source}.{name}" if source else str(name)
            self._imported(alias, target, str(bound))
            self.evaluator.scope.bind(str(bound), self.evaluator.named(target))

    def _imported(self, node: Any, target: str, name: str) -> None:
        guarded = self.evaluator.prepared > 0 or self.evaluator.conditional > 0
        imported = Import(target, name, self.evaluator.scope.function.name, guarded=guarded)
        self.evaluator.record.imports.append(imported)
        self.evaluator.record.want(node.name, imported, needed=False)
        note_import(self.evaluator, node.name, target)

    def _source(self, node: cst.ImportFrom) -> str:
        """Return the absolute module an import takes names from."""
        module = dotted(node.module) if node.module is not None else ""
        if not node.relative:
            return module
        parts = self.package.split(".") if self.package else []
        kept = parts[: len(parts) - (len(node.relative) - 1)]
        return ".".join([*kept, module] if module else kept)
