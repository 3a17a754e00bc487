"""The screens of writers and reviewers, requested by URL."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from monographs.editions.models import Edition, LedgerEntry
from monographs.models import MonographIndexPage, MonographPage
from monographs.review.models import Submission
from tests.conftest import as_user
from tests.factories import PASSWORD, edit, make_monograph, make_user, publish, read_all, submit

pytestmark = pytest.mark.django_db


def words(response: Any) -> str:
    return html.unescape(response.content.decode())


def test_the_queue_lists_what_the_user_can_sign_first(writer: Any, reviewer: Any) -> None:
    submit(make_monograph("firstumab", by=writer), writer, reason="First of all.")
    mine = make_monograph("mineumab", by=reviewer)
    submit(mine, writer)
    page = words(as_user(reviewer).get(reverse("review:queue")))
    assert page.index("Waiting for you") < page.index("firstumab") < page.index("Waiting for others")
    assert page.index("Waiting for others") < page.index("mineumab")
    assert "First of all." in page
    assert "You changed this text; somebody else must sign it." in page


def test_an_empty_queue_explains_how_texts_get_there(reviewer: Any) -> None:
    assert "Submit for review" in words(as_user(reviewer).get(reverse("review:queue")))


def form_of_a_new_medicine(name: str, **more: str) -> dict[str, str]:
    """Return the editor's form data for a medicine with a name only."""
    empty = {"sections": streamfield([]), "sources": streamfield([]), "comments": inline_formset([])}
    form: dict[str, str] = nested_form_data(
        {"title": name, "slug": name, "review_interval_months": "12", **empty, **more}
    )
    return form


def test_a_reviewer_reads_signs_and_publishes(writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer, reason="The label changed.")
    client = as_user(reviewer)
    address = reverse("review:review", args=[submission.pk])
    page = words(client.get(address))
    assert "The label changed." in page
    assert "This is the first edition" in page
    assert "I have read the whole of this text" in page
    assert submission.sha256 in page

    frame = client.get(reverse("review:document", args=[submission.pk]))
    assert "In review, not yet approved" in words(frame)
    assert "About how_it_works." in words(frame)
    assert frame["X-Frame-Options"] == "SAMEORIGIN"

    form = {"sha256": submission.sha256, "password": "wrong"}
    read_all(submission, reviewer)
    refused = client.post(reverse("review:sign", args=[submission.pk]), form)
    assert refused.status_code == 403
    assert "That password is not right" in words(refused)
    assert not Edition.objects.exists()

    done = client.post(reverse("review:sign", args=[submission.pk]), {**form, "password": PASSWORD})
    assert done.status_code == 302
    assert Edition.objects.get().sha256 == submission.sha256


def test_a_changed_section_is_named(published_medicine: Any, writer: Any, reviewer: Any) -> None:
    page = published_medicine
    edit(page, writer, how_it_is_administered="Take 10 mg.")
    submission = submit(page, writer)
    shown = words(as_user(reviewer).get(reverse("review:review", args=[submission.pk])))
    assert "Compared with edition 1" in shown
    assert "How it is administered</a>" in " ".join(shown.split())
    assert "How it works</a>" not in shown


def test_a_writer_sees_why_they_cannot_sign_and_may_recall(writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer)
    client = as_user(writer)
    shown = words(client.get(reverse("review:review", args=[submission.pk])))
    assert "Only members of Medical reviewers may review" in shown
    assert "Reviewer Tester" in shown
    assert 'type="password"' not in shown
    done = client.post(reverse("review:recall", args=[submission.pk]))
    assert done.url == reverse("wagtailadmin_pages:edit", args=[submission.page_id])
    assert not MonographPage.objects.get().is_frozen


def test_returning_needs_a_reason_and_keeps_the_input(writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer)
    client = as_user(reviewer)
    address = reverse("review:return", args=[submission.pk])
    assert client.post(address, {"reason": " "}).status_code == 400
    assert client.post(address, {"reason": "Explain MRD."}).status_code == 302
    submission.refresh_from_db()
    assert (submission.status, submission.outcome) == ("returned", "Explain MRD.")
    assert "Explain MRD." in words(client.get(reverse("review:review", args=[submission.pk])))
    again = client.post(address, {"reason": "Twice."})
    assert again.status_code == 403
    assert LedgerEntry.objects.filter(event="refused").count() == 1


def test_submitting_lists_what_is_missing_by_section(writer: Any) -> None:
    page = make_monograph(by=writer, complete=False)
    shown = words(as_user(writer).get(reverse("review:submit", args=[page.pk])))
    for heading in ("How it is administered", "How it works", "Common side effects", "Commonly tested with"):
        assert re.search(
            rf'<strong><a href="/admin/pages/{page.pk}/edit/#place=\w+&words=">{heading}</a>', shown
        )
    assert "Your draft is saved." in shown


def test_submitting_asks_for_kind_and_reason(writer: Any) -> None:
    page = make_monograph(by=writer)
    client = as_user(writer)
    address = reverse("review:submit", args=[page.pk])
    assert client.post(address, {"review_kind": "full_review", "reason": ""}).status_code == 400
    done = client.post(address, {"review_kind": "full_review", "reason": "New."})
    assert done.url == reverse("review:review", args=[Submission.objects.get().pk])
    again = client.get(address)
    assert again.url == reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_users_who_may_not_edit_may_not_submit(writer: Any) -> None:
    page = make_monograph(by=writer)
    outsider = make_user("outsider")
    assert as_user(outsider).get(reverse("review:submit", args=[page.pk])).status_code == 302
    assert as_user(outsider).get(reverse("review:queue")).status_code == 302


