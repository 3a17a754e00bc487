"""Leaflets: content, reading order, accessibility and headers."""

from datetime import date
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image

from monographs.document.canonical import sha256_hex
from monographs.document.parts import (
    Advice,
    Companion,
    ConditionPart,
    DoDont,
    Effect,
    Effects,
    Figure,
    Urgency,
)
from monographs.public.body_cache import bodies
from tests.public.pdfs import Pdf
from tests.public.published import (
    SHARED_FOR_SECONDS,
    home,
    key,
    monograph,
    publish,
    sections,
    soup,
    text,
    withdraw,
)

PATH = "/medicines/testumab/"
LEAFLETS = ["leaflet.pdf", "leaflet-large.pdf"]
NOW = Urgency.CALL_911


def rich(*more: Any) -> tuple[Any, ...]:
    """Return sections with every kind of part."""
    return sections(
        text("<h4>A small heading first</h4><p>Words<br>and <strong>strong</strong> ones.</p>"),
        text("<ul><li>One<ul><li>Within</li></ul></li></ul><ol><li><p>First</p></li></ol>loose words"),
        Advice(urgency=NOW, urgency_label=NOW.label, html="<p>If you faint. 10 mg is too much.</p>"),
        DoDont(do=("Eat.",), dont=("Run.",)),
        ConditionPart(condition=key(), condition_name="Test leukemia", parts=(text("Only then."),)),
        *more,
        companions=(Companion(name="water", why="You are thirsty."),),
    )


def leaflet(client: Client, path: str = f"{PATH}leaflet.pdf") -> Pdf:
    return Pdf(client.get(path).content)


