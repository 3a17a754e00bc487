"""Tables on public pages, in leaflets, structured data, searches, the API and exports."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from monographs.document.parts import ConditionPart, Table
from monographs.editions.export.verify_export import words_of
from monographs.editions.record.text_facts import linked_keys
from monographs.public.search.text import plain_text_of
from tests.public.pdfs import Pdf
from tests.public.published import key, monograph, publish, sections, soup

pytestmark = pytest.mark.django_db

PATH = "/medicines/testumab/"
OTHER = key()
ROWS = (
    ("1", "0.5 mg", ""),
    ("2 to 7", "2 × 10<sup>8</sup> cells", f'with <a data-page="{OTHER}">milk</a>'),
)
DOSES = Table(caption="How much", header=("Day", "Dose", "How"), row_headers=True, rows=ROWS)


def shown(client: Client, *parts: Any) -> Any:
    publish(monograph(sections=sections(*parts)))
    return soup(client, PATH)


def test_a_table_has_a_caption_and_names_of_rows_and_columns(client: Client) -> None:
    table = shown(client, DOSES).find("table")
    assert table.caption.get_text() == "How much"
    assert [(th.get_text(), th["scope"]) for th in table.thead.find_all("th")] == [
        ("Day", "col"),
        ("Dose", "col"),
        ("How", "col"),
    ]
    assert [th["scope"] for th in table.tbody.find_all("th")] == ["row", "row"]
    assert str(table.tbody.find_all("sup")) == "[<sup>8</sup>]"


def test_each_cell_has_the_name_of_its_column_in_words(client: Client) -> None:
    row = shown(client, DOSES).find("tbody").find_all("tr")[1]
    assert [cell.get_text() for cell in row.find_all(["th", "td"])] == [
        "Day: 2 to 7",
        "Dose: 2 × 108 cells",
        "How: with milk",
    ]


def test_a_table_for_one_condition_is_shown(client: Client) -> None:
    part = ConditionPart(condition=key(), condition_name="Test leukemia", parts=(DOSES,))
    assert shown(client, part).select_one(".for-condition table caption").get_text() == "How much"


def test_a_table_without_names_of_columns_has_no_empty_row(client: Client) -> None:
    table = shown(client, Table(caption="x", row_headers=True, rows=(("Where", "At home"),))).find("table")
    assert table.thead is None
    assert [cell.get_text() for cell in table.find_all(["th", "td"])] == ["Where", "At home"]


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_a_caption_is_text(client: Client, hostile: str) -> None:
    publish(monograph(sections=sections(DOSES.model_copy(update={"caption": hostile}))))
    assert hostile not in client.get(PATH).content.decode()


def test_a_leaflet_has_the_table_with_its_header_cells_tagged(client: Client) -> None:
    publish(monograph(sections=sections(DOSES)))
    for name in ("leaflet.pdf", "leaflet-large.pdf"):
        pdf = Pdf(client.get(PATH + name).content)
        kinds = [kind for kind in pdf.kinds() if kind in {"Table", "THead", "TBody", "TR", "TH", "TD"}]
        row = ["TR", "TD", "TD", "TD"]
        assert kinds == ["Table", "THead", "TR", "TH", "TH", "TH", "TBody", *row, *row]
        assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.metadata


def test_a_long_table_repeats_its_header_and_breaks_long_words(client: Client) -> None:
    words = "Antidisestablishmentarianism https://example.org/a-very-long-address-without-any-space"
    rows = tuple((str(day), f"{day} mg", *[words] * 4) for day in range(40))
    table = Table(caption="x", header=("Day", "Dose", *["More"] * 4), rows=rows)
    publish(monograph(sections=sections(table)))
    pdf = Pdf(client.get(f"{PATH}leaflet-large.pdf").content)
    assert pdf.kinds().count("Table") == 1
    assert pdf.kinds().count("TH") == 6
    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.metadata


def test_structured_data_keeps_cells_and_raised_digits_apart(client: Client) -> None:
    page = shown(client, DOSES)
    data = json.loads(page.find("script", type="application/ld+json").string)
    assert data["about"]["mechanismOfAction"] == [
        "How it works: How much: Day: 1; Dose: 0.5 mg.",
        "How it works: How much: Day: 2 to 7; Dose: 2 × 10⁸ cells; How: with milk.",
    ]


def test_searches_find_the_words_of_cells_row_by_row(client: Client) -> None:
    text = plain_text_of([DOSES])
    assert text == ("How much. Day: 1; Dose: 0.5 mg. Day: 2 to 7; Dose: 2 × 10⁸ cells; How: with milk.")


def test_the_api_gives_header_cells_and_rows(client: Client) -> None:
    publish(monograph(sections=sections(DOSES)))
    document = client.get("/api/v1/monographs/testumab").json()["document"]
    (part,) = [
        part for section in document["sections"] for part in section["parts"] if part["kind"] == "table"
    ]
    assert part == {
        "kind": "table",
        "caption": "How much",
        "header": ["Day", "Dose", "How"],
        "row_headers": True,
        "rows": [list(row) for row in ROWS],
    }
    described = client.get("/api/v1/openapi.json").json()["components"]["schemas"]["TableVersion2"]
    assert set(described["properties"]) == set(part)


def test_a_link_in_a_cell_is_a_link_of_the_document() -> None:
    document = monograph(sections=sections(DOSES))
    assert OTHER in document.linked_keys()
    assert document.linked_keys() == linked_keys(document.model_dump(mode="json"))


def test_the_verifier_looks_for_the_words_of_cells_without_their_tags() -> None:
    found = [words for words, _ in words_of(DOSES.model_dump(mode="json"))]
    assert "2 × 108 cells" in found
    assert not any(re.search("<", words) for words in found)


def test_a_change_of_a_cell_is_shown_to_patients_as_a_table(client: Client) -> None:
    document = monograph(sections=sections(DOSES))
    publish(document)
    changed = DOSES.model_copy(update={"rows": (("1", "5 mg", ""), ROWS[1])})
    publish(document.model_copy(update={"sections": sections(changed), "change_note": "A dose."}))
    page = soup(client, f"{PATH}changes/1/2/")
    cell = page.select_one(".redline-table td.redline__line--changed")
    assert cell.find("del").find(class_="redline__flagged").get_text() == "0.5 mg"
    assert "5 mg" in cell.find("ins").get_text()
    assert [th.get_text(strip=True) for th in page.select(".redline-table th[scope=col]")] == [
        "Day",
        "Dose",
        "How",
    ]
