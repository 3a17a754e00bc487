"""The labels of a redline are translated, and the text of documents is not."""

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
from monographs.presentation.labels import section_heading
from monographs.presentation.redline_pdf import Cover, _data
from monographs.redline import Redline, Status, redline
from monographs.redline.comparison import _NOT_FACTS
from monographs.redline.metadata import _LABELS
from tests.pseudo_locale import OPEN, fixed_words, strings
from tests.redline.edits import EDITS
from tests.redline.notation import monograph


def compared(name: str) -> tuple[Redline, set[str]]:
    """The redline of an edit of the table, and every string of its documents."""
    old, new, _, _ = EDITS[name]
    texts = [monograph(html=each) if isinstance(each, str) else each for each in (old, new)]
    return redline(*texts), {words for each in texts for words in strings(each.model_dump(mode="json"))}


@pytest.mark.parametrize("template", ["redline/section.html", "redline/section_side.html"])
@pytest.mark.parametrize("name", EDITS)
def test_labels_in_html_are_translated(made_up: None, name: str, template: str) -> None:
    found, texts = compared(name)
    for section in found.changed:
        page = BeautifulSoup(render_to_string(template, {"section": section}), "html.parser")
        labels = page.select("[data-not-text]")
        assert labels, "no labels found"
        for each in labels:
            assert not fixed_words(each.get_text(" "), texts)
        for titled in page.select("[title], [alt]"):
            assert OPEN in (titled.get("title") or titled["alt"])


@pytest.mark.parametrize("name", EDITS)
def test_labels_in_the_pdf_are_translated(made_up: None, name: str) -> None:
    found, texts = compared(name)
    cover = Cover("", "en", "", ())
    for section in _data(found, cover, {}, {})["sections"]:
        labels = [section["status"], *section["flags"]]
        items = section["items"]
        cells = [cell for item in items for row in item.get("rows", ()) for cell in row if cell]
        for line in [*cells, *(item for item in items if "rows" not in item)]:
            labels += [line[part] for part in ("place", "label", "move", "context_change")] + line["flags"]
            labels += [run["note"] for run in line["runs"]]
        for words in labels:
            assert not fixed_words(words, texts)


def test_the_value_of_a_boolean_field_is_translated(made_up: None) -> None:
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
def test_every_field_has_a_label(kind: Any) -> None:
    facts = set(kind.model_fields) - _NOT_FACTS
    if "identifiers" in facts:
        facts = facts - {"identifiers"} | set(kind.model_fields["identifiers"].annotation.model_fields)
    assert facts <= set(_LABELS)


def test_the_text_of_a_document_is_not_translated(made_up: None) -> None:
    """Only the headings of the other parts of a page are translated."""
    section = redline(None, monograph(section="how_it_works")).sections[1]
    assert (section.heading, section.status) == ("How it works", Status.ADDED)
    assert section_heading(section) == "How it works"
