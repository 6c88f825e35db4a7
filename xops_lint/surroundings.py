"""What a repository is made of: its code and configs, its libraries, what checks it already."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xops_lint import examination, hooking
from xops_lint.catalog import Catalog
from xops_lint.config import ConfigFile
from xops_lint.discovery import FoundFile
from xops_lint.examination import CODE, Job
from xops_lint.registry import Registry
from xops_lint.settings import Settings
from xops_lint.suppressions import Policy

WORKFLOWS: Final = "GitHub Actions"
SERVICES: Final[Mapping[str, str]] = {
    "github-workflow": WORKFLOWS,
    "gitlab-ci": "GitLab CI",
    "azure-pipelines": "Azure Pipelines",
    "circleci": "CircleCI",
    "bitbucket": "Bitbucket Pipelines",
    "jenkinsfile": "Jenkins",
    "travis": "Travis CI",
    "cloud-build": "Cloud Build",
    "codebuild": "CodeBuild",
}
"""The CI systems, by the kinds of their configs."""

_OURS: Final = b"xops-lint"
_IMPORT = re.compile(
    rb'^[ \t]*(?:"[ \t]*)?(?:from[ \t]+(?P<module>[A-Za-z_][\w.]*)[ \t]+import\b'
    rb'|import[ \t]+(?P<names>[A-Za-z_][^\n"\\#;]*))',
    re.MULTILINE,
)
_WORKFLOW_FOLDER = ".github/workflows/"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A repository as somebody sees who comes to it: numbers of files, libraries, services, what is set up.

    ``services`` are the configs of CI systems by the system's name, ``checked`` says that one of them
    runs us, ``hooks`` is the content of the hooks' config.
    """

    root: Path
    is_repository: bool
    python: int
    lines: int
    notebooks: int
    kinds: Mapping[str, int]
    libraries: tuple[str, ...]
    services: Mapping[str, tuple[str, ...]]
    checked: bool
    hooks: bytes | None

    @property
    def hooked(self) -> bool:
        """Whether a hook of ours is there."""
        return self.hooks is not None and hooking.has_hook(self.hooks)


def look(files: Iterable[FoundFile], settings: Settings, registry: Registry) -> Surroundings:
    """Look at a repository's files."""
    job = Job(settings, registry, Policy())
    imported: set[str] = set()
    kinds: Counter[str] = Counter()
    services: dict[str, list[str]] = {}
    counts: Counter[str] = Counter()
    lines, checked = 0, False
    for file in files:
        data = examination.content(job, file)
        if not isinstance(data, bytes):
            continue
        counts[file.language] += 1
        if file.language in CODE:
            imported.update(_imports(data))
            lines += data.count(b"\n") if file.language == "python" else 0
            continue
        for kind in _kinds(job, file):
            kinds[kind] += 1
            if kind in SERVICES and (kind != "github-workflow" or file.path.startswith(_WORKFLOW_FOLDER)):
                services.setdefault(SERVICES[kind], []).append(file.path)
                checked = checked or _OURS in data
    root = settings.root
    hooks = root / hooking.NAME
    return Surroundings(
        root=root,
        is_repository=(root / ".git").exists(),
        python=counts["python"],
        lines=lines,
        notebooks=counts["notebook"],
        kinds=dict(sorted(kinds.items())),
        libraries=tuple(sorted(_libraries(imported, settings), key=str.lower)),
        services={service: tuple(paths) for service, paths in sorted(services.items())},
        checked=checked,
        hooks=hooks.read_bytes() if hooks.is_file() else None,
    )


def _kinds(job: Job, file: FoundFile) -> Iterator[str]:
    document = examination.read(job, file)
    if isinstance(document, ConfigFile):
        yield from dict.fromkeys(kind for kind in document.kinds or [document.kind] if kind)


def _imports(data: bytes) -> Iterator[str]:
    """Yield the modules that code seems to import; the lines of a notebook are strings of its JSON."""
    for match in _IMPORT.finditer(data):
        if match["module"]:
            yield match["module"].decode("ascii", "ignore")
        for name in (match["names"] or b"").split(b","):
            yield name.split(b" as ")[0].strip().decode("ascii", "ignore")


def _libraries(imported: Iterable[str], settings: Settings) -> set[str]:
    """Return the libraries that are imported and that the catalog knows, by the names they are imported under."""
    catalog = Catalog(settings.catalog)
    found: set[str] = set()
    for module in imported:
        parts = module.split(".")
        known = any(".".join(parts[:length]) in catalog.roots for length in range(1, len(parts) + 1))
        if known and parts[0] not in sys.stdlib_module_names:
            found.add(parts[0])
    return found
