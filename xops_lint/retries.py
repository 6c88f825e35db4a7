"""What tries again by itself, to judge by names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xops_lint.matching import regex

if TYPE_CHECKING:
    from xops_lint.facts import Facts

TRIES_AGAIN: Final = regex(r"retry|retries|retrying|backoff|tenacity", re.IGNORECASE)
"""What is called so tries again by itself, whatever it is."""


def tries_again(file: Facts) -> bool:
    """Say whether a file has anything that tries again by itself."""
    names = [imported.target for imported in file.imports] + [call.name for call in file.calls]
    names += [decorator for definition in file.definitions for decorator in definition.decorators]
    return any(TRIES_AGAIN.search(each) for each in names)
