"""Pages show what the fixes of their rules write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from test_rule_pages import RULE_FILES, name_of, registry_for, rule_of

from xops_lint.page_tests import mend_case
from xops_lint.pages import Case, read_page


def mended(path: Path, folder: Path) -> Iterator[tuple[Case, Mapping[str, str]]]:
    """Yield the Bad cases of a page that a fix changes, and what becomes of their files."""
    page = read_page(path.with_suffix(".md"))
    for number, case in enumerate(case for case in page.cases if case.section == "Bad"):
        (folder / str(number)).mkdir()
        after = mend_case(case, rule_of(path), registry_for(path), folder / str(number))
        # What a notebook becomes in its JSON says nothing to a reader.
        if after and not any(name.endswith(".ipynb") for name in after):
            yield case, after


@pytest.mark.parametrize("path", RULE_FILES, ids=name_of)
def test_a_page_shows_what_a_fix_writes(path: Path, tmp_path: Path):
    shown = [case for case in read_page(path.with_suffix(".md")).cases if case.section == "Fixed"]
    texts = {(file.path, file.text) for case in shown for file in case.files}
    results = [set(after.items()) for _, after in mended(path, tmp_path)]

    assert not results or any(result <= texts for result in results), results
