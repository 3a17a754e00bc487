"""Working on with texts of version 1: untouched drafts, new editions, restoring, reviews under way."""

import json
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from monographs.document import CanonicalText
from monographs.document.models import SCHEMA_VERSION
from monographs.document.parts import Urgency
from monographs.document.versions.stored_document import canonical_forms
from monographs.editions.models import Contribution, Edition
from monographs.editions.verify import verify
from monographs.models import MonographPage, ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.redline import redline
from monographs.review.actions import Restore, open_review
from monographs.review.dashboard import dashboard_sql
from monographs.review.models import Submission, SubmissionStatus
from monographs.review.publication.page_sync import page_of
from monographs.review.publication.scheduled import publish_due
from monographs.rules.checks import unclear_characters
from tests.conftest import run_deferred_constraints
from tests.export.old_record import VERSION_1, stored_version
from tests.factories import edit, publish, sign, submit

MEDICINE = "/medicines/examplinib/"


@pytest.fixture(autouse=True)
def fonts_with_every_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the letter pass that the old record has and no leaflet can print: its rule is not tested here."""
    monkeypatch.setattr(unclear_characters, "unprintable_characters", lambda text: set())


def writer() -> User:
    return User.objects.get(username="sample-writer")


def reviewer() -> User:
    return User.objects.get(username="sample-reviewer")


def medicine() -> MonographPage:
    return MonographPage.objects.get(slug="examplinib")


# --- Drafts that nobody touched ------------------------------------------------------------------------


def test_an_untouched_draft_is_no_change(old_site: None, release: str, client: Client) -> None:
    before = Contribution.objects.count()
    for draft in VERSION_1.drafts():
        page = page_of(draft["key"])
        assert page
        # A comment, for example
        page.get_latest_revision_as_object().save_revision(user=reviewer(), clean=False)
    assert Contribution.objects.count() == before
    assert stage_of(medicine()) != "draft"
    with pytest.raises(PolicyError) as refused:
        submit(medicine(), writer(), kind="correction")
    assert refused.value.rule == Rule.NOTHING_TO_CORRECT
    client.force_login(writer())
    response = client.get(reverse("review:compare", args=[medicine().translation_key, "3", "draft"]))
    assert response.status_code == 200
    assert response.context["redline"].changed == ()
    # Changed, and changed back: there are contributors, but there is no change
    original = medicine().get_latest_revision()
    edit(medicine(), writer(), how_it_is_administered="Other words.")
    assert Contribution.objects.count() == before + 1
    assert stage_of(medicine()) == "draft"
    original.as_object().save_revision(user=writer(), clean=False)
    assert Contribution.objects.count() == before + 2
    assert stage_of(medicine()) != "draft"


def stage_of(page: ReviewedPage) -> str:
    today = timezone.now().date()
    with connection.cursor() as cursor:
        cursor.execute(
            f"{dashboard_sql.PAGES} SELECT stage FROM pages WHERE key = %(key)s",  # noqa: S608
            {
                "key": page.translation_key,
                "kinds": [ContentType.objects.get_for_model(type(page)).pk],
                "kind_names": [type(page).document_type.model_fields["kind"].default],
                "everywhere": True,
                "paths": [],
                "today": today,
                "soon": today + timedelta(days=1),
                "soon_days": 1,
            },
        )
        return str(cursor.fetchone()[0])


# --- Compared with a new edition -------------------------------------------------------------------------


def with_call_now(page: MonographPage) -> None:
    """A revision whose first serious effect asks to call now."""
    draft = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    sections = draft.sections.get_prep_value()
    side_effects = next(child for child in sections if child["type"] == "common_side_effects")
    effect = side_effects["value"]["serious"]["effects"][0]
    effect.get("value", effect)["urgency"] = "call_now"
    draft.sections = json.dumps(sections)
    draft.change_note = "Call at any hour."
    draft.save_revision(user=writer())


def test_a_new_edition_is_compared_with_old_ones(old_site: None, client: Client) -> None:
    with_call_now(medicine())
    publish(medicine(), writer(), reviewer())
    run_deferred_constraints()
    edition = Edition.objects.get(slug="examplinib", number=4)
    assert stored_version(edition.canonical) == SCHEMA_VERSION
    page = client.get(MEDICINE).content.decode()
    assert Urgency.CALL_NOW.label in page
    assert "effect__action--call_now" in page
    compared = client.get(f"{MEDICINE}changes/3/4/")
    assert compared.status_code == 200
    shown = " ".join(BeautifulSoup(compared.content, "html.parser").get_text().split())
    assert "Call now, day or night" in shown
    before = Edition.objects.get(slug="examplinib", number=3)
    sections = redline(before.document, edition.document).changed
    assert [section.anchor for section in sections] == ["page", "common_side_effects"]
    assert client.get(f"{MEDICINE}changes/1/4/").status_code == 200
    assert client.get(f"{MEDICINE}leaflet.pdf").status_code == 200
    assert verify()["editions"] == len(VERSION_1.editions) + 1


def test_an_unchanged_text_signed_again_is_of_the_newest_version_and_shows_no_change(
    old_site: None, client: Client, release: str
) -> None:
    publish(medicine(), writer(), reviewer(), nothing_to_change=True)
    run_deferred_constraints()
    third, fourth = (Edition.objects.get(slug="examplinib", number=n) for n in (3, 4))
    assert stored_version(fourth.canonical) > stored_version(third.canonical)
    assert third.sha256 != fourth.sha256
    assert third.document == fourth.document
    assert client.get(f"{MEDICINE}changes/3/4/").status_code == 200
    assert verify()["editions"] == len(VERSION_1.editions) + 1
    # What patients read now need not be restored, although its hash is another
    with pytest.raises(PolicyError) as refused:
        Restore(writer(), medicine(), number=3, reason="The same.").execute()
    assert refused.value.rule == Rule.ALREADY_PUBLIC


# --- Restored, and in review while the release changes ---------------------------------------------------


def test_an_old_edition_is_restored_as_it_was_signed(old_site: None, client: Client, release: str) -> None:
    old = Edition.objects.get(number=2, slug="examplinib-old")
    # Its path was another: the text that is restored brings its path back as well
    submission = Restore(writer(), medicine(), number=2, reason="It was better.").execute()
    assert (submission.canonical, submission.sha256) == (old.canonical, old.sha256)
    sign(submission, reviewer())
    run_deferred_constraints()
    new = Edition.objects.of(old.key).first()
    assert new
    assert (new.number, new.restores) == (4, 2)
    assert (new.canonical, new.sha256) == (old.canonical, old.sha256)
    assert stored_version(new.canonical) == 1
    response = client.get(new.path)
    assert old.sha256 in response["ETag"]
    assert verify()["editions"] == len(VERSION_1.editions) + 1


def submitted_by_the_old_release(patch: pytest.MonkeyPatch, **terms: Any) -> Submission:
    """A submission of a changed draft as the release before the upgrade stored it, in version 1."""
    page = edit(medicine(), writer(), how_it_works="Submitted before the upgrade.")
    (text,) = (
        CanonicalText(form.decode())
        for form in canonical_forms(page.to_document())
        if stored_version(form.decode()) == 1
    )
    with patch.context() as old:
        real = open_review.OpenReview.open
        old.setattr(
            open_review.OpenReview, "open", lambda self, _, draft, terms: real(self, text, draft, terms)
        )
        submission = submit(medicine(), writer(), **terms)
    assert stored_version(submission.canonical) == 1
    return submission


def check_rewritten_draft_is_found_out(submission: Submission) -> None:
    savepoint = transaction.savepoint()
    revision = medicine().get_latest_revision()
    content = {**revision.content, "summary": "Rewritten in place."}
    type(revision).objects.filter(pk=revision.pk).update(content=content)
    with pytest.raises(PolicyError) as refused:
        sign(submission, reviewer())
    assert refused.value.rule == Rule.STALE
    transaction.savepoint_rollback(savepoint)


def test_a_text_in_review_during_the_upgrade_is_signed_and_published_as_submitted(
    old_site: None, client: Client, release: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = submitted_by_the_old_release(monkeypatch)
    check_rewritten_draft_is_found_out(submission)
    client.force_login(reviewer())
    assert client.get(reverse("review:review", args=[submission.pk])).status_code == 200
    assert client.get(reverse("review:queue")).status_code == 200
    sign(submission, reviewer())
    run_deferred_constraints()
    edition = Edition.objects.get(slug="examplinib", number=4)
    assert (edition.canonical, edition.sha256) == (submission.canonical, submission.sha256)
    assert b"Submitted before the upgrade." in client.get(MEDICINE).content
    page = medicine()
    assert page.live
    assert not page.has_unpublished_changes
    assert verify()["editions"] == len(VERSION_1.editions) + 1


def test_a_text_that_waits_for_its_day_during_the_upgrade_is_published_as_signed(
    old_site: None, release: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = timezone.now() + timedelta(days=1)
    submission = submitted_by_the_old_release(monkeypatch, publish_at=day)
    sign(submission, reviewer())
    submission.refresh_from_db()
    assert submission.status == SubmissionStatus.SCHEDULED
    (outcome,) = publish_due(day)
    run_deferred_constraints()
    assert outcome.edition, outcome.failure
    assert (outcome.edition.canonical, outcome.edition.sha256) == (submission.canonical, submission.sha256)
    assert verify()["editions"] == len(VERSION_1.editions) + 1
