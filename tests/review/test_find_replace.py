"""Finding words in all drafts and replacing them in a bundle."""

import unicodedata
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from monographs.document import matches_hash
from monographs.editions.models import Edition, Publication, ReviewKind
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import policy
from monographs.review.actions import ReplaceWords, SignBundle, Withdraw, WordChange
from monographs.review.bundles import draft_batch
from monographs.review.models import MedicalReviewTask, ReviewBundle, Submission
from monographs.review.replacement.draft_texts import StoredTexts
from monographs.review.replacement.word_pattern import Replacement, WordPattern
from monographs.review.replacement.word_search import search_drafts
from monographs.review.submission_state.bundle_progress import bundle_hash, members_of_bundle
from tests.conftest import run_deferred_constraints
from tests.factories import PASSWORD, edit, make_monograph, make_user, publish, read_all, submit
from tests.review.ticked_lists import tick_link

pytestmark = pytest.mark.django_db

URL = "/admin/bundles/replace/"


@pytest.fixture
def editor(site: Any) -> Any:
    return make_user("emil", "Editors")


def public(name: str, writer: Any, reviewer: Any, words: str = "Tell your care team.") -> MonographPage:
    page = make_monograph(name, by=writer)
    page = edit(page, writer, how_it_works=words)
    publish(page, writer, reviewer)
    return MonographPage.objects.get(pk=page.pk)


def change(new: str = "treatment team", kind: ReviewKind = ReviewKind.CORRECTION) -> WordChange:
    return WordChange(
        Replacement(WordPattern("care team"), new),
        title="A title",
        change_note="The team has another name.",
        reason="Renamed.",
        review_kind=kind,
    )


def form(**more: Any) -> dict[str, Any]:
    return {
        "words": "care team",
        "whole_words": "on",
        "new_words": "treatment team",
        "change_note": "The team has another name.",
        "reason": "Renamed.",
        "review_kind": "correction",
        **more,
    }


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_words_are_found_replaced_and_signed_as_one(editor: Any, writer: Any, reviewer: Any) -> None:
    pages = [public(name, writer, reviewer) for name in ("alphamab", "betamab")]
    client = client_of(editor)
    screen = client.get(URL, {"words": "Care team", "whole_words": "on"})
    hits = [value for found in screen.context["result"].possible for value, _ in found.choices]
    assert len(hits) == 2
    assert "<mark>care team</mark>" in screen.content.decode()
    answer = client.post(URL, form(hit=hits))
    assert [outcome.title for outcome in answer.context["done"]] == ["alphamab", "betamab"]
    bundle = ReviewBundle.objects.get()
    assert bundle.title == "“care team” becomes “treatment team”"
    members = members_of_bundle(bundle)
    assert all("treatment team" in member.canonical for member in members)
    assert all(policy.excluded_users(page.translation_key).contains(editor.pk, "emil") for page in pages)
    assert Edition.objects.count() == 2, "nothing is published without signatures"
    for member in members:
        read_all(member, reviewer)
    SignBundle(reviewer, bundle, seen=bundle_hash(members), password=PASSWORD).execute()
    run_deferred_constraints()
    current = Publication.objects.select_related("edition").filter(key__in=[p.translation_key for p in pages])
    assert {publication.edition.number for publication in current} == {2}
    assert all("treatment team" in publication.edition.canonical for publication in current)


@pytest.mark.parametrize("words", ["Sjögren", "λ", "µg", "é 5"])
def test_words_with_other_letters_than_ascii_are_found(
    words: str, site: Any, editor: Any, writer: Any
) -> None:
    page = edit(
        make_monograph(by=writer), writer, how_it_works="Sjögren’s syndrome, λ chains, µg, café 5 mg."
    )
    found = search_drafts(editor, WordPattern(words, whole_words=False))
    assert [each.page.pk for each in found.left_out] == [page.pk]


def test_decomposed_words_are_found_as_drafts_have_them(site: Any, editor: Any, writer: Any) -> None:
    edit(make_monograph(by=writer), writer, how_it_works="Sjögren’s syndrome.")
    screen = client_of(editor).get(URL, {"words": unicodedata.normalize("NFD", "Sjögren")})
    assert [each.page.title for each in screen.context["result"].left_out] == ["testumab"]


def test_only_ticked_occurrences_change(editor: Any, writer: Any, reviewer: Any) -> None:
    page = public("alphamab", writer, reviewer, "Your care team. Any care team. The care team.")
    submission = ReplaceWords(
        editor, page, change(), revision=page.latest_revision_id, numbers={0, 2}
    ).execute()
    assert "Your treatment team. Any care team. The treatment team." in submission.canonical


