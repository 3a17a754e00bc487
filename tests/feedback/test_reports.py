"""The admin reports on feedback."""

import csv
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook  # type: ignore[import-untyped]  # has no hints

from monographs.feedback.models import Feedback
from tests.conftest import as_user

COUNTS, ANSWERS = "/admin/feedback/", "/admin/feedback/answers/"


@pytest.fixture
def answers(db: None) -> None:
    for slug, number, answer, words in (
        ("alphaumab", 1, "yes", ""),
        ("alphaumab", 2, "no", "=HYPERLINK(1)"),
        ("betaumab", 1, "no", "How long"),
        ("betaumab", 1, "no", "<b>bold</b>"),
        ("betaumab", 1, "unsure", ""),
    ):
        Feedback.objects.create(
            key="00000000-0000-0000-0000-00000000000" + ("a" if slug[0] == "a" else "b"),
            slug=slug,
            title=slug,
            number=number,
            sha256="0" * 64,
            answer=answer,
            words=words,
        )


def rows(client: Client, address: str) -> list[list[str]]:
    response = client.get(address)
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "html.parser")
    return [[cell.get_text(" ", strip=True) for cell in row.select("td")] for row in page.select("tbody tr")]


def table(client: Client, address: str) -> list[dict[str, str]]:
    content = b"".join(client.get(address).streaming_content).decode()
    return list(csv.DictReader(content.splitlines()))


@pytest.mark.usefixtures("answers")
def test_pages_are_counted_the_least_helpful_first(editor: Any) -> None:
    shown = rows(as_user(editor), COUNTS)
    assert [row[:5] for row in shown] == [["betaumab", "2", "1", "0", "2"], ["alphaumab", "1", "0", "1", "1"]]


@pytest.mark.usefixtures("answers")
def test_answers_name_the_edition_and_lead_to_it(editor: Any) -> None:
    client = as_user(editor)
    shown = rows(client, f"{ANSWERS}?slug=alphaumab")
    assert [row[:4] for row in shown] == [
        ["alphaumab", "2", "No", "=HYPERLINK(1) Erase comment"],
        ["alphaumab", "1", "Yes", ""],
    ]
    page = BeautifulSoup(client.get(ANSWERS).content, "html.parser")
    assert page.select('a[href="/medicines/alphaumab/editions/2/"]')
    assert "<b>bold</b>" in page.get_text()


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 5),
        ("answer=no", 3),
        ("words=true", 3),
        ("words=false", 2),
        ("slug=betaumab", 3),
        ("number=2", 1),
        ("title=ALPHA", 2),
        ("at_from=2099-01-01", 0),
        ("at_to=2099-01-01&answer=unsure", 1),
    ],
)
def test_answers_are_filtered(editor: Any, query: str, count: int) -> None:
    assert len(rows(as_user(editor), f"{ANSWERS}results/?{query}")) == count


@pytest.mark.usefixtures("answers")
def test_counts_are_filtered_by_date(editor: Any) -> None:
    client = as_user(editor)
    assert rows(client, f"{COUNTS}?at_from=2099-01-01") == []
    assert len(rows(client, f"{COUNTS}results/?at_to=2099-01-01&title=beta")) == 1


@pytest.mark.usefixtures("answers")
def test_a_workbook_is_made_whatever_was_stored(editor: Any) -> None:
    Feedback.objects.filter(answer="yes").update(words="a\x01b")
    Feedback.objects.filter(answer="unsure").update(words="x;=1+1")
    client = as_user(editor)
    book = load_workbook(BytesIO(client.get(f"{ANSWERS}?export=xlsx").getvalue()))
    assert "ab" in [cell.value for cell in book.active["F"]]
    assert "x;'=1+1" in [row["Looking for"] for row in table(client, ANSWERS + "?export=csv")]


@pytest.mark.usefixtures("answers")
def test_tables_for_spreadsheets_hold_no_formulas(editor: Any) -> None:
    client = as_user(editor)
    counted = table(client, f"{COUNTS}?export=csv")
    assert [(row["Medicine"], row["No"], row["With a comment"]) for row in counted] == [
        ("betaumab", "2", "2"),
        ("alphaumab", "1", "1"),
    ]
    said = table(client, f"{ANSWERS}?export=csv&slug=alphaumab")
    assert [row["Looking for"] for row in said] == ["'=HYPERLINK(1)", ""]
    assert [(row["Edition"], row["Helpful?"]) for row in said] == [("2", "No"), ("1", "Yes")]


@pytest.mark.parametrize("address", [COUNTS, ANSWERS, f"{COUNTS}results/", f"{ANSWERS}results/?export=csv"])
def test_only_editors_read_it(
    address: str, writer: Any, reviewer: Any, editor: Any, superuser: Any, client: Client
) -> None:
    assert client.get(address).url.startswith("/admin/login/")
    for user in (writer, reviewer):
        assert as_user(user).get(address).status_code == 302
    for user in (editor, superuser):
        assert as_user(user).get(address).status_code == 200


def test_the_menu_item_is_shown_to_users_with_the_permission(writer: Any, editor: Any) -> None:
    home, own = reverse("wagtailadmin_home"), b'/admin/feedback/"'
    assert own in as_user(editor).get(home).content
    assert own not in as_user(writer).get(home).content


@pytest.mark.usefixtures("answers")
def test_nothing_can_be_changed_in_the_lists(editor: Any) -> None:
    client = as_user(editor)
    for address in (COUNTS, ANSWERS):
        assert client.post(address, {"answer": "yes"}).status_code == 405
    assert Feedback.objects.count() == 5


def answer_with_comment(slug: str) -> Feedback:
    """Return the newest answer about ``slug`` with a comment."""
    return Feedback.objects.filter(slug=slug).exclude(words="")[0]


@pytest.mark.usefixtures("answers")
def test_an_editor_erases_a_comment_and_the_answer_still_counts(
    editor: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client, said = as_user(editor), answer_with_comment("betaumab")
    address = f"{ANSWERS}{said.pk}/erase/"
    listed = BeautifulSoup(client.get(ANSWERS).content, "html.parser")
    assert listed.select(f'a[href="{address}"]')
    asked = BeautifulSoup(client.get(address).content, "html.parser")
    assert asked.blockquote.get_text() == said.words
    assert Feedback.objects.get(pk=said.pk).words == said.words

    with caplog.at_level("INFO", logger="monographs.feedback"):
        done = client.post(address, follow=True)
    assert b"The comment was erased." in done.content
    said.refresh_from_db()
    assert (said.words, said.answer) == ("", "no")
    assert Feedback.objects.exclude(words="").count() == 2
    assert editor.username in caplog.text
    assert "bold" not in caplog.text
    assert not BeautifulSoup(client.get(ANSWERS).content, "html.parser").select(f'a[href="{address}"]')
    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("answers")
def test_only_users_who_may_view_feedback_erase_comments(writer: Any, reviewer: Any, client: Client) -> None:
    said = answer_with_comment("betaumab")
    for visitor in (client, as_user(writer), as_user(reviewer)):
        visitor.post(f"{ANSWERS}{said.pk}/erase/")
    assert Feedback.objects.get(pk=said.pk).words == said.words
