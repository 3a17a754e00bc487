"""The index of what public pages state, and the site's dictionary."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monographs.document.models import BaseDocument
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError
from monographs.review.actions import Withdraw
from monographs.review.dictionary_words import add_word
from monographs.rules.check_context import CheckContext
from monographs.rules.document_check import check_document
from monographs.rules.draft_check import current_findings
from monographs.rules.models import DictionaryWord, PublishedFact
from monographs.rules.page_facts import FEVER, PHONE, WORD
from monographs.rules.published_facts import build_missing_facts, store_facts
from monographs.rules.text_index import TextIndex
from monographs.rules.word_lookup import is_known, listed_words, near_words
from tests.conftest import as_user
from tests.factories import PASSWORD, edit, make_monograph, publish
from tests.review.test_editor import form_of
from tests.rules.documents import monograph

pytestmark = pytest.mark.django_db

PHRASE = "Call for a fever of {0} or higher. Report it to the FDA at {1}."
USUAL = PHRASE.format("100.4°F (38°C)", "1-800-332-1088")


def store(words: str, **fields: Any) -> None:
    key = uuid4()
    store_facts(key, monograph(words, key=str(key), **fields))


def checked(document: BaseDocument) -> dict[str, list[Any]]:
    text = TextIndex(document)
    found: dict[str, list[Any]] = {}
    for finding in check_document(document, context=CheckContext.load(text)):
        found.setdefault(finding.rule, []).append(finding)
    return found


def test_a_page_that_differs_from_two_others_is_told_with_a_link_to_one_of_them() -> None:
    store(USUAL, title="first")
    odd = monograph(PHRASE.format("102°F", "1-800-332-1089"), key=str(UUID(int=9)))
    assert "other-pages-fact" not in checked(odd)
    store(USUAL, title="second")
    fever, phone = checked(odd)["other-pages-fact"]
    assert ("100.4°F" in fever.message, "1-800-332-1088" in phone.message) == (True, True)
    assert {other.page for other in (*fever.others, *phone.others)} <= {"first", "second"}
    assert PublishedFact.objects.filter(key=fever.others[0].key).exists()
    assert "other-pages-fact" not in checked(monograph(USUAL, key=str(UUID(int=9))))


def test_where_the_other_pages_do_not_agree_nothing_is_said() -> None:
    for number in ("1-800-332-1088", "1-800-332-1088", "1-800-332-1087", "1-800-332-1086"):
        store(PHRASE.format("100.4°F", number))
    assert "other-pages-fact" not in checked(monograph(PHRASE.format("100.4°F", "1-800-332-1089")))


@pytest.mark.parametrize("pages", [2, 200])
def test_other_pages_are_asked_in_three_queries_however_many_there_are(pages: int) -> None:
    words = "zumab zuxnib xyzzys quuxes"
    rows = [
        PublishedFact(key=uuid4(), title=f"page {n}", kind=kind, subject=subject, value=value)
        for n in range(pages)
        for kind, subject, value in (
            (FEVER, FEVER, "100.4"),
            (PHONE, "fda", "8003321088"),
            (WORD, "xyzzys", ""),
        )
    ]
    PublishedFact.objects.bulk_create(rows)
    text = TextIndex(monograph(f"{PHRASE.format('102°F', '1-800-332-1089')} {words}"))
    with CaptureQueriesContext(connection) as queries:
        context = CheckContext.load(text)
    asked = [query["sql"] for query in queries if "rules_publishedfact" in query["sql"]]
    assert len(asked) == 3
    assert context.words == {"xyzzys"}
    assert {fact.pages for found in context.shared.values() for fact in found} == {pages}


def test_the_index_follows_what_is_public(writer: Any, reviewer: Any) -> None:
    page = make_monograph(by=writer)
    edit(page, writer, how_it_works=f"{USUAL} It is called quuxes.")
    assert PublishedFact.objects.count() == 0
    publish(page, writer, reviewer)
    own = PublishedFact.objects.filter(key=page.translation_key)
    assert {(row.kind, row.subject) for row in own} >= {(FEVER, FEVER), (PHONE, "fda"), (WORD, "quuxes")}
    own.delete()
    build_missing_facts()
    assert own.count() >= 3
    Withdraw(
        reviewer, page.translation_key, cause=WithdrawalReason.MISTAKE, note="Why.", password=PASSWORD
    ).execute()
    assert own.count() == 0


def test_an_editor_adds_a_word_where_it_is_flagged(writer: Any, editor: Any) -> None:
    page = make_monograph(by=writer)
    edit(page, writer, how_it_works="You feel nuasea.")
    draft = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    (finding,) = [f for f in current_findings(draft) if f.rule == "spelling"]
    assert [(r.words, r.replacement) for r in finding.remedies] == [("nuasea", "nausea")]
    page.refresh_from_db()
    form = form_of(page) | {"editor-rule": finding.rule, "editor-fingerprint": finding.fingerprint}
    address = reverse("review:editor:dictionary", args=[page.pk])
    refused = as_user(writer).post(address, form)
    assert (refused.status_code, DictionaryWord.objects.count()) == (403, 0)
    assert "Only editors" in refused.json()["message"]
    answer = as_user(editor).post(address, form)
    assert answer.status_code == 200, answer.content
    assert "nuasea” is not in the dictionary" not in answer.json()["panel"]
    assert [f for f in current_findings(draft) if f.rule == "spelling"] == []


def test_editors_keep_the_dictionary_on_its_screen(editor: Any, writer: Any) -> None:
    address = reverse("review:dictionary")
    client = as_user(editor)
    assert (
        "zumabx” is in the dictionary"
        in client.post(address, {"word": " Zumabx "}, follow=True).content.decode()
    )
    shown = client.get(address).content.decode()
    assert "<strong>zumabx</strong>, added by Editor Tester" in shown
    for word, why in (
        ("two words", "one word"),
        ("nausea", "known already"),
        ("", "one word"),
        ("x" * 61, "one word"),
    ):
        answer = client.post(address, {"word": word})
        assert (answer.status_code, why in answer.content.decode()) == (403, True)
    with pytest.raises(PolicyError, match="Only editors"):
        add_word(writer, "quuxes")
    assert as_user(writer).post(address, {"word": "zumabx", "remove": "1"}).status_code == 403
    client.post(address, {"word": "zumabx", "remove": "1"})
    assert DictionaryWord.objects.count() == 0


def test_the_lists_know_words_of_patients_and_of_labels() -> None:
    assert len(listed_words()) > 70_000
    known = (
        "fever nausea thrombocytopenia leukemia infusion anaphylaxis zanubrutinib vincristine don’t kidneys"
    )
    assert [word for word in known.split() if not is_known(word)] == []
    meant = {"medicne": "medicine", "tempreature": "temperature", "docter": "doctor", "recieve": "receive"}
    assert {wrong: near_words(wrong)[0] for wrong in meant} == meant
