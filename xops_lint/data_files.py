"""The linter's own data, written in YAML; its compiled form lies beside the interpreter's bytecode.

Reading YAML takes most of the time that the catalog costs a process, JSON a
twentieth of it. A compiled form counts as long as size and time of change of its
source do not differ, as with bytecode; it holds plain data, nothing that runs.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

from xops_lint.replacing import replace_file

FOLDER = Path(__file__).parent / "data"


def load(name: str) -> Any:
    """Return what is in a data file; ``name`` is its path below the data folder."""
    path = FOLDER / name
    compiled = Path(cache_from_source(str(path))).with_name(f"{path.name}.json")
    status = path.stat()
    stamp = [status.st_mtime_ns, status.st_size]
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(compiled.read_bytes())
        if kept["of"] == stamp:
            return kept["data"]
    data = _read(path)
    if not sys.dont_write_bytecode:
        _write(compiled, {"of": stamp, "data": data})
    return data


def _read(path: Path) -> Any:
    import yaml

    return yaml.load(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _write(path: Path, content: Any) -> None:
    """Write a compiled form in one step; where that is not allowed, the next run reads YAML again."""
    with suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        replace_file(path, json.dumps(content).encode())
