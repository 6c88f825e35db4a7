"""Commands that a readme tells people to type."""

from __future__ import annotations

from xops_lint.languages.told import told


def commands(text: str) -> list[str]:
    return [command.text for command in told(text, "markdown").commands]


def test_a_block_that_is_never_closed_runs_to_the_end() -> None:
    assert commands("# Churn\n\n```bash\npip install churn\n\npython fit.py\n") == [
        "pip install churn",
        "python fit.py",
    ]


def test_an_open_block_of_an_item_ends_with_the_item() -> None:
    assert commands("- Install\n\n  ```bash\n  pip install churn\n\nThen fit it.\n") == ["pip install churn"]


def test_a_block_may_be_closed_less_far_in() -> None:
    assert commands("1. Install\n   ```bash\n   pip install churn\n```\nThen fit it.\n") == ["pip install churn"]
