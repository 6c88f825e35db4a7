"""What is read of documents for people, and where it stands."""

from __future__ import annotations

from xops_lint.config import ConfigFile
from xops_lint.languages.config import read_config


def read(path: str, text: str) -> ConfigFile:
    return read_config(path, text.encode(), "markdown")


def told(document: ConfigFile, role: str) -> list[str]:
    return [document.source(value.range) for value in document.values(role)]


def test_headings_of_every_form_and_lines_tell_where_they_stand() -> None:
    card = read("MODEL_CARD.md", "Churn\n=====\n\n**Intended use**\n\nLetters.\n\n<h2>Licence</h2>\n\nMIT\n")

    found = told(card, "title"), told(card, "purpose"), told(card, "licence")

    assert found == (["Churn"], ["Intended use"], ["Licence"])


def test_a_section_tells_nothing_until_somebody_fills_it_in() -> None:
    text = (
        "# Churn\n\n## Licence\n\n- **Licence:** [More Information Needed]\n\n## Evaluation\n<!-- figures -->\nTODO\n"
    )

    card = read("MODEL_CARD.md", text)

    assert (told(card, "licence"), told(card, "figure")) == ([], [])
    assert told(card, "unfilled") == ["Churn", "Licence", "Evaluation"]


def test_a_section_is_filled_by_those_below_it() -> None:
    card = read("MODEL_CARD.md", "# Churn\n\n## Evaluation\n\n### Figures\n\nAUC 0.8\n")

    assert told(card, "unfilled") == []


def test_code_and_comments_tell_nothing() -> None:
    card = read("MODEL_CARD.md", "# Churn\n\n```\n# Licence\nMIT licence\n```\n\n<!-- licence: MIT -->\n")

    assert told(card, "licence") == []


def test_code_that_is_never_closed_runs_to_the_end_or_to_that_of_its_item() -> None:
    card = read("MODEL_CARD.md", "# Churn\n\n```\n# Licence\nMIT licence\n")
    item = read("MODEL_CARD.md", "# Churn\n\n- Run\n\n  ```\n  # churn\n\n# Licence\nMIT licence\n")

    assert told(card, "licence") == []
    assert told(item, "licence") != []


def test_the_front_has_its_own_positions() -> None:
    card = read("README.md", "---\nlicense: mit\npipeline_tag: text-generation\n---\n# Letters\n")

    assert (card.kind, told(card, "licence"), told(card, "title")) == ("model-card", ["mit"], ["Letters"])


def test_nothing_is_said_to_lack_where_holes_are_left_or_the_language_is_not_known() -> None:
    foreign = "# Modell\n\n" + "Dieses Modell sagt voraus welche Kunden bald gehen werden und warum sie das tun. " * 5

    assert told(read("MODEL_CARD.md", "# {{ name }}\n"), "card") == []
    assert told(read("MODEL_CARD.md", foreign), "card") == []


def test_a_readme_without_a_front_is_no_card() -> None:
    readme = read("README.md", "# Churn\n\nThe data are licensed under CC BY 4.0.\n")

    assert (readme.kind, told(readme, "licence")) == ("readme", ["The data are licensed under CC BY 4.0."])
