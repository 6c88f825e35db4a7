"""Lists in which a model keeps parts of itself, where nothing that it knows of finds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import libcst as cst

from xops_lint.operations import PlainList, Shelf

if TYPE_CHECKING:
    from xops_lint.languages.python.expressions import Evaluator
    from xops_lint.languages.python.functions import Functions
    from xops_lint.languages.python.record import Record

_LOOKING: Final = frozenset(
    {"len", "enumerate", "zip", "reversed", "range", "list", "iter", "print", "isinstance", "sum"}
)
"""What a list is handed to without its parts being taken over."""

_TAKING_OVER: Final = frozenset({"setattr", "add_module", "register_module", "register_parameter"})
_HANDING_OUT: Final = frozenset({"parameters", "named_parameters", "state_dict", "named_modules"})
"""Methods that a class defines which says for itself what its parts are."""


class Shelves:
    """Collects, by class and attribute, what is made right where it is put into a list."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], list[cst.Call]] = {}
        self._lists: dict[tuple[str, str], list[Any]] = {}

    def assigned(self, evaluator: Evaluator, target: Any, value: Any) -> None:
        """Note a list that an attribute is given."""
        if isinstance(value, cst.List):
            self._note(evaluator, target, [element.value for element in value.elements], value)
        elif isinstance(value, cst.ListComp):
            self._note(evaluator, target, [value.elt], value)

    def appended(self, evaluator: Evaluator, node: cst.Call) -> None:
        """Note what is appended to a list that an attribute holds."""
        if isinstance(node.func, cst.Attribute) and node.func.attr.value == "append":
            self._note(evaluator, node.func.value, [argument.value for argument in node.args])

    def settle(self, record: Record, functions: Functions) -> None:
        """Write down what stays in lists alone, once all of the module is known."""
        for (owner, attribute), made in self._found.items():
            entry = functions.constructor(owner) if owner in functions.classes else None
            if entry is None or "registers" not in entry.traits:
                continue
            methods = [function for function in functions.functions.values() if function.owner == owner]
            bodies = [function.node.body for function in methods]
            named = {function.name.rpartition(".")[2] for function in methods}
            if _HANDING_OUT.isdisjoint(named) and not any(_taken_over(body, attribute) for body in bodies):
                nodes = self._lists.get((owner, attribute), [])
                lists = tuple(PlainList(isinstance(node, cst.List) and not node.elements) for node in nodes)
                for node, plain in zip(nodes, lists):
                    record.want(node, plain)
                for node in made:
                    shelf = Shelf(owner, attribute, lists=lists, keeper=entry.keeper or "")
                    record.shelves.append(shelf)
                    record.want(node, shelf)

    def _note(self, evaluator: Evaluator, target: Any, parts: list[Any], whole: Any = None) -> None:
        if isinstance(target, cst.Attribute) and isinstance(target.value, cst.Name):
            base = evaluator.scope.lookup(target.value.value)
            made = [part for part in parts if isinstance(part, cst.Call)]
            if base is not None and base.type and whole is not None:
                self._lists.setdefault((base.type, target.attr.value), []).append(whole)
            if base is not None and base.type and made:
                self._found.setdefault((base.type, target.attr.value), []).extend(made)


def _taken_over(node: Any, attribute: str) -> bool:
    """Say whether something in a body may register the parts of a list, or replaces the list by something else."""
    if isinstance(node, cst.Call):
        function = node.func
        name = function.attr if isinstance(function, cst.Attribute) else function
        called = name.value if isinstance(name, cst.Name) else ""
        if called in _TAKING_OVER:
            return True
        if called not in _LOOKING and any(_mentions(argument.value, attribute) for argument in node.args):
            return True
    if isinstance(node, cst.Assign) and any(_is_own(target.target, attribute) for target in node.targets):
        plain = isinstance(node.value, (cst.List, cst.ListComp)) or _is_none(node.value)
        if not plain:
            return True
    return any(_taken_over(child, attribute) for child in _inside(node))


def _mentions(node: Any, attribute: str) -> bool:
    return _is_own(node, attribute) or any(_mentions(child, attribute) for child in _inside(node))


def _inside(node: Any) -> Iterator[Any]:
    return (child for child in node.children if not isinstance(child, cst.BaseParenthesizableWhitespace))


def _is_own(node: Any, attribute: str) -> bool:
    return isinstance(node, cst.Attribute) and node.attr.value == attribute and isinstance(node.value, cst.Name)


def _is_none(node: Any) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"
