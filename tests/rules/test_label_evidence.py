"""The demonstration names the label it rests on, and its frequencies follow from the figures beside them."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from home.demo.loader import CONTENT
from monographs.document.parts import Frequency

EVIDENCE = Path(settings.BASE_DIR) / "docs" / "label-evidence"
#: Medicines whose table names each effect as the page does.
MEDICINES = ("blinatumomab", "rituximab", "teclistamab", "venetoclax")
#: The least percentage of each band, from the most frequent.
LEAST = {Frequency.VERY_COMMON: 10, Frequency.COMMON: 1, Frequency.UNCOMMON: 0.1}
WORDS = {frequency: frequency.value.replace("_", " ") for frequency in Frequency}
PERCENTAGE = re.compile(r"(\d+(?:\.\d+)?) %")


def content(slug: str) -> dict[str, Any]:
    return tomllib.loads((CONTENT / "medicines" / f"{slug}.toml").read_text("utf-8"))


def rows(slug: str) -> list[list[str]]:
    """The cells of each row of the table: where, statement, source, fact."""
    lines = (EVIDENCE / f"{slug}.md").read_text("utf-8").splitlines()
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return table[2:]


def effects(slug: str) -> Iterator[dict[str, str]]:
    section = content(slug)["sections"]["common_side_effects"]
    yield from section["common_effects"]
    yield from section["serious"]["effects"]


@pytest.mark.parametrize("slug", MEDICINES)
def test_the_page_and_its_evidence_name_the_same_label(slug: str) -> None:
    page = content(slug)
    set_id, version = (page["identifiers"][name] for name in ("label_set_id", "label_version"))
    label = next(source for source in page["sources"] if source["reference"] == "label")
    assert label["address"] == f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={set_id}"
    assert f"version {version}," in label["title"]
    evidence = (EVIDENCE / f"{slug}.md").read_text("utf-8")
    assert f"set id `{set_id}`, version {version} of " in evidence
    assert f"version {version} of " in str(page["sections"]["who_should_take_it"]), "patients read it, too"


@pytest.mark.parametrize("slug", MEDICINES)
def test_each_source_leads_to_a_document(slug: str) -> None:
    for source in content(slug)["sources"]:
        address = urlsplit(source["address"])
        assert address.path.strip("/") or address.query, source


@pytest.mark.parametrize("slug", MEDICINES)
def test_each_statement_has_a_source(slug: str) -> None:
    for row in rows(slug):
        assert len(row) == 4, row
        assert all(row), row


@pytest.mark.parametrize("slug", MEDICINES)
def test_each_band_follows_from_the_figures_beside_it(slug: str) -> None:
    statements = {statement: fact for _, statement, _, fact in rows(slug)}
    for effect in effects(slug):
        band = Frequency(effect["frequency"])
        fact = next(f for s, f in statements.items() if s.startswith(f"{effect['name']}: {WORDS[band]}"))
        figures = [float(number) for number in PERCENTAGE.findall(fact)]
        if band is Frequency.NOT_KNOWN:
            assert figures == [], effect["name"]
        else:
            found = next(known for known, least in LEAST.items() if max(figures) >= least)
            assert found is band, (effect["name"], figures)
