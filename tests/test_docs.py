"""What is generated is fresh, and what is written names what exists."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
SPECIFICATION = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
assert SPECIFICATION and SPECIFICATION.loader
generate = importlib.util.module_from_spec(SPECIFICATION)
SPECIFICATION.loader.exec_module(generate)


def test_no_generated_page_is_stale() -> None:
    stale = [path.name for path, text in generate.pages() if not path.is_file() or path.read_text("utf-8") != text]

    assert stale == [], "run `python docs/generate.py`"


def test_every_page_of_a_rule_has_a_rule() -> None:
    generated = {path for path, _ in generate.pages()}

    assert set((ROOT / "docs" / "rules").glob("*.md")) - generated == set()


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        if page.name.endswith(".in.md"):
            continue
        for target in re.findall(r"\]\(([^)#:]+\.md)(?:#[^)]*)?\)", page.read_text("utf-8")):
            if not (page.parent / target).is_file():
                broken.append(f"{page.relative_to(ROOT)}: {target}")

    assert broken == []
