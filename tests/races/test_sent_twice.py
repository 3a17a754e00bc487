"""A form that a double click sends twice makes what it makes once."""

from concurrent.futures import Future
from typing import Any

import pytest
from django.urls import reverse

from monographs.core.db_clock import database_today
from monographs.editions.models import ConflictOfInterest
from monographs.review.models import Absence, ReviewBundle, Submission
from monographs.review.submission_state.bundle_progress import members_of_bundle
from tests.conftest import as_user
from tests.factories import make_monograph, publish, set_parts, submit, text
from tests.races.connections import SECONDS, elsewhere

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ["alphamab", "betamab", "gammamab"]


def sent_twice(user: Any, address: str, form: dict[str, Any]) -> list[Any]:
    """Post ``form`` on two connections at once; return both answers."""
    with elsewhere() as run:
        posted: list[Future[Any]] = [run(as_user(user).post, address, form) for _ in range(2)]
        return [answer.result(SECONDS) for answer in posted]


def test_drafts_become_one_bundle(editor: Any, writer: Any, reviewer: Any) -> None:
    for name in NAMES:
        page = make_monograph(name, by=writer)
        set_parts(page, writer, "how_it_works", [text("Tell your care team.")])
        publish(page, writer, reviewer)
    address = reverse("bundles:replace")
    found = as_user(editor).get(address, {"words": "care team"}).context["result"].possible
    form = {
        "words": "care team",
        "new_words": "treatment team",
        "change_note": "Another word.",
        "reason": "It is the word that people use.",
        "review_kind": "correction",
        "hit": [value for page in found for value, _ in page.choices],
    }
    answers = sent_twice(editor, address, form)
    (bundle,) = ReviewBundle.objects.all()
    assert [each.title for each in members_of_bundle(bundle)] == NAMES
    for answer in answers:
        assert [outcome.title for outcome in answer.context["done"]] == NAMES
        assert answer.context["refused"] == []


def test_texts_become_one_bundle(editor: Any, writer: Any) -> None:
    texts = [submit(make_monograph(name, by=writer), writer) for name in NAMES]
    form = {"title": "Renaming", "text": [each.pk for each in texts[:2]]}
    answers = sent_twice(editor, reverse("bundles:list"), form)
    (bundle,) = ReviewBundle.objects.all()
    screen = reverse("bundles:bundle", args=[bundle.pk])
    assert [answer["Location"] for answer in answers] == [screen, screen]
    answers = sent_twice(editor, reverse("bundles:add", args=[bundle.pk]), {"text": [texts[2].pk]})
    assert [answer["Location"] for answer in answers] == [screen, screen]
    assert Submission.objects.filter(bundle=bundle).count() == len(NAMES)


def test_a_conflict_and_an_absence_are_stored_once(editor: Any, writer: Any, reviewer: Any) -> None:
    page, today = make_monograph(by=writer), database_today().isoformat()
    form = {"person": reviewer.pk, "reason": "Shares.", "starts_on": today, "ends_on": ""}
    sent_twice(editor, reverse("review:conflicts", args=[page.translation_key]), form)
    assert ConflictOfInterest.objects.count() == 1
    form = {"person": reviewer.pk, "delegate": editor.pk, "starts_on": today, "ends_on": today}
    sent_twice(editor, reverse("absences:list"), form)
    assert Absence.objects.count() == 1