def test_the_editor_has_no_buttons_that_bypass_review(writer: Any, superuser: Any) -> None:
    page = make_monograph(by=writer)
    for user in (writer, superuser):
        shown = words(as_user(user).get(reverse("wagtailadmin_pages:edit", args=[page.pk])))
        assert "action-submit-review" in shown
        assert "action-publish" not in shown
        assert 'name="action-submit"' not in shown
    submission = submit(page, writer)
    shown = words(as_user(superuser).get(reverse("wagtailadmin_pages:edit", args=[page.pk])))
    assert "Open its review" in shown
    assert reverse("review:review", args=[submission.pk]) in shown
    assert "This page is in review" in shown
    assert "action-submit-review" not in shown


def test_a_superuser_posting_publish_publishes_nothing(writer: Any, superuser: Any) -> None:
    parent = make_monograph(by=writer).get_parent()
    client = as_user(superuser)
    address = reverse("wagtailadmin_pages:add", args=["monographs", "monographpage", parent.pk])
    form = form_of_a_new_medicine("sneakumab", **{"action-publish": "1"})
    assert client.post(address, form).status_code == 302
    assert MonographPage.objects.filter(slug="sneakumab").exists(), "the draft is kept"
    assert not MonographPage.objects.filter(live=True).exists()
    assert not Edition.objects.exists()


def test_the_preview_is_marked_as_a_draft(writer: Any) -> None:
    page = make_monograph(by=writer)
    response = as_user(writer).get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert "Draft, not reviewed" in words(response)
    assert "About how_it_works." in words(response)


def test_the_preview_of_a_page_not_saved_yet_shows_what_there_is(medicines: Any, writer: Any) -> None:
    client = as_user(writer)
    address = reverse("wagtailadmin_pages:preview_on_add", args=["monographs", "monographpage", medicines.pk])
    assert client.post(address, form_of_a_new_medicine("previewumab")).json()["is_valid"]
    shown = words(client.get(address))
    assert "previewumab" in shown
    assert "Draft, not reviewed" in shown


def test_a_preview_that_cannot_be_rendered_says_why(writer: Any) -> None:
    page = make_monograph(by=writer)
    revision = page.get_latest_revision()
    revision.content["slug"] = "not a slug"
    revision.save()
    shown = words(as_user(writer).get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])))
    assert "cannot be shown yet" in shown
    assert "slug" in shown


@pytest.mark.parametrize(
    "model", [("monographs", "monographpage"), ("home", "informationpage"), ("monographs", "drugclasspage")]
)
def test_every_page_type_opens_in_the_editor(model: tuple[str, str], writer: Any, site: Any) -> None:
    parents = {
        "monographpage": MonographIndexPage.objects.get(collection="medicines"),
        "drugclasspage": MonographIndexPage.objects.get(collection="classes"),
        "informationpage": site,
    }
    address = reverse("wagtailadmin_pages:add", args=[*model, parents[model[1]].pk])
    assert as_user(writer).get(address).status_code == 200


def test_a_reviewer_sees_all_of_the_text_they_sign(writer: Any, reviewer: Any, site: Any) -> None:
    home = site.specific
    home.organisation = "Probe organisation"
    home.notice = "Probe notice"
    home.account_label, home.account_address = "Probe account", "https://example.org/account"
    home.app_text = "Probe app text"
    home.change_note = "Probe change note"
    home.save_revision(user=writer)
    submission = submit(home, writer)
    client = as_user(reviewer)
    seen = words(client.get(reverse("review:review", args=[submission.pk])))
    seen += words(client.get(reverse("review:document", args=[submission.pk])))
    for probe in ("organisation", "notice", "account", "app text", "change note"):
        assert f"Probe {probe}" in seen


def test_every_string_of_a_monograph_is_on_the_review_screen(writer: Any, reviewer: Any) -> None:
    page = make_monograph(
        by=writer,
        brand_names=["Probebrand"],
        pronunciation="probe-saying",
        atc="L01PROBE",
        unii="PROBEUNII",
        rxcui=["4711"],
        label_set_id="probe-set",
        label_version="17",
        change_note="Probe note.",
    )
    submission = submit(page, writer)
    client = as_user(reviewer)
    seen = words(client.get(reverse("review:review", args=[submission.pk])))
    seen += words(client.get(reverse("review:document", args=[submission.pk])))
    unseen = {"kind", "type", "group", "key", "page", "condition", "urgency", "frequency", "language"}
    plain = submission.document.model_dump(mode="json")
    for name, value in leaves(plain):
        if name not in unseen:
            assert value in seen, name


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield every string of plain data with its key."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, name)
    elif isinstance(value, str):
        yield name, value


def test_users_without_access_do_not_see_the_draft(writer: Any) -> None:
    page = make_monograph("secretumab", by=writer)
    outsider = make_user("outsider")
    outsider.user_permissions.add(Permission.objects.get(codename="access_admin"))
    response = as_user(outsider).post(reverse("review:submit", args=[page.pk]), {"reason": "x"})
    assert response.status_code == 302
    assert not Submission.objects.exists()


def test_only_reviewed_pages_can_be_submitted(superuser: Any) -> None:
    assert as_user(superuser).get(reverse("review:submit", args=[1])).status_code == 404


def test_a_path_already_in_use_is_refused_at_submission(writer: Any, reviewer: Any) -> None:
    page = make_monograph("firstumab", by=writer)
    publish(page, writer, reviewer)
    edit(page, writer, slug="secondumab")
    submission = submit(page, writer)
    make_monograph("secondumab", by=writer)
    client = as_user(reviewer)
    read_all(submission, reviewer)
    form = {"sha256": submission.sha256, "password": PASSWORD}
    response = client.post(reverse("review:sign", args=[submission.pk]), form)
    assert response.status_code == 403
    assert "Wagtail cannot publish the page" in words(response)
    assert Edition.objects.count() == 1
