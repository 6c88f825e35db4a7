"""The pages of lineage and audit in a real browser: searched, clicked, zoomed, as wide as they are drawn."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.processes import lint

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
EXAMPLE = Path(__file__).parents[1] / "examples" / "after"

pytestmark = pytest.mark.skipif(BROWSER is None, reason="there is no Chromium to open pages with")

EXPLORED = """
const outcome = {}, nodes = () => [...document.querySelectorAll(".node")];
const named = name => nodes().find(node => node.lastChild.textContent === name);
const details = () => document.getElementById("details").innerText;
const press = (element, type, Kind, init) => element.dispatchEvent(new Kind(type, { bubbles: true, ...init }));
const moved = () => document.getElementById("world").getAttribute("transform");
outcome.nodes = nodes().length;
outcome.wide = nodes().filter(node => node.lastChild.getComputedTextLength() > 222).map(node => node.textContent);
const field = document.getElementById("search");
field.value = "churn.skops";
press(field, "input", Event);
outcome.found = [document.getElementById("count").textContent, nodes().filter(node => node.matches(".found")).length];
press(named("models/churn.skops"), "click", MouseEvent);
outcome.clicked = details();
outcome.far = nodes().filter(node => node.matches(".far")).length;
const link = [...document.querySelectorAll("#details a")].find(each => each.textContent === "stage train");
press(link, "click", MouseEvent);
outcome.followed = details();
const before = moved();
press(document.querySelector("svg"), "wheel", WheelEvent, { deltaY: -300, cancelable: true });
outcome.zoomed = moved() !== before;
press(field, "keydown", KeyboardEvent, { key: "Escape" });
outcome.cleared = [nodes().filter(node => node.matches(".found, .far, .chosen")).length, field.value];
"""

MEASURED = """
const outcome = { titles: [...document.querySelectorAll("section h2")].map(each => each.innerText) };
outcome.radar = document.querySelectorAll("svg polygon, svg path").length;
outcome.overflow = document.documentElement.scrollWidth > document.documentElement.clientWidth;
outcome.closed = [...document.querySelectorAll("details")].every(each => !each.open);
const first = document.querySelector("details"), height = first.getBoundingClientRect().height;
first.querySelector("summary").click();
outcome.opened = first.open && first.getBoundingClientRect().height > height;
"""


def explored(tmp_path: Path, page: str, script: str) -> dict[str, Any]:
    """Open a page in a browser, run a script in it as a person would use it, and return what the script wrote down."""
    said = 'const said = document.createElement("pre"); said.id = "said"; said.textContent = JSON.stringify(outcome);'
    # The page of an audit has no script and allows none.
    used = re.sub(r"<meta http-equiv=.Content-Security-Policy.[^>]*>", "", page)
    used = used.replace("</body>", f"<script>(() => {{{script}{said}document.body.append(said);}})()</script></body>")
    opened = tmp_path / "page.html"
    opened.write_text(used, encoding="utf-8")
    options = (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--window-size=1300,900",
        f"--user-data-dir={tmp_path}/user",
    )
    command = [str(BROWSER), *options, "--virtual-time-budget=5000", "--dump-dom", opened.as_uri()]
    shown = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=120).stdout
    found = re.search(r'<pre id="said">(.*?)</pre>', shown, re.DOTALL)
    assert found is not None, shown[-2000:]
    outcome: dict[str, Any] = json.loads(html.unescape(found[1]))
    return outcome


def test_lineage_is_searched_clicked_and_zoomed(tmp_path: Path):
    page = lint(EXAMPLE, "lineage", "--output-format", "html").stdout
    graph = json.loads(page.partition('id="graph">')[2].partition("</script>")[0])

    outcome = explored(tmp_path, page, EXPLORED)

    assert outcome["nodes"] == len(graph["nodes"]) + len(graph["gaps"])
    assert outcome["wide"] == []
    matching = [each for each in graph["nodes"] if "churn.skops" in f"{each['name']} {each.get('filename') or ''}"]
    assert outcome["found"] == [f"{len(matching)} found", len(matching)]
    assert "models/churn.skops" in outcome["clicked"]
    assert "Comes from" in outcome["clicked"]
    assert re.search(r"writes, \S+:\d+", outcome["clicked"])
    assert outcome["far"] > 0
    assert outcome["followed"].startswith("stage train")
    assert outcome["zoomed"]
    assert outcome["cleared"] == [0, ""]


def test_an_audit_shows_its_principles_and_opens_what_is_folded(tmp_path: Path):
    page = lint(EXAMPLE, "audit", "--output-format", "html").stdout

    outcome = explored(tmp_path, page, MEASURED)

    assert len(outcome["titles"]) >= 7
    assert outcome["radar"] > 0
    assert not outcome["overflow"]
    assert outcome["closed"]
    assert outcome["opened"]
