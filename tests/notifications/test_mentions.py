"""Mentions in notes: who is told, who is not, and which names are offered."""

from typing import Any

import pytest
from django.test import Client

from monographs.review.actions import AddNote, AnswerNote, ResolveNote, Return
from monographs.review.mentions import mentioned, names_in
from monographs.review.models import Note, Notice, Submission
from tests.factories import make_group, make_monograph, make_user, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(writer: Any, reviewer: Any) -> Submission:
    return submit(make_monograph(by=writer), writer)


def note(submission: Submission, by: Any, body: str) -> Note:
    return AddNote(by, submission, section="how_it_works", body=body).execute()


def told(event: str = "mentioned") -> set[str]:
    return set(Notice.objects.filter(event=event).values_list("user__username", flat=True))


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("@rita please look.", ["rita"]),
        ("Please look, @rita.", ["rita"]),
        ("(@rita, @rolf-x)", ["rita", "rolf-x"]),
        ("@rita@example.org and @rita", ["rita@example.org", "rita"]),
        ("Write to rita@example.org", []),
        ("5 mg @ night", []),
        ("@rita @rita", ["rita"]),
        ("@...", []),
    ],
)
def test_what_is_a_mention(words: str, names: list[str]) -> None:
    assert names_in(words) == names


def test_who_is_mentioned_gets_one_notice_and_may_see_the_page(
    sent: Submission, writer: Any, reviewer: Any, reviewer2: Any, editor: Any
) -> None:
    make_group("Readers")
    make_user("reader", "Readers")
    made = note(sent, reviewer, "@Writer and @reviewer2: which dose? @reader @nobody @reviewer")
    assert told() == {"writer", "reviewer2"}, "not the author, nor who may not see the page"
    assert told("note_left") == set(), "one notice each"
    people, unknown = mentioned(made.key, made.body)
    assert [user.username for user in people] == ["writer", "reviewer2", "reviewer"]
    assert unknown == ["reader", "nobody"]
    AnswerNote(writer, made, body="@editor knows.").execute()
    assert told() == {"writer", "reviewer2", "editor"}
    assert told("note_answered") == {"reviewer"}
    notice = Notice.objects.get(event="mentioned", user=editor)
    assert notice.subject == "Writer Tester mentions you: testumab"
    assert notice.path == f"/admin/review/{sent.pk}/#note-{made.pk}"


def test_resolving_a_note_repeats_no_mention_and_always_tells_its_author(
    sent: Submission, writer: Any, reviewer: Any, reviewer2: Any
) -> None:
    made = note(sent, reviewer, "Which dose?")
    AnswerNote(writer, made, body="@reviewer @reviewer2: 5 mg?").execute()
    assert told() == {"reviewer", "reviewer2"}
    before = Notice.objects.filter(event="mentioned").count()
    ResolveNote(writer, made).execute()
    assert Notice.objects.filter(event="mentioned").count() == before
    resolved = Notice.objects.get(event="note_resolved")
    assert resolved.user == reviewer
    assert "5 mg?" not in resolved.text

    other = note(sent, reviewer, "Which form?")
    ResolveNote(writer, other, body="A tablet, @reviewer and @reviewer2.").execute()
    assert Notice.objects.filter(event="mentioned").count() == before + 2
    last = Notice.objects.filter(event="note_resolved").latest("pk")
    assert (last.user, "A tablet" in last.text) == (reviewer, True)


def test_the_screen_says_which_names_are_unknown(sent: Submission, reviewer: Any, client: Client) -> None:
    client.force_login(reviewer)
    form = {"section": "how_it_works", "body": "@nobody should look. @writer"}
    answer = client.post(f"/admin/review/{sent.pk}/notes/", form, follow=True).content.decode()
    assert "Nobody who may see this page has the name @nobody" in answer
    assert "@writer, so" not in answer


def test_names_are_offered_to_who_may_see_the_page(
    sent: Submission, reviewer: Any, writer: Any, editor: Any, client: Client
) -> None:
    address = f"/admin/review/record/{sent.key}/people/"
    client.force_login(reviewer)
    assert client.get(address, {"q": "wri"}).json() == {
        "people": [{"name": "writer", "full": "Writer Tester"}]
    }
    everybody = {each["name"] for each in client.get(address).json()["people"]}
    assert everybody == {"writer", "reviewer", "editor"}
    assert client.get(address, {"q": "tester"}).json()["people"], "a later word of the name"
    assert client.get(address, {"q": "%"}).json() == {"people": []}
    make_group("Readers")
    for who in (make_user("reader", "Readers"), make_user("nobody")):
        client.force_login(who)
        assert client.get(address).status_code == 302
    client.logout()
    assert client.get(address).status_code == 302


def test_the_screen_loads_no_names_before_they_are_typed(
    sent: Submission, reviewer: Any, client: Client
) -> None:
    client.force_login(reviewer)
    page = client.get(f"/admin/review/{sent.pk}/").content.decode()
    assert f'data-mentions="/admin/review/record/{sent.key}/people/"' in page
    assert "js/note-mentions" in page


def test_a_reason_mentions_as_a_note_does(writer: Any, reviewer: Any, reviewer2: Any, editor: Any) -> None:
    """Who is told of it in any case gets no second notice."""
    page = make_monograph(by=writer)
    sent = submit(page, writer, reason="As @editor asked. @reviewer, please.", reviewers=[reviewer])
    assert told() == {"editor"}
    Return(reviewer, sent, reason="Not so, @writer and @reviewer2.").execute()
    assert told() == {"editor", "reviewer2"}
    notice = Notice.objects.get(event="mentioned", user=reviewer2)
    assert "mentions you in a reason about" in notice.text
    assert notice.path == f"/admin/review/{sent.pk}/"
