"""The tool catalog: which function of which library plays which role.

Every tool is one YAML file. Files are found by the import roots in their heads
and read whole only when a name below one of these roots is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from xops_lint.catalog_file import Methods, ToolFile, Vocabulary, read_head, read_methods, read_tool, read_vocabulary
from xops_lint.data_files import FOLDER
from xops_lint.entry import Deprecation, Entry
from xops_lint.exceptions import CatalogError

_LONGEST_ALIAS_CHAIN = 8


class Catalog:
    """Answers what a qualified name is, from the built-in tool files and a company's own.

    ``extra`` are tool files, or folders of them. They are read at once, so that
    a mistake shows before anything is linted, and their entries win.
    """

    def __init__(self, extra: Sequence[Path] = ()) -> None:
        self._files: dict[Path, ToolFile] = {}
        self._entries: dict[str, Entry] = {}
        self._wildcards: dict[tuple[str, int], list[tuple[tuple[str, ...], Entry]]] = {}
        self._aliases: dict[str, str] = {}
        self._types: dict[str, tuple[str, ...]] = {}
        self._waiting: dict[str, list[Path]] = {}
        self._roots: dict[str, list[str]] = {}
        self._tools: dict[str, list[Path]] = {}
        self._known: dict[str, Entry | None] = {}
        self._canonical: dict[str, str] = {}
        self._removed: dict[str, Deprecation] = {}
        self.removed_members: set[str] = set()
        self._index(extra)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The closed vocabulary that all tool files use."""
        return read_vocabulary()

    @cached_property
    def roots(self) -> Mapping[str, tuple[str, ...]]:
        """The tools that know names below each import root."""
        return {root: tuple(tools) for root, tools in self._roots.items()}

    @cached_property
    def methods(self) -> Methods:
        """What the names of methods tell, whatever they are called on."""
        return read_methods()

    def roles(self) -> Mapping[str, str]:
        """Return every role with its meaning."""
        return self.vocabulary.roles

    def tools(self) -> tuple[str, ...]:
        """Return the names of all tools, sorted."""
        return tuple(sorted(self._tools))

    def files(self, tool: str) -> tuple[ToolFile, ...]:
        """Return what the files of a tool hold; nothing if there is no such tool."""
        return tuple(self._load(path) for path in self._tools.get(tool, ()))

    def entries(self, tool: str) -> tuple[Entry, ...]:
        """Return the entries of a tool in the order of its files."""
        return tuple(entry for file in self.files(tool) for entry in file.entries.values())

    def loaded(self) -> tuple[str, ...]:
        """Return the names of the tools whose files have been read, sorted."""
        return tuple(sorted({file.tool for file in self._files.values()}))

    def load_for(self, roots: Iterable[str]) -> None:
        """Read the files of the tools that know names below these import roots."""
        for root in roots:
            # The root is taken out first: reading a file may ask for the same root again.
            for path in reversed(self._waiting.pop(root, ())):
                self._load(path)

    def canonical(self, name: str) -> str:
        """Return the name the catalog uses for a name, itself if it knows no other."""
        found = self._canonical.get(name)
        if found is None:
            found = name
            for _ in range(_LONGEST_ALIAS_CHAIN):
                following = self._unaliased(found)
                if following == found:
                    break
                found = following
            self._canonical[name] = found
        return found

    def lookup(self, name: str) -> Entry | None:
        """Return what is catalogued of a name: itself, by a wildcard, or inherited."""
        if name not in self._known:
            own = self.canonical(name)
            self._known[name] = self._own(own) or self._inherited(own)
        return self._known[name]

    def removed(self, name: str) -> Deprecation | None:
        """Return which versions have a name no more, as code writes it; None where nothing is known of that."""
        return self._removed.get(name)

    def bases(self, type: str) -> tuple[str, ...]:
        """Return every type that a type also is, nearest first, itself left out."""
        return tuple(self._ancestors(self.canonical(type)))

    def _index(self, extra: Sequence[Path]) -> None:
        own = [file for path in extra for file in _tool_files(path)]
        built_in = sorted((FOLDER / "tools").glob("*.yaml"))
        for path in [*own, *built_in]:
            tool, roots = read_head(path)
            self._tools.setdefault(tool, []).append(path)
            for root in roots:
                self._roots.setdefault(root, []).append(tool)
                # Code imports a package, a file may know only some of its modules.
                self._waiting.setdefault(root.partition(".")[0], []).append(path)
        for path in own:
            read_tool(path, self.vocabulary)

    def _load(self, path: Path) -> ToolFile:
        file = self._files.get(path)
        if file is None:
            file = self._files[path] = read_tool(path, self.vocabulary)
            self._aliases.update(file.aliases)
            self._types.update(file.types)
            self._removed.update(file.removed)
            self.removed_members.update(name.rpartition(".")[2] for name in file.removed)
            for name, entry in file.entries.items():
                if "*" in name:
                    segments = tuple(name.split("."))
                    self._wildcards.setdefault((segments[0], len(segments)), []).insert(0, (segments, entry))
                else:
                    self._entries[name] = entry
        return file

    def _unaliased(self, name: str) -> str:
        self.load_for((name.partition(".")[0],))
        prefix, rest = name, ""
        while prefix:
            if prefix in self._aliases:
                return self._aliases[prefix] + rest
            prefix, _, last = prefix.rpartition(".")
            rest = f".{last}{rest}"
        return name

    def _own(self, name: str) -> Entry | None:
        found = self._entries.get(name)
        if found is not None:
            return found
        segments = name.split(".")
        for pattern, entry in self._wildcards.get((segments[0], len(segments)), ()):
            matched = [own for own, asked in zip(segments, pattern) if asked == "*"]
            if all(asked in ("*", own) for own, asked in zip(segments, pattern)):
                returns = entry.returns.replace("*", matched[0]) if entry.returns else None
                return replace(entry, name=name, returns=returns)
        return None

    def _inherited(self, name: str) -> Entry | None:
        owner, _, member = name.rpartition(".")
        if not owner:
            return None
        for base in self._ancestors(owner):
            found = self._own(f"{base}.{member}")
            if found is not None:
                return found
        return None

    def _ancestors(self, type: str) -> Iterator[str]:
        seen = {type}
        queue = [type]
        while queue:
            for base in self._types.get(queue.pop(0), ()):
                own = self.canonical(base)
                if own not in seen:
                    seen.add(own)
                    queue.append(own)
                    yield own


def _tool_files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for pattern in ("*.yaml", "*.yml") for file in path.glob(pattern))
    if not path.is_file():
        raise CatalogError(f"{path}: no such tool file or folder")
    return [path]