@pytest.mark.parametrize("name", LEAFLETS)
def test_a_leaflet_takes_one_query_and_is_not_sent_again(
    client: Client, django_assert_num_queries: Any, name: str
) -> None:
    edition = publish(monograph(sections=rich()))
    with django_assert_num_queries(1):
        response = client.get(PATH + name)
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Edition"] == "testumab/1"
    assert response["ETag"].startswith(f'"{edition.sha256}-')
    assert response["Link"].endswith('/medicines/testumab/>; rel="canonical"')
    assert response["Cache-Control"] == SHARED_FOR_SECONDS
    with django_assert_num_queries(1):
        again = client.get(PATH + name, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", LEAFLETS)
def test_the_same_edition_is_the_same_bytes(client: Client, name: str) -> None:
    publish(monograph(sections=rich()))
    once = client.get(PATH + name).content
    bodies.clear()
    assert client.get(PATH + name).content == once


def test_the_two_prints_have_tags_of_their_own(client: Client) -> None:
    publish(monograph())
    assert len({client.get(PATH + name)["ETag"] for name in LEAFLETS}) == len(LEAFLETS)


def test_it_says_that_it_is_accessible_what_it_is_called_and_in_which_language(client: Client) -> None:
    edition = publish(monograph(sections=rich()))
    publish(home())
    pdf = leaflet(client)
    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.metadata
    assert ">testumab: leaflet<" in pdf.metadata
    assert ">Example Foundation<" in pdf.metadata
    assert f"<xmp:CreateDate>{edition.effective_at:%Y-%m-%dT%H:%M:%S}" in pdf.metadata
    assert "/Lang(en)" in pdf.catalog
    assert "/MarkInfo<</Marked true" in pdf.catalog
    assert "/DisplayDocTitle true" in pdf.catalog


@pytest.mark.parametrize("name", LEAFLETS)
def test_headings_are_read_in_the_order_of_the_page(client: Client, name: str) -> None:
    publish(monograph(sections=rich()))
    pdf = leaflet(client, PATH + name)
    page = [
        " ".join(h.get_text().split())
        for h in soup(client, PATH).select("main h1, main h2, main h3, main h4")
    ]
    card = ["testumab", "Call 911 now"]
    assert pdf.headings()[:2] == card
    following = iter(pdf.headings()[2:])
    assert all(heading in following for heading in page if heading not in (*card, "Contents"))
    # Urgency, lists and effects are headings; out of their place some would say too little for the outline
    inner = ["Do", "Do not", "Only for: Test leukemia", "Fever", "Seizure", "Common: up to 1 in 10 people"]
    assert {"Call 911 now", *inner} <= {*pdf.headings()}
    assert sorted(pdf.outline()) == sorted(each for each in pdf.headings() if each not in inner)
    levels = [int(kind[1]) for kind in pdf.kinds() if kind[0] == "H" and kind[1:].isdigit()]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_lists_links_and_figures_are_tagged(client: Client) -> None:
    publish(monograph(sections=rich()))
    kinds = leaflet(client).kinds()
    assert {"Document", "P", "L", "LI", "LBody", "Link", "Figure", "Strong"} <= set(kinds)
    assert kinds.count("LI") == kinds.count("LBody")


def test_a_code_leads_to_the_current_edition(client: Client, settings: Any) -> None:
    settings.BASE_URL = "https://medicines.example.org"
    document = monograph()
    publish(document)
    publish(document.model_copy(update={"summary": "Better."}))
    for path in (PATH, f"{PATH}editions/1/"):
        pdf = leaflet(client, f"{path}leaflet.pdf")
        alts = [element.alt for element in pdf.elements if element.kind == "Figure"]
        assert alts == [
            "QR code with the address of the newest edition: https://medicines.example.org/medicines/testumab/"
        ]
        assert b"/URI(https://medicines.example.org/medicines/testumab/)" in pdf.content


def test_large_print_has_no_line_below_18_points(client: Client) -> None:
    publish(monograph(sections=rich(), pronunciation="TES-too-mab", demonstration=True))
    assert min(leaflet(client, f"{PATH}leaflet-large.pdf").sizes()) >= 18
    assert min(leaflet(client).sizes()) >= 9


def test_an_old_edition_has_a_leaflet_that_is_not_the_current_one(client: Client) -> None:
    document = monograph()
    publish(document)
    before = client.get(f"{PATH}leaflet.pdf")
    publish(document.model_copy(update={"change_note": "Again."}))
    old = client.get(f"{PATH}editions/1/leaflet.pdf")
    assert (old["X-Edition"], old["X-Robots-Tag"]) == ("testumab/1", "noindex")
    assert old["ETag"] != before["ETag"], "the leaflet of the old edition now says that it was replaced"
    assert client.get(f"{PATH}leaflet.pdf")["X-Edition"] == "testumab/2"
    assert client.get(f"{PATH}editions/3/leaflet.pdf").status_code == 404


@pytest.mark.parametrize("name", LEAFLETS)
def test_a_text_brought_back_on_the_same_day_has_a_leaflet_of_its_own(client: Client, name: str) -> None:
    document = monograph()
    publish(document)
    publish(document.model_copy(update={"summary": "A mistake."}))
    publish(document, restores=1)
    old, new = client.get(f"{PATH}editions/1/{name}"), client.get(f"{PATH}{name}")
    assert (old["X-Edition"], new["X-Edition"]) == ("testumab/1", "testumab/3")
    assert old["ETag"] != new["ETag"]
    assert old.content != new.content
    assert client.get(f"{PATH}editions/1/{name}").content == old.content


REPLACED = [
    "This is an old edition.",
    "Edition 1 was replaced by edition 2. Do not rely on it. Read the newest one.",
]


def test_it_says_when_it_was_replaced_or_is_overdue(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    document = monograph()
    publish(document)
    found = notices(client, monkeypatch, PATH)
    assert found == []
    monkeypatch.setattr("monographs.public.queries.today", lambda: date(2099, 1, 1))
    [[overdue]] = notices(client, monkeypatch, PATH)
    assert overdue[0] == "The review of this text is overdue."
    publish(document.model_copy(update={"summary": "Better."}))
    assert notices(client, monkeypatch, f"{PATH}editions/1/") == [[REPLACED]]


def test_it_says_that_an_edition_after_it_was_withdrawn(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = monograph()
    publish(document)
    withdraw(publish(document.model_copy(update={"summary": "A mistake."})))
    publish(document.model_copy(update={"summary": "Better."}))
    [[(title, why), replaced]] = notices(client, monkeypatch, f"{PATH}editions/1/")
    assert title == "This edition may be wrong as well."
    assert replaced[0] == "This is an old edition."
    assert why.startswith("Edition 2, which came after it, was withdrawn: We found a mistake on this page")


def notices(client: Client, monkeypatch: pytest.MonkeyPatch, path: str) -> list[list[list[str]]]:
    """Return the facts of each notice at the top of a leaflet, as passed to Typst."""
    seen: list[dict[str, Any]] = []
    from monographs.public.leaflet_pdf import renderer  # noqa: PLC0415

    def typeset(source: Any, data: Any, *rest: Any, **more: Any) -> bytes:
        seen.append(data)
        return b"%PDF"

    monkeypatch.setattr(renderer, "typeset", typeset)
    client.get(f"{path}leaflet.pdf")
    return seen[0]["notices"]


@pytest.mark.parametrize("name", LEAFLETS)
def test_withdrawn_missing_and_moved_pages_answer_as_the_page_does(client: Client, name: str) -> None:
    document = monograph()
    publish(document)
    moved = publish(document.model_copy(update={"slug": "newumab"}))
    assert client.get(PATH + name)["Location"] == f"/medicines/newumab/{name}"
    old = client.get(f"{PATH}editions/1/{name}")
    assert old["Location"] == f"/medicines/newumab/editions/1/{name}"
    assert client.get(f"/medicines/nothing/{name}").status_code == 404
    withdraw(moved)
    gone = client.get(f"/medicines/newumab/{name}")
    assert gone.status_code == 410
    assert gone["Content-Type"].startswith("text/html")


def stored_figure(storage: Any, kind: str) -> Figure:
    """Store a tall picture, and return its figure."""
    out = BytesIO()
    Image.new("RGB", (1200, 2400), "teal").save(out, kind)
    sha256 = sha256_hex(out.getvalue())
    figure = Figure(
        sha256=sha256, media_type=f"image/{kind}", width=1200, height=2400, alt="A pump", caption="The pump."
    )
    storage.save(figure.file_name, ContentFile(out.getvalue()))
    return figure


@pytest.mark.parametrize("kind", ["png", "avif"])
def test_a_figure_is_shown_with_its_alternative_text(client: Client, figure_storage: Any, kind: str) -> None:
    publish(monograph(sections=rich(stored_figure(figure_storage, kind))))
    pdf = leaflet(client)
    assert "A pump" in [element.alt for element in pdf.elements if element.kind == "Figure"]
    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.metadata


def test_a_leaflet_without_its_figure_is_not_given_out(client: Client, figure_storage: Any) -> None:
    figure = stored_figure(figure_storage, "png")
    publish(monograph(sections=rich(figure)))
    content = figure_storage.open(figure.file_name).read()
    figure_storage.delete(figure.file_name)
    response = client.get(f"{PATH}leaflet.pdf")
    assert response.status_code == 404
    assert "ETag" not in response
    figure_storage.save(figure.file_name, ContentFile(content))
    assert client.get(f"{PATH}leaflet.pdf").status_code == 200


def test_text_is_never_markup(client: Client) -> None:
    evil = '#panic("x") $x$ *a* _b_ [c] \\ @d <e> // f `g` " \u2028 =h'
    odd = Effect(name=evil, explanation=f"{evil}\n{evil}", what_to_do=evil)
    publish(
        monograph(
            title=evil,
            slug="testumab",
            brand_names=(evil,),
            summary=evil,
            pronunciation=evil,
            change_note=evil,
            sections=sections(
                DoDont(do=(evil,)),
                Effects(group="common", items=(odd,)),
                text('<p>#panic("x") &lt;e&gt; *a*</p>'),
                companions=(Companion(name=evil, why=evil),),
            ),
        )
    )
    pdf = leaflet(client)
    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.metadata
    assert pdf.headings()[0].startswith('#panic("x") $x$ *a* _b_')


def test_a_letter_without_a_font_still_leaves_a_leaflet(client: Client) -> None:
    publish(monograph(summary="\u4e2d\u6587"))
    response = client.get(f"{PATH}leaflet.pdf")
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF")


def test_a_part_longer_than_a_page_is_not_cut_off(client: Client) -> None:
    long = "<ul>" + "<li>Call us if this happens.</li>" * 120 + "</ul>"
    publish(monograph(sections=rich(Advice(urgency=NOW, urgency_label=NOW.label, html=long))))
    pages = leaflet(client, f"{PATH}leaflet-large.pdf")
    assert pages.kinds().count("LI") > 120
    assert pages.content.count(b"/Type/Page/") >= 5


@pytest.mark.parametrize("items", [1, 120])
@pytest.mark.parametrize("name", LEAFLETS)
def test_its_pages_are_numbered_whatever_the_length_of_the_card(
    client: Client, name: str, items: int, caplog: pytest.LogCaptureFixture
) -> None:
    html = "<ul>" + "<li>Call us if this happens.</li>" * items + "</ul>"
    publish(monograph(sections=sections(Advice(urgency=NOW, urgency_label=NOW.label, html=html))))
    assert client.get(f"{PATH}{name}").status_code == 200
    assert caplog.messages == []
