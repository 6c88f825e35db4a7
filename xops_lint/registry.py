"""Finds the rules, of the rule book and of local packs, and answers to their names."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import blake2b
from pathlib import Path
from types import ModuleType

from xops_lint.exceptions import RegistryError, SelectorError
from xops_lint.matching import regex
from xops_lint.nearest import suggestion
from xops_lint.rule import PRINCIPLES, Group, Rule
from xops_lint.selectors import ALL, DEFAULT, EXACT_SPECIFICITY, OPS

_CODE = regex(r"[A-Z]{3}[0-7][0-9]{2}")
_NAME = regex(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_PREFIX = regex(r"[A-Z]{3}([0-7][0-9]?)?")


@dataclass(frozen=True, eq=False)
class Registry:
    """All rules by code, in order; pickles as the packs it was loaded from."""

    rules: Mapping[str, Rule]
    files: Mapping[str, Path]
    packs: tuple[Path, ...] = ()

    def __reduce__(self) -> tuple[object, tuple[tuple[Path, ...]]]:
        return load, (self.packs,)

    def page(self, rule: Rule) -> Path:
        """Return the path of a rule's page, which a local pack may lack."""
        return self.files[rule.code].with_suffix(".md")

    def find(self, code_or_name: str) -> Rule:
        """Return the rule of a code or a name, or raise SelectorError with the nearest."""
        code = self.names.get(code_or_name, code_or_name)
        if code not in self.rules:
            raise SelectorError(f"unknown rule `{code_or_name}`{suggestion(code_or_name, (*self.rules, *self.names))}")
        return self.rules[code]

    def match(self, selector: str) -> frozenset[str]:
        """Return the codes a selector stands for, or raise SelectorError with the nearest."""
        if selector not in self._matches:
            self._matches[selector] = self._match(selector)
        return self._matches[selector]

    def specificity(self, selector: str) -> int:
        """Return how specific a selector is; a whole code or a name is most."""
        if selector in self.names or selector in self.rules:
            return EXACT_SPECIFICITY
        if selector in (ALL, DEFAULT):
            return 0
        if _PREFIX.fullmatch(selector):
            return len(selector)
        return 1

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The code of each name."""
        return {rule.name: code for code, rule in self.rules.items()}

    @cached_property
    def _matches(self) -> dict[str, frozenset[str]]:
        return {}

    def _match(self, selector: str) -> frozenset[str]:
        rules = self.rules.values()
        if selector in self.rules:
            return frozenset({selector})
        if selector in self.names:
            return frozenset({self.names[selector]})
        if selector == ALL:
            return frozenset(self.rules)
        if selector == DEFAULT:
            return frozenset(rule.code for rule in rules if rule.group is not Group.OPTIONAL)
        if selector in PRINCIPLES.values():
            return frozenset(rule.code for rule in rules if rule.principle == selector)
        if selector[:1] == "@" and selector[1:] in OPS:
            return frozenset(rule.code for rule in rules if selector[1:] in rule.ops)
        codes = frozenset(code for code in self.rules if code.startswith(selector))
        if _PREFIX.fullmatch(selector) and (codes or (selector[:3] == "XOP" and len(selector) < 5)):
            return codes
        raise SelectorError(f"unknown rule selector `{selector}`{suggestion(selector, self._words())}")

    def _words(self) -> Iterator[str]:
        yield from self.rules
        yield from self.names
        yield from PRINCIPLES.values()
        yield from (f"@{discipline}" for discipline in OPS)
        yield from (ALL, DEFAULT)


def load(rule_paths: Sequence[Path] = ()) -> Registry:
    """Load the rule book and local packs; the same packs give the same registry."""
    return _load(tuple(rule_paths))


@cache
def _load(packs: tuple[Path, ...]) -> Registry:
    rules: dict[str, Rule] = {}
    files: dict[str, Path] = {}
    names: dict[str, Path] = {}
    for module in (*_book(), *(module for pack in packs for module in _pack(pack))):
        path = Path(module.__file__ or "")
        rule = _rule(module, path)
        if rule.code in rules:
            raise RegistryError(f"{path}: the code {rule.code} is taken by {files[rule.code]}")
        if rule.name in names:
            raise RegistryError(f"{path}: the name `{rule.name}` is taken by {names[rule.name]}")
        rules[rule.code] = rule
        files[rule.code] = names[rule.name] = path
    return Registry({code: rules[code] for code in sorted(rules)}, files, packs)


def _book() -> Iterator[ModuleType]:
    book = importlib.import_module("xops_lint.rules")
    for principle in pkgutil.iter_modules(book.__path__, "xops_lint.rules."):
        if principle.ispkg:
            package = importlib.import_module(principle.name)
            for module in pkgutil.iter_modules(package.__path__, f"{principle.name}."):
                yield importlib.import_module(module.name)


def _pack(folder: Path) -> Iterator[ModuleType]:
    if not folder.is_dir():
        raise RegistryError(f"the rule path {folder} is no directory")
    for path in sorted(folder.rglob("*.py")):
        if not path.name.startswith(("_", "test_")):
            yield _local_module(path)


def _local_module(path: Path) -> ModuleType:
    # The name is the same in every process, so that a worker finds the checks again.
    digest = blake2b(str(path.resolve()).encode("utf-8", "surrogateescape"), digest_size=6).hexdigest()
    name = f"xops_lint_local_{digest}_{path.stem}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise RegistryError(f"{path}: cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise RegistryError(f"{path}: cannot be imported: {type(error).__name__}: {error}") from error
    return module


def _rule(module: ModuleType, path: Path) -> Rule:
    rule = getattr(module, "RULE", None)
    if not isinstance(rule, Rule):
        raise RegistryError(f"{path}: has no `RULE`; a module that is no rule starts with an underscore")
    if not _CODE.fullmatch(rule.code):
        raise RegistryError(
            f"{path}: the code `{rule.code}` is not three capital letters, a principle's digit (0-7) and two digits"
        )
    if not _NAME.fullmatch(rule.name):
        raise RegistryError(f"{path}: the name `{rule.name}` is not in kebab-case")
    unknown = [discipline for discipline in rule.ops if discipline not in OPS]
    if unknown:
        raise RegistryError(f"{path}: unknown ops discipline `{unknown[0]}`{suggestion(unknown[0], OPS)}")
    return rule
