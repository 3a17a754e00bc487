"""“Fetch this label now”: a writer's draft names a label of which nothing is stored yet."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from monographs.label_watch.followed_labels import followed_labels
from monographs.label_watch.label_knowledge import begin_round
from monographs.label_watch.models import FollowedLabel, LabelCheck, LabelVersion, UpdateTask
from monographs.models import MonographPage
from monographs.review.editor import label_reference
from monographs.review.labels_of_pages.draft_labels import draft_labels
from tests.conftest import as_user
from tests.factories import edit, make_monograph, make_user, publish
from tests.label_watch.label_service import SET_IDS, LabelSite, label_service, label_xml
from tests.labels.label_sources import spl
from tests.review.test_label_reference import ask

pytestmark = pytest.mark.django_db
ONE = SET_IDS[0]
PATH = f"/dailymed/spls/{ONE}.xml"


@pytest.fixture
def site(settings: Any) -> Iterator[LabelSite]:
    with label_service() as site:
        settings.LABEL_SOURCE, settings.DAILYMED_URL = "dailymed", f"{site.address}/dailymed/"
        site.publish(3)
        yield site


@pytest.fixture
def page(writer: Any) -> MonographPage:
    page = make_monograph(by=writer)
    edit(page, writer, label_set_id=ONE.upper())
    return page


def fetch(user: Any, page: MonographPage) -> Any:
    return as_user(user).post(reverse("review:editor:label_fetch", args=[page.pk]))


def test_the_label_that_a_draft_names_is_fetched_and_beside_its_sections(
    site: LabelSite, page: MonographPage, writer: Any
) -> None:
    address = ask(writer, page, "boxed_warning").json()["fetch"]
    assert address == reverse("review:editor:label_fetch", args=[page.pk])
    answer = fetch(writer, page)
    assert (answer.status_code, site.paths) == (200, [PATH])
    assert answer.json()["message"] == "Version 3 of the label is stored."
    shown = ask(writer, page, "boxed_warning").json()
    assert ("Fever can be fatal." in shown["html"], shown["fetch"]) == (True, "")
    assert LabelCheck.objects.filter(checked_at__isnull=False).count() == 0, "that is what a check does"
    assert fetch(writer, page).json()["message"] == "The label is stored already."
    assert site.paths == [PATH], "nobody is asked again"


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ((500, {}, b""), "DailyMed cannot be reached"),
        ((429, {"Retry-After": "900"}, b""), "DailyMed asks us to wait"),
        ((404, {}, b"<html>"), "DailyMed has no label with the set id"),
        ((200, {}, b"<html><body>Busy</body></html>"), "DailyMed: "),
        ((200, {}, label_xml(3, set_id=SET_IDS[1])), "sent another label"),
        (
            (200, {}, spl(version="3", set_id=ONE, kind=("50578-4", "PRESCRIPTION ANIMAL DRUG LABEL"))),
            "animal",
        ),
    ],
    ids=["away", "busy", "unknown", "html", "other", "animals"],
)
def test_what_went_wrong_is_said_and_nothing_is_stored(
    site: LabelSite, page: MonographPage, writer: Any, fault: Any, said: str
) -> None:
    site.faults[PATH] = fault
    answer = fetch(writer, page)
    assert answer.status_code == 409
    assert said in answer.json()["message"]
    assert "choose" not in answer.json()["message"], "there is no field for a file"
    assert LabelVersion.objects.count() == 0


def test_each_label_that_is_missing_is_asked_for_and_reported(
    site: LabelSite, page: MonographPage, writer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    two, three = SET_IDS[1:3]
    for set_id in (two, three):
        FollowedLabel.objects.create(key=page.translation_key, set_id=set_id)
    site.publish(5, set_id=two)
    site.faults[PATH] = (404, {}, b"<html>")
    answer = fetch(writer, page)
    first, second, third = answer.json()["message"].split("\n")
    assert answer.status_code == 200
    assert first.startswith(f"{ONE}: DailyMed has no label with the set id")
    assert second == f"{two}: Version 5 of the label is stored."
    assert third.startswith(f"{three}: DailyMed has no label")
    assert list(LabelVersion.objects.values_list("set_id", flat=True)) == [two]
    again = fetch(writer, page)
    assert (again.status_code, len(again.json()["message"].split("\n"))) == (409, 2)

    asked = len(site.paths)
    assert label_reference.FETCH_SECONDS == 10
    monkeypatch.setattr(label_reference, "FETCH_SECONDS", 0)
    late = fetch(writer, page).json()["message"]
    assert len(site.paths) == asked + 1, "the worker is not held up for all of them"
    assert f"{three}: Not asked for yet" in late


def test_without_a_network_or_a_service_it_says_so(
    site: LabelSite, page: MonographPage, writer: Any, settings: Any
) -> None:
    settings.DAILYMED_URL = "http://127.0.0.1:9/dailymed/"
    assert "DailyMed cannot be reached" in fetch(writer, page).json()["message"]
    settings.LABEL_SOURCE = "none"
    assert "This site asks no service for labels" in fetch(writer, page).json()["message"]


def test_only_who_may_edit_the_page_and_only_its_own_labels(
    site: LabelSite, page: MonographPage, writer: Any, client: Client
) -> None:
    address = reverse("review:editor:label_fetch", args=[page.pk])
    assert client.post(address).status_code == 302
    assert fetch(make_user("reader"), page).status_code in (302, 403)
    assert as_user(writer).get(address).status_code == 405
    assert Client(enforce_csrf_checks=True).post(address).status_code in (302, 403)
    edit(page, writer, label_set_id="https://127.0.0.1/x")
    assert fetch(writer, page).json()["message"] == "The label is stored already."
    assert site.paths == []


def test_a_draft_is_asked_for_by_the_next_check_and_no_longer_when_it_names_another(
    page: MonographPage, writer: Any, reviewer: Any
) -> None:
    assert followed_labels() == {ONE: {page.translation_key}}
    assert begin_round() == [ONE]
    edit(page, writer, label_set_id=SET_IDS[1])
    assert begin_round() == [SET_IDS[1]]
    publish(page, writer, reviewer)
    assert draft_labels() == []
    assert begin_round() == [SET_IDS[1]], "the edition names it"
    edit(page, writer, label_set_id="no set id")
    assert followed_labels() == {SET_IDS[1]: {page.translation_key}}


def test_pages_that_patients_read_have_their_task_at_once(
    site: LabelSite, page: MonographPage, writer: Any, reviewer: Any
) -> None:
    edit(page, writer, label_version="2")
    publish(page, writer, reviewer)
    fetch(writer, page)
    assert UpdateTask.objects.get().to_version == 3