def test_pages_that_cannot_be_changed_are_listed_with_the_reason(
    editor: Any, writer: Any, reviewer: Any
) -> None:
    """And refused by the action, which looks again."""
    ready = public("alphamab", writer, reviewer)
    in_review = public("betamab", writer, reviewer)
    edit(in_review, writer, how_it_works="Tell the care team.")
    submit(MonographPage.objects.get(pk=in_review.pk), writer)
    waiting = public("gammamab", writer, reviewer)
    edit(waiting, writer, how_it_works="The care team knows.")
    new = edit(make_monograph("deltamab", by=writer), writer, how_it_works="Ask your care team.")
    gone = public("epsilonmab", writer, reviewer)
    Withdraw(
        reviewer, gone.translation_key, cause=WithdrawalReason.MISTAKE, note="No.", password=PASSWORD
    ).execute()
    locked = public("zetamab", writer, reviewer)
    MonographPage.objects.filter(pk=locked.pk).update(locked=True)

    result = search_drafts(editor, WordPattern("care team"))
    assert [found.page.pk for found in result.possible] == [ready.pk]
    assert {found.page.title: found.obstacle for found in result.left_out} == {
        "betamab": "It is in review.",
        "gammamab": "Its draft differs from what patients read: submit or revert that first.",
        "deltamab": "It has no edition yet: it is still being written.",
        "epsilonmab": "It is withdrawn from patients.",
        "zetamab": "It is locked in Wagtail.",
    }
    before = Submission.objects.count()
    for found in result.left_out:
        with pytest.raises(PolicyError):
            ReplaceWords(editor, found.page, change(), revision=found.revision, numbers={0}).execute()
    assert Submission.objects.count() == before
    assert new.get_latest_revision().user == writer


def test_a_draft_that_cannot_be_submitted_is_not_changed(editor: Any, writer: Any, reviewer: Any) -> None:
    page = public("alphamab", writer, reviewer)
    stale = ReplaceWords(editor, page, change(), revision=page.latest_revision_id - 1, numbers={0})
    dose = ReplaceWords(editor, page, change("never 5 mg"), revision=page.latest_revision_id, numbers={0})
    for action, rule in ((stale, Rule.STALE), (dose, Rule.NOT_A_CORRECTION)):
        with pytest.raises(PolicyError) as refusal:
            action.execute()
        assert refusal.value.rule == rule
    page = MonographPage.objects.get(pk=page.pk)
    assert page.get_latest_revision().user == writer
    assert not ReviewBundle.objects.exists()
    edition = Edition.objects.get()
    assert matches_hash(page.get_latest_revision_as_object().to_document(), edition.sha256)


def test_many_pages_are_replaced_in_steps(
    editor: Any, writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft_batch, "MOST_AT_ONCE", 2)
    for name in ("alphamab", "betamab", "gammamab"):
        public(name, writer, reviewer)
    client = client_of(editor)
    found = client.get(URL, {"words": "care team"}).context["result"].possible
    hits = [value for page in found for value, _ in page.choices]
    answer = client.post(URL, form(hit=hits))
    assert answer.context["later"] == 1
    answer = client.post(URL, form(hit=answer.context["left"], bundle=answer.context["bundle"].pk))
    assert answer.context["later"] == 0
    assert len(members_of_bundle(ReviewBundle.objects.get())) == 3


def test_a_form_that_is_sent_again_finds_its_bundle(editor: Any, writer: Any, reviewer: Any) -> None:
    for name in ("alphamab", "betamab"):
        public(name, writer, reviewer)
    client = client_of(editor)
    found = client.get(URL, {"words": "care team"}).context["result"].possible
    hits = [value for page in found for value, _ in page.choices]
    client.post(URL, form(hit=hits[:1]))
    for _ in range(2):
        answer = client.post(URL, form(hit=hits))
    assert [outcome.title for outcome in answer.context["done"]] == ["betamab"]
    assert [outcome.title for outcome in answer.context["refused"]] == ["alphamab"], "of another form"
    assert [len(members_of_bundle(each)) for each in ReviewBundle.objects.all()] == [1, 1]


