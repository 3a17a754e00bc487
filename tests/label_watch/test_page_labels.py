"""The labels of one page: an editor lets it follow others, with a reason, and ends that."""

import json
import uuid
from typing import Any

import pytest
from django.urls import reverse

from monographs.editions.models import LedgerEntry
from monographs.label_watch.label_checks import check_service
from monographs.label_watch.label_knowledge import begin_round
from monographs.label_watch.label_services import DailyMed
from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.label_watch.models import FollowedLabel, LabelCheck, UpdateTask
from monographs.label_watch.polite_http import HttpLimits, PoliteHttp
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import FollowLabel, UnfollowLabel
from tests.conftest import as_user
from tests.factories import edit, make_monograph, publish
from tests.label_watch.label_service import SET_IDS, label_service, label_xml
from tests.label_watch.test_label_tasks import GRAVE, store
from tests.label_watch.test_task_views import text_of

pytestmark = pytest.mark.django_db

ONE, TWO = SET_IDS[:2]


@pytest.fixture
def page(published_medicine: MonographPage, writer: Any, reviewer: Any) -> MonographPage:
    """A page whose edition names a label."""
    page = published_medicine.get_latest_revision_as_object()
    edit(page, writer, label_set_id=ONE, label_version="3")
    publish(page, writer, reviewer)
    return page


def followed(page: Any) -> list[str]:
    return list(FollowedLabel.objects.filter(key=page.translation_key).values_list("set_id", flat=True))


def test_an_editor_lets_a_page_follow_another_label_and_ends_it(page: MonographPage, editor: Any) -> None:
    key, client = page.translation_key, as_user(editor)
    follow = reverse("labels:follow", args=[key])
    assert client.get(follow).url == reverse("labels:page", args=[key])
    response = client.post(follow, {"set_id": f" {TWO.upper()} ", "reason": "The brand's label."})
    assert (response.status_code, followed(page)) == (302, [TWO])
    assert LabelCheck.objects.get().set_id == TWO
    shown = text_of(client.get(response.url))
    assert "Edition 2 names it and rests on version 3." in shown
    assert "The brand's label. (Editor Tester" in shown.replace("&#x27;", "'")
    unfollow = reverse("labels:unfollow", args=[key, TWO])
    assert client.post(unfollow, {"reason": ""}).status_code == 400
    assert client.post(unfollow, {"reason": "It is the same."}).status_code == 302
    assert followed(page) == []
    entries = LedgerEntry.objects.filter(event__in=["label_followed", "label_unfollowed"]).order_by("seq")
    assert [(entry.subject, json.loads(entry.body)["data"]["reason"]) for entry in entries] == [
        (str(key), "The brand's label."),
        (str(key), "It is the same."),
    ]
    record = text_of(client.get(reverse("review:record", args=[key]))).replace("&#x27;", "'")
    assert "Editor Tester let the page follow another label" in record
    assert client.post(unfollow, {"reason": "Again."}).status_code == 403


@pytest.mark.parametrize(
    ("set_id", "reason", "said"),
    [
        ("label 7", "Why not.", "A set id has 32 digits"),
        (f"{TWO}0", "Why not.", "A set id has 32 digits"),
        (TWO, "  ", "This field is required"),
        (ONE.upper(), "Why not.", "follows this label already"),
        (SET_IDS[2], "Why not.", "follows this label already"),
    ],
)
def test_a_set_id_is_refused_beside_its_field(
    set_id: str, reason: str, said: str, page: MonographPage, editor: Any
) -> None:
    FollowedLabel.objects.create(key=page.translation_key, set_id=SET_IDS[2])
    address = reverse("labels:follow", args=[page.translation_key])
    response = as_user(editor).post(address, {"set_id": set_id, "reason": reason})
    assert response.status_code in (400, 403)
    assert said in text_of(response)
    assert followed(page) == [SET_IDS[2]]


def test_only_editors_choose(page: MonographPage, writer: Any, reviewer: Any) -> None:
    key = page.translation_key
    for user in (writer, reviewer):
        shown = text_of(as_user(user).get(reverse("labels:page", args=[key])))
        assert "Only editors choose which other labels a page follows" in shown
        for action in (FollowLabel, UnfollowLabel):
            with pytest.raises(PolicyError) as error:
                action(user, key, TWO, reason="I like it.").execute()
            assert error.value.rule is Rule.NOT_AN_EDITOR
    assert followed(page) == []


def test_a_label_that_is_followed_no_longer_closes_its_task(page: MonographPage, editor: Any) -> None:
    FollowLabel(editor, page.translation_key, TWO, reason="The brand.").execute()
    for version, box in ((3, "Fever."), (4, GRAVE)):
        store(version, box, TWO)
    refresh_label_tasks()
    (task,) = UpdateTask.objects.filter(set_id=TWO)
    assert task.closed_at is None
    UnfollowLabel(editor, page.translation_key, TWO, reason="Not the brand.").execute()
    task.refresh_from_db()
    assert task.outcome == "not_followed"


def test_the_label_of_an_animal_medicine_is_refused_once_it_is_fetched(
    page: MonographPage, editor: Any
) -> None:
    FollowLabel(editor, page.translation_key, TWO, reason="The brand.").execute()
    animal = label_xml(1, set_id=TWO).replace(b"34391-3", b"0").replace(b"HUMAN PRESCRIPTION", b"ANIMAL")
    with label_service() as site:
        site.publish(1, animal, set_id=TWO)
        site.publish(3, set_id=ONE)
        service = DailyMed(PoliteHttp(f"{site.address}/dailymed/", "tests", HttpLimits(pause=0)))
        assert [line.failed for line in check_service(service, begin_round())] == [False, True]
    shown = text_of(as_user(editor).get(reverse("labels:page", args=[page.translation_key])))
    assert "animal" in shown
    assert "If it is not the label of a medicine for people" in shown


def test_pages_without_labels_or_that_are_no_medicines(site: Any, writer: Any, medicines: Any) -> None:
    client = as_user(writer)
    draft = make_monograph("draftumab", by=writer)
    shown = text_of(client.get(reverse("labels:page", args=[draft.translation_key])))
    assert "This page follows no label" in shown
    for key in (uuid.uuid4(), medicines.translation_key):
        assert client.get(reverse("labels:page", args=[key])).status_code == 404
