"""The endpoints of the editor's script: annotations of the posted form, and nothing stored."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.admin.models import FormState
from wagtail.models import Page, Revision

from monographs.editions.models import Contribution, LedgerEntry
from monographs.models import MonographPage
from monographs.review.actions import AddNote
from monographs.review.models import Note, NoteStatus
from monographs.rules.check_context import CheckContext
from monographs.rules.models import Overrule
from tests.conftest import as_user
from tests.factories import make_image, make_monograph, make_user, submit
from tests.stateful.forms import DraftForm

pytestmark = pytest.mark.django_db

PLACE = "how_it_works"


def form_of(page: MonographPage, text: str = "", **more: Any) -> dict[str, str]:
    """Return the editor's form data, with ``text`` in *How it works*."""
    draft = DraftForm.of(page.get_latest_revision().content)
    sent = draft.with_word("text", "it").form() if text else draft.form()
    return {name: value.replace("About it.", text) for name, value in sent.items()} | more


def ask(user: Any, page: MonographPage, form: dict[str, str]) -> Any:
    return as_user(user).post(reverse("review:editor:findings", args=[page.pk]), form)


def stored() -> tuple[int, ...]:
    """Return the number of rows of each model that a draft could be stored in."""
    kinds = (Revision, Contribution, LedgerEntry, FormState, Overrule, Page)
    return tuple(kind.objects.count() for kind in kinds)


def test_a_finding_is_shown_beside_its_section(writer: Any) -> None:
    page = make_monograph(by=writer)
    answer = ask(writer, page, form_of(page, "Take 5.0 mg.")).json()
    assert "5.0" in answer["places"][PLACE]
    assert "editor-finding--error" in answer["places"][PLACE]
    assert "5.0" in answer["panel"]
    assert answer["errors"] >= 1
    assert f"{answer['errors']} to fix before review" in answer["status"]
    fixed = ask(writer, page, form_of(page, "Take 5 mg.")).json()
    assert fixed["errors"] == answer["errors"] - 1
    assert "editor-finding--error" not in fixed["places"].get(PLACE, "")


def test_what_is_not_written_yet_is_no_error(writer: Any) -> None:
    page = make_monograph(by=writer, complete=False)
    answer = ask(writer, page, form_of(page)).json()
    assert (answer["errors"], answer["to_write"]) == (0, 1)
    assert answer["status"].startswith("Nothing to fix so far, 1 part still to write")
    shown = answer["panel"] + "".join(answer["places"].values())
    assert "Still to write" in shown
    assert "editor-finding--error" not in shown
    assert "--error" not in answer["panel"]


def test_a_request_for_annotations_stores_nothing(writer: Any) -> None:
    page = make_monograph(by=writer)
    before, text = stored(), page.get_latest_revision().content
    client, form = as_user(writer), form_of(page, "Take 5.0 mg.")
    with CaptureQueriesContext(connection) as queries:
        assert client.post(reverse("review:editor:findings", args=[page.pk]), form).status_code == 200
    assert [q["sql"] for q in queries if not q["sql"].startswith("SELECT")] == []
    assert stored() == before
    assert MonographPage.objects.get(pk=page.pk).get_latest_revision().content == text


def test_only_users_who_may_edit_the_page_get_annotations(writer: Any) -> None:
    page = make_monograph(by=writer)
    form = form_of(page)
    guest = make_user("guest")
    guest.user_permissions.add(Permission.objects.get(codename="access_admin"))
    assert ask(guest, page, form).status_code == 302
    script = {"headers": {"X-Requested-With": "XMLHttpRequest"}}
    address = reverse("review:editor:findings", args=[page.pk])
    assert as_user(guest).post(address, form, **script).status_code == 403
    assert Client().post(reverse("review:editor:findings", args=[page.pk]), form).status_code == 401
    address = reverse(
        "review:editor:findings_on_create", args=["monographs", "monographpage", page.get_parent().pk]
    )
    assert as_user(guest).post(address, form, **script).status_code == 403


