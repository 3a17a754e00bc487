"""A new medicine from a label: fetched or uploaded, previewed, and made as an empty draft."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from monographs.document import REQUIRED_SECTIONS
from monographs.editions.models import LedgerEntry
from monographs.imports.from_label.label_facts import facts_of
from monographs.label_watch.followed_labels import followed_labels
from monographs.label_watch.models import FollowedLabel, LabelVersion
from monographs.labels import Label, read_label
from monographs.models import DrugClassPage, MonographIndexPage, MonographPage
from tests.factories import make_monograph, make_user
from tests.imports.conftest import count_everything, draft_of
from tests.label_watch.label_service import SET_IDS, LabelSite, label_service, label_xml
from tests.labels.label_sources import PRODUCT, openfda, section, spl

pytestmark = pytest.mark.django_db

CHOICE, DRAFT = "/admin/import/label/", "/admin/import/label/draft/"


@pytest.fixture
def label_site(settings: Any) -> Iterator[LabelSite]:
    """The service that the site asks."""
    with label_service() as site:
        settings.LABEL_SOURCE = "dailymed"
        settings.DAILYMED_URL, settings.OPENFDA_URL = f"{site.address}/dailymed/", f"{site.address}/openfda/"
        site.publish(3)
        yield site


@pytest.fixture
def browser(client: Client, writer: Any) -> Client:
    client.force_login(writer)
    return client


def upload(name: str, data: bytes) -> dict[str, Any]:
    return {"label_file": SimpleUploadedFile(name, data)}


def words_of(response: Any) -> str:
    """What a screen says."""
    return unescape(response.content.decode())


def state_of(html: str) -> str:
    return unescape(re.findall(r'name="state" value="([^"]*)"', html)[0])


def test_a_label_that_was_fetched_becomes_an_empty_draft_that_follows_it(browser, label_site, writer):
    address = f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={SET_IDS[0].upper()}"
    before = (*count_everything(), LedgerEntry.objects.count())
    response = browser.post(CHOICE, {"set_id": address})
    html = words_of(response)
    assert (response.status_code, label_site.paths) == (200, [f"/dailymed/spls/{SET_IDS[0]}.xml"])
    for words in ('value="examplomab"', "Exemplar XR", SET_IDS[0], "BLA123456", "12345-678", "ABCDEFGHIJ"):
        assert words in html
    assert "The label says “intravenous”" not in html
    assert (*count_everything(), LedgerEntry.objects.count()) == before
    sent: dict[str, Any] = {
        "state": state_of(html),
        "name": "examplomab",
        "brands": "Exemplar",
        "unii": "ABCDEFGHIJ",
    }
    sent["routes"] = ["intravenous_infusion"]
    made = browser.post(DRAFT, {**sent, "create": "1"})
    page = draft_of("examplomab")
    assert (made.status_code, made["Location"]) == (302, f"/admin/pages/{page.pk}/edit/")
    assert (page.brand_names, page.routes, page.unii) == (
        ["Exemplar"],
        ["intravenous_infusion"],
        "ABCDEFGHIJ",
    )
    assert (page.label_set_id, page.label_version, page.live, page.owner) == (SET_IDS[0], "3", False, writer)
    assert [child.block_type for child in page.sections] == [each.value for each in REQUIRED_SECTIONS]
    document = page.to_document()
    assert document.sections == ()
    [source] = document.sources
    assert (SET_IDS[0] in source.title, "version 3" in source.title) == (True, True)
    stored = LabelVersion.objects.get()
    assert (stored.set_id, stored.version, bytes(stored.data)) == (SET_IDS[0], 3, label_xml(3))
    assert followed_labels() == {SET_IDS[0]: {page.translation_key}}
    again = browser.post(DRAFT, {**sent, "create": "1"})
    assert (again.status_code, FollowedLabel.objects.count()) == (400, 1)
    assert "has the name “examplomab” already" in unescape(again.content.decode())


def test_an_uploaded_result_of_openfda_fills_in_class_and_rxnorm_numbers(browser, site):
    classes = MonographIndexPage.objects.get(collection="classes")
    drug_class = classes.add_child(instance=DrugClassPage(title="Kinase inhibitors"))
    facts = {
        "brand_name": ["EXEMPLAR"], "generic_name": ["EXAMPLINIB MESYLATE"], "route": ["ORAL", "NASAL"],
        "pharm_class_epc": ["Example Kinase Inhibitor [EPC]"], "rxcui": ["77", "78"],
    }  # fmt: skip
    label = openfda(facts=facts, contraindications="None.")
    found = facts_of(label)
    assert (found.name, found.brands, found.routes) == ("examplinib", ["Exemplar"], ["oral"])
    assert (found.drug_class, found.rxcui) == (drug_class, ["77", "78"])
    assert [
        note for note in found.notes if "nasal" in note or "mesylate" in note or "Kinase" in note
    ] == list(found.notes)
    assert len(found.notes) == 3
    said = facts_of(openfda(indications_and_usage="Exemplar is a kinase inhibitor indicated for pain."))
    assert said.drug_class == drug_class
    assert facts_of(openfda(indications_and_usage="It is for pain.")).drug_class is None


@pytest.mark.parametrize(
    ("dose", "routes"),
    [
        ("Infuse over 2 hours.", ["intravenous_infusion"]),
        ("Give as an intravenous bolus.", ["intravenous_injection"]),
        ("Give it.", []),
    ],
)
def test_intravenous_is_an_infusion_or_an_injection_as_the_doses_say(site, dose, routes):
    text = spl(section("34068-7", "Dosage", f"<paragraph>{dose}</paragraph>"), product=PRODUCT)
    found = facts_of(read_label(text.replace(b"{application}", b"BLA1")))
    assert (found.routes, any("intravenous" in note for note in found.notes)) == (routes, not routes)


def test_names_that_are_taken_and_pages_of_the_label_are_said(browser, label_site, writer):
    taken = make_monograph("examplomab", by=writer)
    other = make_monograph("otherumab", by=writer, label_set_id=SET_IDS[0])
    html = unescape(browser.post(CHOICE, {"set_id": SET_IDS[0]}).content.decode())
    assert "“examplomab” has the name “examplomab” already" in html
    assert f"/admin/pages/{other.pk}/edit/" in html
    fields = {"state": state_of(html), "name": "examplomab vedotin", "brands": ""}
    shown = unescape(browser.post(DRAFT, {**fields, "check": "1"}).content.decode())
    assert f"/admin/pages/{taken.pk}/edit/" in shown
    assert "has a similar name" in shown
    assert browser.post(DRAFT, {**fields, "create": "1"}).status_code == 302
    assert MonographPage.objects.filter(title="examplomab vedotin").exists()


ANIMAL = spl(section("34067-9", "Use", ""), kind=("50578-4", "PRESCRIPTION ANIMAL DRUG LABEL"))
DEVICE = spl(section("34067-9", "Use", ""), kind=("55439-4", "MEDICAL DEVICE"))
PATH = f"/dailymed/spls/{SET_IDS[0]}.xml"


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ((404, b"<html>"), "DailyMed has no label with the set id"),
        ((500, b""), "DailyMed cannot be reached"),
        ((429, b""), "asks us to wait"),
        ((200, b"<!doctype html><html>"), "web page, not a label"),
        ((200, ANIMAL), "a medicine for animals"),
        ((200, DEVICE), "label of a device"),
        ((200, label_xml(3, set_id=SET_IDS[1])), "sent another label"),
    ],
)  # fmt: skip
def test_why_no_label_came_is_said(browser, label_site, fault, message):
    label_site.faults[PATH] = (fault[0], {}, fault[1])
    response = browser.post(CHOICE, {"set_id": SET_IDS[0]})
    assert (response.status_code, message in words_of(response)) == (400, True)
    assert label_site.paths == [PATH]  # asked once


def test_a_service_that_is_away_or_none_leads_to_the_file(browser, settings):
    settings.LABEL_SOURCE, settings.DAILYMED_URL = "dailymed", "http://127.0.0.1:9/"
    assert "or save the label’s file" in unescape(
        browser.post(CHOICE, {"set_id": SET_IDS[0]}).content.decode()
    )
    settings.LABEL_SOURCE = "none"
    assert "choose the label’s file" in unescape(
        browser.post(CHOICE, {"set_id": SET_IDS[0]}).content.decode()
    )


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "one of the two"),
        ({"set_id": "Blincyto"}, "is no set id"),
        (
            upload("animal.xml", ANIMAL),
            "animal.xml cannot be used: this is the label of a medicine",
        ),
        (upload("device.xml", DEVICE), "label of a device"),
        (upload("text.txt", b"Some words."), "neither SPL XML nor JSON"),
        (upload("two.json", json.dumps({"results": [{}, {}]}).encode()), "several labels"),
    ],
    ids=["nothing", "a name", "animal", "device", "text", "two labels"],
)
def test_what_is_no_label_is_refused_with_the_reason(browser, sent, message):
    response = browser.post(CHOICE, sent)
    assert (response.status_code, message in words_of(response)) == (400, True)


def test_another_users_preview_and_one_that_was_changed_are_refused(browser, label_site):
    state = state_of(browser.post(CHOICE, {"set_id": SET_IDS[0]}).content.decode())
    assert browser.post(DRAFT, {"state": state + "x", "name": "a", "create": "1"}).status_code == 400
    browser.force_login(make_user("other", "Medical writers"))
    assert browser.post(DRAFT, {"state": state, "name": "a", "create": "1"}).status_code == 400
    assert not MonographPage.objects.exists()


def test_only_those_who_may_add_medicines_start_from_a_label(client, reviewer, writer):
    client.force_login(reviewer)
    assert client.get(CHOICE).status_code in (302, 403)
    assert CHOICE not in client.get("/admin/labels/").content.decode()
    client.force_login(writer)
    assert CHOICE in client.get("/admin/labels/").content.decode()
    assert CHOICE in client.get("/admin/import/").content.decode()


def test_a_label_of_several_ingredients_leaves_the_unii_to_the_writer(site):
    label = Label(SET_IDS[0], 1, openfda(contraindications="None.").source_format, uniis=("A", "B"))
    found = facts_of(label)
    assert (found.unii, found.name, DrugClassPage.objects.count()) == ("", "", 0)
    assert any("A, B" in note for note in found.notes)