def test_nothing_joins_a_bundle_that_has_signatures(
    editor: Any, writer: Any, reviewer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next pages make a bundle of their own, and the screen says so."""
    monkeypatch.setattr(draft_batch, "MOST_AT_ONCE", 1)
    pages = [public(name, writer, reviewer) for name in ("alphamab", "betamab", "gammamab")]
    MedicalReviewTask.objects.update(signatures=2)
    client = client_of(editor)
    found = client.get(URL, {"words": "care team"}).context["result"].possible
    answer = client.post(URL, form(hit=[value for page in found for value, _ in page.choices]))
    begun, left = answer.context["bundle"], answer.context["left"]
    members = members_of_bundle(begun)
    read_all(members[0], reviewer)
    SignBundle(reviewer, begun, seen=bundle_hash(members), password=PASSWORD).execute()

    late = pages[2]
    with pytest.raises(PolicyError) as refusal:
        ReplaceWords(
            editor, late, change(), revision=late.latest_revision_id, numbers={0}, bundle=begun
        ).execute()
    assert refusal.value.rule == Rule.ALREADY_SIGNED
    answer = client.post(URL, form(hit=left, bundle=begun.pk))
    assert "is signed already, so nothing is put into it any more" in answer.content.decode()
    assert [outcome.title for outcome in answer.context["done"]] == ["betamab"]
    new = answer.context["bundle"]
    answer = client.post(URL, form(hit=answer.context["left"], bundle=new.pk))
    assert "put into it any more" not in answer.content.decode()
    assert [len(members_of_bundle(each)) for each in (begun, new)] == [1, 2]
    assert ReviewBundle.objects.count() == 2


def test_what_is_missing_is_said_and_nothing_is_lost(editor: Any, writer: Any, reviewer: Any) -> None:
    public("alphamab", writer, reviewer)
    client = client_of(editor)
    assert client.get(URL, {"words": "…"}).context["result"] is None
    answer = client.post(URL, form(hit=[], new_words="a new team"))
    assert answer.status_code == 400
    assert "Tick what is to be replaced." in answer.content.decode()
    assert 'value="a new team"' in answer.content.decode()
    answer = client.post(URL, form(hit=["1:1:0"], new_words="care team"))
    assert "These are the same words." in answer.content.decode()
    answer = client.post(URL, form(hit=["999999:1:0"]))
    assert "There is no such page any more." in answer.content.decode()


def test_only_editors_find_and_replace(writer: Any, reviewer: Any, site: Any) -> None:
    page = public("alphamab", writer, reviewer)
    for person in (writer, reviewer):
        assert client_of(person).get(URL).status_code in (302, 403)
        with pytest.raises(PolicyError) as refusal:
            ReplaceWords(person, page, change(), revision=page.latest_revision_id, numbers={0}).execute()
        assert refusal.value.rule == Rule.NOT_AN_EDITOR
    assert reverse("bundles:replace") not in client_of(writer).get("/admin/bundles/").content.decode()


def test_nobody_joins_the_bundle_of_another_editor(editor: Any, writer: Any, reviewer: Any) -> None:
    other = make_user("edna", "Editors")
    first, second = (public(name, writer, reviewer) for name in ("alphamab", "betamab"))
    bundle = (
        ReplaceWords(editor, first, change(), revision=first.latest_revision_id, numbers={0}).execute().bundle
    )
    with pytest.raises(PolicyError, match="somebody else’s"):
        ReplaceWords(
            other, second, change(), revision=second.latest_revision_id, numbers={0}, bundle=bundle
        ).execute()


def test_names_identifiers_sources_and_links_are_no_text(writer: Any, site: Any) -> None:
    page = make_monograph("alphamab", by=writer, brand_names=["Alphamab"], pronunciation="alphamab")
    page = edit(page, writer, how_it_works='Of alphamab: see <a href="https://alphamab.org">alphamab</a>.')
    texts = StoredTexts(page.latest_revision.content, MonographPage)
    assert [placed.place for placed in texts.hits(WordPattern("alphamab"))] == ["Summary", "How it works"]


@pytest.mark.parametrize("count", [1, 3])
def test_a_search_takes_a_fixed_number_of_queries(
    count: int, editor: Any, writer: Any, reviewer: Any, django_assert_num_queries: Any
) -> None:
    for name in ("alphamab", "betamab", "gammamab")[:count]:
        public(name, writer, reviewer)
    client = client_of(editor)
    client.get(URL, {"words": "care team"})
    with django_assert_num_queries(24):
        client.get(URL, {"words": "care team"})


def test_all_that_is_found_is_ticked_or_nothing_and_each_page_leads_to_its_record(
    editor: Any, writer: Any, reviewer: Any
) -> None:
    page = public("alphamab", writer, reviewer)
    client = client_of(editor)
    shown = client.get(URL, {"words": "care team", "whole_words": "on"}).content.decode()
    assert shown.count('name="hit"') == shown.count(" checked> <span><span") == 1
    assert tick_link(shown) == ("?words=care+team&whole_words=on&tick=none#found", "Tick none")
    record = reverse("review:record", args=[page.translation_key])
    assert f'<legend class="replace-page__title"><a href="{record}">alphamab</a></legend>' in shown
    shown = client.get(URL, {"words": "care team", "whole_words": "on", "tick": "none"}).content.decode()
    assert shown.count('name="hit"') == 1
    assert " checked> <span><span" not in shown
    assert tick_link(shown) == ("?words=care+team&whole_words=on#found", "Tick all")
    refused = client.post(URL, form()).content.decode()
    assert "Tick what is to be replaced." in refused
    assert "tick=none" not in refused
