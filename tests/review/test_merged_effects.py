"""An effect that a draft set aside and a correction both changed, on the screen that merges them."""

import json
from typing import Any

import pytest
from django.urls import reverse

from monographs.models import MonographPage
from monographs.review.draft_merge.merge_conflict import Choice
from tests.conftest import as_user
from tests.factories import publish
from tests.review.authored_drafts import latest
from tests.review.test_set_aside_screens import fields_of, text_of
from tests.review.unpublished_drafts import set_aside

pytestmark = pytest.mark.django_db


def serious_effect(page: Any, by: Any = None, **fields: str) -> dict[str, Any]:
    """Return the first serious effect of the latest draft; with ``fields``, save it with these."""
    draft = latest(page)
    stored = draft.sections.get_prep_value()
    (section,) = (each for each in stored if each["type"] == "common_side_effects")
    effect: dict[str, Any] = section["value"]["serious"]["effects"][0]
    effect = effect.get("value", effect)
    if by:
        effect.update(fields)
        draft.sections, draft.change_note = json.dumps(stored), "An effect."
        draft.save_revision(user=by, clean=False)
    return effect


def test_a_renamed_effect_does_not_get_the_urgency_of_another(
    published_medicine: MonographPage, writer: Any, reviewer: Any
) -> None:
    page = published_medicine
    serious_effect(page, writer, name="A short twitch")
    set_aside(page, writer)
    serious_effect(page, writer, what_to_do="Call 911 at once, and stay with the person.")
    publish(page, writer, reviewer)
    client, address = as_user(writer), reverse("review:set_aside:merge", args=[page.pk])
    screen = client.get(address)
    shown = text_of(screen)
    assert "A short twitch" in shown
    assert "stay with the person" in shown
    hidden, (name,) = fields_of(screen)
    refused = client.post(address, hidden)
    assert refused.status_code != 302
    client.post(address, {**hidden, name: Choice.LATEST.value})
    effect = serious_effect(page)
    assert (effect["name"], effect["what_to_do"]) == (
        "Seizure",
        "Call 911 at once, and stay with the person.",
    )