def test_a_request_resolves_the_draft_and_builds_its_context_once(
    writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = make_monograph(by=writer)
    form = form_of(page, LONG)
    first = ask(writer, page, form)
    overruling = overrule_of(first.json()["places"][PLACE], advised(first))
    built: list[str] = []

    def count_calls(cls: type, method: str) -> None:
        original = getattr(cls, method)

        def counted(*args: Any, **kwargs: Any) -> Any:
            built.append(cls.__name__)
            return original(*args, **kwargs)

        monkeypatch.setattr(cls, method, counted)

    count_calls(MonographPage, "resolve")
    count_calls(CheckContext, "__init__")

    def built_by(endpoint: str, *args: int, **posted: str) -> list[str]:
        built.clear()
        address = reverse(f"review:editor:{endpoint}", args=[page.pk, *args])
        answer = as_user(writer).post(address, form | {f"editor-{name}": posted[name] for name in posted})
        assert answer.status_code == 200, answer.json()
        return sorted(built)

    once = ["CheckContext", "MonographPage"]
    assert built_by("findings") == once
    rule, fingerprint = overruling["editor-rule"], overruling["editor-fingerprint"]
    reason = "The label itself says it so."
    assert built_by("overrule", rule=rule, fingerprint=fingerprint, reason=reason) == once
    note = note_on(page, writer, reviewer)
    assert built_by("note", note.pk, act="resolve") == once


def test_a_form_without_csrf_token_is_refused(writer: Any) -> None:
    page = make_monograph(by=writer)
    client = Client(enforce_csrf_checks=True)
    client.force_login(writer)
    address = reverse("review:editor:findings", args=[page.pk])
    assert client.post(address, form_of(page)).status_code == 403
    assert as_user(writer).get(address).status_code == 405


@pytest.mark.parametrize(
    ("field", "value", "anchor"),
    [
        ("title", "", "title"),
        ("slug", "not a slug!", "slug"),
        ("review_interval_months", "soon", "review_interval_months"),
        ("sources-0-value-reference", "", "sources"),
        ("sources-0-value-address", "nonsense", "sources"),
        ("sections-2-value-serious-effects-0-value-name", "", "common_side_effects"),
    ],
)
def test_an_unfinished_field_is_a_finding_beside_it(writer: Any, field: str, value: str, anchor: str) -> None:
    page = make_monograph(by=writer)
    form = form_of(page, "Take 5.0 mg.", **{field: value})
    answer = ask(writer, page, form)
    assert answer.status_code == 200
    assert "editor-finding--error" in answer.json()["places"][anchor], answer.json()["places"][anchor]
    assert "5.0" in answer.json()["places"][PLACE], "the rest of the page is checked, too"


def test_an_invalid_stream_is_checked_too(writer: Any) -> None:
    page = make_monograph(by=writer)
    form = form_of(page, "Take 5.0 mg.", **{"sections-0-value-sources": "x" * 300})
    places = ask(writer, page, form).json()["places"]
    assert "5.0" in places[PLACE]


def test_an_incomplete_form_is_a_bad_request_with_a_message(writer: Any) -> None:
    page = make_monograph(by=writer)
    form = form_of(page)
    del form["sections-count"]
    answer = ask(writer, page, form)
    assert answer.status_code == 400
    assert "Reload" in answer.json()["message"]


def test_a_page_that_is_not_saved_yet_is_checked_too(writer: Any, medicines: Any) -> None:
    before = stored()
    address = reverse("review:editor:findings_on_create", args=["monographs", "monographpage", medicines.pk])
    form = DraftForm("novumab", "novumab", "It is new.", "", "<p>Take 5.0 mg.</p>").form()
    answer = as_user(writer).post(address, form)
    assert "5.0" in answer.json()["places"][PLACE]
    assert "editor-reason" not in answer.json()["places"][PLACE], "a rule is overruled once there is a page"
    assert stored() == before
    assert as_user(writer).post(address, form | {"title": "", "slug": ""}).status_code == 200


@pytest.mark.parametrize("kind", ["homepage", "indexpage"])
def test_a_page_type_that_may_not_be_created_there_is_refused(writer: Any, medicines: Any, kind: str) -> None:
    app = "home" if kind == "homepage" else "monographs"
    address = reverse("review:editor:findings_on_create", args=[app, kind, medicines.pk])
    assert as_user(writer).post(address, {}).status_code in (302, 403, 404)


def test_the_number_of_queries_does_not_depend_on_the_length(writer: Any) -> None:
    short, long = make_monograph("shortumab", by=writer), make_monograph("longumab", by=writer)
    text = "Take 5.0 mg. " * 40
    forms = (form_of(short), form_of(long, text, **{"sections-0-value-sources": "nothing"}))
    asked = []
    for page, form in zip((short, long), forms, strict=True):
        ask(writer, page, form)
        with CaptureQueriesContext(connection) as queries:
            ask(writer, page, form)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_a_form_with_an_image_is_checked(writer: Any, figure_files: None) -> None:
    page = make_monograph(by=writer)
    draft = DraftForm.of(page.get_latest_revision().content)
    image = make_image("red", by=writer)
    form = DraftForm(draft.title, draft.slug, draft.summary, "", "<p>Take 5.0 mg.</p>", image=image.pk).form()
    assert "5.0" in ask(writer, page, form).json()["places"][PLACE]
    image.file.delete(save=False)
    assert ask(writer, page, form).status_code == 200


def overrule_of(html: str, rule: str) -> dict[str, str]:
    """Return the fields that the button for ``rule`` in ``html`` posts."""
    start = html.index(f"editor-rule={rule}&amp;editor-fingerprint=")
    fingerprint = html[start:].split("editor-fingerprint=")[1][:64]
    return {"editor-rule": rule, "editor-fingerprint": fingerprint}


def advised(answer: Any) -> str:
    """Return the rule of the first advice on *How it works*."""
    html = answer.json()["places"][PLACE]
    return html.split('editor-finding--advice"')[1].split('data-rule="')[1].split('"')[0]


LONG = "This is " + "a very " * 30 + "long sentence."


def test_advice_is_overruled_for_one_place_with_a_reason_and_restored(writer: Any) -> None:
    page = make_monograph(by=writer)
    form = form_of(page, LONG)
    first = ask(writer, page, form)
    sent = form | overrule_of(first.json()["places"][PLACE], advised(first))
    address = reverse("review:editor:overrule", args=[page.pk])
    revisions = Revision.objects.count()

    refused = as_user(writer).post(address, sent | {"editor-reason": ""})
    assert refused.status_code == 403
    assert "Say in a sentence" in refused.json()["message"]
    assert not Overrule.objects.exists()

    done = as_user(writer).post(address, sent | {"editor-reason": "The label itself says it so."})
    assert "The label itself says it so." in done.json()["places"][PLACE]
    assert done.json()["advice"] == first.json()["advice"] - 1
    assert Revision.objects.count() == revisions, "the text was not saved"

    undone = as_user(writer).post(address, sent | {"editor-undo": "1"})
    assert undone.json()["advice"] == first.json()["advice"]
    assert "The label itself says it so." not in undone.json()["places"][PLACE]


def test_nothing_is_overruled_when_the_text_has_changed_meanwhile(writer: Any) -> None:
    page = make_monograph(by=writer)
    first = ask(writer, page, form_of(page, LONG))
    sent = form_of(page, "It is short.") | overrule_of(first.json()["places"][PLACE], advised(first))
    address = reverse("review:editor:overrule", args=[page.pk])
    answer = as_user(writer).post(address, sent | {"editor-reason": "The label itself says it so."})
    assert answer.status_code == 403
    assert "changed meanwhile" in answer.json()["message"]
    assert not Overrule.objects.exists()


def note_on(page: MonographPage, writer: Any, reviewer: Any, **about: str) -> Note:
    submission = submit(page, writer)
    return AddNote(
        reviewer, submission, **{"section": PLACE, "body": "Is this the label’s word?", **about}
    ).execute()


def test_notes_are_shown_beside_their_section_while_the_page_is_in_review(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    note = note_on(page, writer, reviewer, quote="About how_it_works.")
    answer = ask(writer, page, form_of(page)).json()
    shown = answer["places"][PLACE]
    for words in ("Is this the label’s word?", "Reviewer Tester", "About how_it_works.", "Resolve"):
        assert words in shown
    assert answer["notes"] == 1

    address = reverse("review:editor:note", args=[page.pk, note.pk])
    said = {"editor-act": "answer", "editor-body": "Yes, section 5."}
    answered = as_user(writer).post(address, form_of(page) | said)
    assert "Yes, section 5." in answered.json()["places"][PLACE]
    note.refresh_from_db()
    assert note.is_open

    done = as_user(writer).post(address, form_of(page) | {"editor-act": "resolve", "editor-body": ""})
    assert done.json()["notes"] == 0
    assert "1 closed note" in done.json()["places"][PLACE]
    note.refresh_from_db()
    assert note.status == NoteStatus.RESOLVED


def test_a_note_is_closed_only_by_users_whom_the_policy_allows(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    note = note_on(page, writer, reviewer)
    address = reverse("review:editor:note", args=[page.pk, note.pk])
    refused = as_user(writer).post(address, form_of(page) | {"editor-act": "withdraw"})
    assert refused.status_code == 403
    assert "may withdraw this note" in refused.json()["message"]
    nonsense = as_user(writer).post(address, form_of(page) | {"editor-act": "publish"})
    assert nonsense.status_code == 400
    other = make_monograph("otherumab", by=writer)
    elsewhere = reverse("review:editor:note", args=[other.pk, note.pk])
    assert as_user(writer).post(elsewhere, form_of(other) | {"editor-act": "resolve"}).status_code == 404
    note.refresh_from_db()
    assert note.is_open


def test_a_note_on_a_deleted_passage_says_so(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    note_on(page, writer, reviewer, quote="About how_it_works.")
    shown = ask(writer, page, form_of(page, "It calms the immune system.")).json()["places"][PLACE]
    assert "The passage is no longer there." in shown


def test_rules_cannot_be_overruled_during_review(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    submit(page, writer)
    form = form_of(page, LONG)
    first = ask(writer, page, form)
    assert "editor-reason" not in first.json()["places"][PLACE]


def test_the_panel_names_grades_and_the_hardest_sentences(writer: Any) -> None:
    page = make_monograph(by=writer)
    text = " ".join(f"Your team looks after you and gives you the medicine on day {n}." for n in range(5))
    panel = ask(writer, page, form_of(page, text)).json()["panel"]
    assert "The whole page: Flesch–Kincaid" in panel
    assert "Hardest sentences" in panel
    assert panel.count("editor-panel__list--hardest") == 1


def test_only_editors_of_reviewed_pages_have_the_panel(
    published_medicine: Any, writer: Any, superuser: Any, medicines: Any
) -> None:
    page = published_medicine
    edits = f"/admin/pages/{page.pk}/edit/"
    reverts = f"/admin/pages/{page.pk}/revisions/{page.get_latest_revision().pk}/revert/"
    adds = f"/admin/pages/add/monographs/monographpage/{medicines.pk}/"
    for address in (edits, reverts, adds):
        shown = as_user(writer).get(address).content.decode()
        assert 'data-side-panel="house-rules"' in shown
        assert "js/editor-rules.js" in shown
    assert (
        "js/editor-rules.js"
        not in as_user(superuser).get("/admin/snippets/review/reviewerprofile/add/").content.decode()
    )
    assert as_user(writer).get("/admin/pages/999999/edit/").status_code == 404
    assert Client().get(edits).status_code == 302
