"""Citing in the editor, and what reviewers and the label task show of it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from monographs.label_watch.citations import passages_by_key
from monographs.label_watch.label_tasks import refresh_label_tasks
from monographs.label_watch.models import Citation, UpdateTask
from monographs.label_watch.storage import newest_stored
from monographs.models import MonographPage
from tests.conftest import as_user
from tests.factories import submit
from tests.label_watch.test_citations import DOSE, DOSE_WORDS, ONE, STUDY, STUDY_WORDS, page, quote, store
from tests.review.test_editor import form_of, stored

__all__ = ["page"]
pytestmark = pytest.mark.django_db

PLACE = "how_it_works"


def post(user: Any, page: MonographPage, name: str, **more: str) -> Any:
    """Post the editor's form to one of its endpoints; ``statement`` and so on are the editor's fields."""
    sent = {f"editor-{field}": value for field, value in more.items()} | {"label_set_id": ONE}
    return as_user(user).post(reverse(f"review:editor:{name}", args=[page.pk]), form_of(page, **sent))


def key_of(page: MonographPage, words: str) -> str:
    """The key of a statement, as a throw-away citation has it."""
    return quote(page, words, STUDY, 3).statement


def text(html: str) -> str:
    return " ".join(strip_tags(html).split())


def test_the_editor_offers_passages_and_the_writer_chooses(page: MonographPage, writer: Any) -> None:
    label = store(3)
    statement = key_of(page, STUDY_WORDS)
    Citation.objects.all().delete()
    shown = post(writer, page, "findings").json()["places"][PLACE]
    assert "0 of 1 cite a label or source" in text(shown)
    assert STUDY not in shown
    before = stored()
    offered = post(writer, page, "passages", statement=statement).json()["html"]
    assert STUDY in text(offered)
    assert "Studies" in text(offered)
    assert stored() == before
    assert not Citation.objects.exists(), "nothing is chosen by looking"
    assert DOSE in text(post(writer, page, "passages", statement=statement, query="28 mcg").json()["html"])

    (passage,) = [each for each in passages_by_key(label).values() if each.text == STUDY]
    chosen = {"statement": statement, "label": label.sha256, "passage": passage.key}
    shown = post(writer, page, "cite", **chosen).json()["places"][PLACE]
    assert "1 of 1 cite a label or source" in text(shown)
    assert f"label version 3: {STUDY}" in text(shown)
    assert stored() == before, "neither text nor contributors"

    store(4, study="Most people had a remission.")
    answer = post(writer, page, "findings").json()
    assert "1 on a changed sentence" in text(answer["places"][PLACE])
    assert "Version 4 says: Most people had a remission." in text(answer["places"][PLACE])
    assert STUDY_WORDS in text(answer["panel"])
    offered = post(writer, page, "passages", statement=statement).json()["html"]
    assert "What the label says now Studies Most people had a remission." in text(offered)
    newest = newest_stored(ONE)
    assert newest is not None
    (now,) = [each for each in passages_by_key(newest).values() if each.text.startswith("Most people")]
    chosen = {"statement": statement, "label": newest.sha256, "passage": now.key}
    shown = post(writer, page, "cite", **chosen).json()["places"][PLACE]
    assert "changed sentence" not in text(shown), "what changed is replaced"
    assert "label version 4: Most people" in text(shown)
    shown = post(writer, page, "cite", statement=statement, remove=now.key).json()["places"][PLACE]
    assert "0 of 1 cite a label or source" in text(shown)


def test_what_cannot_be_cited_is_refused_with_the_reason(
    page: MonographPage, writer: Any, reviewer: Any
) -> None:
    label = store(3)
    statement = key_of(page, STUDY_WORDS)
    passage = next(iter(passages_by_key(label)))
    chosen = {"statement": statement, "label": label.sha256, "passage": passage}
    for more, said in (
        ({"statement": "0" * 64}, "not in it any more"),
        ({"label": "0" * 64}, "newer version"),
        ({"passage": "0" * 64}, "newer version"),
    ):
        refused = post(writer, page, "cite", **{**chosen, **more})
        assert refused.status_code == 403
        assert said in refused.json()["message"]
    assert post(writer, page, "passages", statement="0" * 64).status_code == 403
    submit(page, writer, nothing_to_change=True)
    refused = post(writer, page, "cite", **chosen)
    assert refused.status_code == 403
    assert "in review" in refused.json()["message"]
    assert Citation.objects.count() == 1
    address = reverse("review:editor:cite", args=[page.pk])
    assert Client().post(address, chosen).status_code in (302, 401)


def test_reviewers_and_the_task_show_what_changed(page: MonographPage, writer: Any, reviewer: Any) -> None:
    store(3)
    quote(page, STUDY_WORDS, STUDY, 3, by=writer)
    quote(page, DOSE_WORDS, DOSE, 3, by=writer)
    store(4, study="Most people had a remission.")
    refresh_label_tasks()
    client = as_user(reviewer)
    task = UpdateTask.objects.get()
    shown = text(client.get(f"/admin/labels/{task.pk}/").content.decode())
    assert f"{STUDY_WORDS} Substance" in shown
    assert f"Before: {STUDY} Now: Most people had a remission." in shown
    assert DOSE_WORDS not in shown
    submission = submit(page, writer, nothing_to_change=True)
    shown = text(client.get(reverse("review:review", args=[submission.pk])).content.decode())
    assert "1 statement rests on a label or source; 1 on a sentence that changed" in shown
    assert f"label version 3: {STUDY}" in shown
    assert "Version 4 says: Most people had a remission." in shown


def test_annotations_take_a_fixed_number_of_queries(
    page: MonographPage, writer: Any, django_assert_max_num_queries: Any
) -> None:
    store(3)
    quote(page, STUDY_WORDS, STUDY, 3)
    store(4, study="Most people had a remission.")
    client, form = as_user(writer), form_of(page, label_set_id=ONE)
    address = reverse("review:editor:findings", args=[page.pk])
    client.post(address, form)
    with django_assert_max_num_queries(70) as one:
        client.post(address, form)
    quote(page, DOSE_WORDS, DOSE, 3)
    # The form lacks these words: one query more, whether a draft set aside has them
    with django_assert_max_num_queries(len(one) + 1):
        client.post(address, form)
