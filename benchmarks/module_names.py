"""The names of a Python module by what is done with them."""

from __future__ import annotations

import ast
import builtins


class ModuleNames:
    """Which names a module imports, reads, binds and uses in other ways, whatever the scope."""

    def __init__(self, text: str) -> None:
        nodes = list(ast.walk(ast.parse(text)))
        imports = [node for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))]
        names = [node for node in nodes if isinstance(node, ast.Name)]
        bodies = [line for node in nodes if isinstance(node, ast.ClassDef) for line in node.body]
        definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        self.imported = {(alias.asname or alias.name).partition(".")[0] for node in imports for alias in node.names}
        self.loaded = {node.id for node in names if isinstance(node.ctx, ast.Load)}
        self.stored = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
        self.parameters = {node.arg for node in nodes if isinstance(node, ast.arg)}
        self.attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        self.fields = {node.id for line in bodies for node in ast.walk(line) if isinstance(node, ast.Name)}
        self.bound = self.stored | self.parameters | {node.name for node in nodes if isinstance(node, definitions)}
        self.taken = self.bound | self.imported | self.loaded | set(dir(builtins))
