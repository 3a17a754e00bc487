"""A redline's own words are said in the reader's language, and only these."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string

from monographs.document.models import (
    ConditionDocument,
    DrugClassDocument,
    HomeDocument,
    IndexDocument,
    InformationDocument,
    MonographDocument,
)
from monographs.presentation.labels import heading
from monographs.presentation.redline_pdf import Cover, _data
from monographs.redline import Redline, Status, redline
from monographs.redline.comparison import _APART
from monographs.redline.metadata import _LABELS
from tests.pseudo_locale import OPEN, fixed_words, strings
from tests.redline.edits import EDITS
from tests.redline.notation import monograph


def compared(name: str) -> tuple[Redline, set[str]]:
    """The redline of an edit of the table, and everything its documents say."""
    old, new, _, _ = EDITS[name]
    texts = [monograph(html=each) if isinstance(each, str) else each for each in (old, new)]
    return redline(*texts), {words for each in texts for words in strings(each.model_dump(mode="json"))}


@pytest.mark.parametrize("template", ["redline/section.html", "redline/section_side.html"])
@pytest.mark.parametrize("name", EDITS)
def test_what_is_said_beside_the_text_is_in_the_readers_language(
    made_up: None, name: str, template: str
) -> None:
    found, own = compared(name)
    for section in found.changed:
        page = BeautifulSoup(render_to_string(template, {"section": section}), "html.parser")
        beside = page.select("[data-not-text]")
        assert beside, "nothing is said"
        for each in beside:
            assert not fixed_words(each.get_text(" "), own)
        for titled in page.select("[title], [alt]"):
            assert OPEN in (titled.get("title") or titled["alt"])


@pytest.mark.parametrize("name", EDITS)
def test_so_it_is_on_paper(made_up: None, name: str) -> None:
    found, own = compared(name)
    cover = Cover("", "en", "", ())
    for section in _data(found, cover, {}, {})["sections"]:
        beside = [section["status"], *section["flags"]]
        for line in section["lines"]:
            beside += [line[part] for part in ("place", "label", "move", "told")] + line["flags"]
            beside += [run["note"] for run in line["runs"]]
        for words in beside:
            assert not fixed_words(words, own)


def test_a_mark_is_said_in_the_readers_language(made_up: None) -> None:
    section = redline(monograph(), monograph(demonstration=True)).changed[0]
    assert f"{OPEN}yes" in render_to_string("redline/section.html", {"section": section})


@pytest.mark.parametrize(
    "kind",
    [
        MonographDocument,
        DrugClassDocument,
        ConditionDocument,
        IndexDocument,
        InformationDocument,
        HomeDocument,
    ],
)
def test_every_fact_has_a_name_of_ours(kind: Any) -> None:
    facts = set(kind.model_fields) - _APART
    if "identifiers" in facts:
        facts = facts - {"identifiers"} | set(kind.model_fields["identifiers"].annotation.model_fields)
    assert facts <= set(_LABELS)


def test_words_of_a_document_are_left_alone(made_up: None) -> None:
    """Only headings of ours, beside sections, are translated."""
    section = redline(None, monograph(section="how_it_works")).sections[1]
    assert (section.heading, section.status) == ("How it works", Status.ADDED)
    assert heading(section) == "How it works"
