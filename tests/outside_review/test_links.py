"""A review link for an outside expert: one text, notes under a name, an end, and never a signature."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monographs.core.db_clock import database_now
from monographs.editions.models import LedgerEntry, Signature
from monographs.editions.verify import check_database
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions import AnswerNote, Recall, ResolveNote, WithdrawNote
from monographs.review.models import Note, Notice, OutsideLink, OutsideVisit, Submission, VisitKind
from monographs.review.outside_link_end import LinkEnd
from monographs.review.outside_review import link_keys, outside_actions
from monographs.review.outside_review.outside_actions import MakeOutsideLink, RevokeOutsideLink
from tests.conftest import run_deferred_constraints
from tests.factories import sign
from tests.outside_review.outside_experts import words

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/outside-review/"


@pytest.fixture
def key(sent: Submission, editor: Any) -> str:
    made: str = MakeOutsideLink(editor, sent, expert="Dr. Olga Outside", days=7).execute()
    return made


def address_of(key: str) -> str:
    return f"{ADDRESS}?key={key}"


def leave(client: Client, key: str, **form: str) -> Any:
    return client.post(
        address_of(key), {"section": "how_it_works", "body": "Which protein?", "quote": "", **form}
    )


def test_the_expert_reads_the_changes_and_leaves_a_note_on_a_passage(
    client: Client, sent: Submission, key: str, writer: Any, reviewer: Any
) -> None:
    page = client.get(address_of(key))
    shown = " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())
    assert "It binds to a protein on the cell." in shown
    assert "Dr. Olga Outside" in shown
    assert page.headers["Cache-Control"].startswith("no-store, private")
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "sessionid" not in page.cookies
    assert "password" not in page.content.decode().lower()
    done = leave(client, key, quote="a protein on the cell")
    note = Note.objects.get()
    assert (done.status_code, done["Location"]) == (302, f"{address_of(key)}#note-{note.pk}")
    assert (note.author, note.author_person.name, note.is_from_outside) == (None, "Dr. Olga Outside", True)
    assert note.quote == "a protein on the cell"
    assert leave(client, key, quote="a protein on the cell").status_code == 302
    assert Note.objects.count() == 1, "sent again by a browser that got no answer"
    assert set(Notice.objects.filter(event="note_left").values_list("user__username", flat=True)) == {
        "writer"
    }
    visits = list(OutsideVisit.objects.order_by("pk").values_list("what", flat=True))
    assert visits == ["read", "note"]
    client.force_login(reviewer)
    review = client.get(f"/admin/review/{sent.pk}/").content.decode()
    assert "Dr. Olga Outside" in review
    assert "outside expert</span>" in review
    with pytest.raises(PolicyError, match="Notes are open"):
        sign(sent, reviewer)
    for attempt in (ResolveNote(reviewer, note), WithdrawNote(reviewer, note)):
        with pytest.raises(PolicyError, match=r"outside expert’s note.* A writer of the page resolves it\."):
            attempt.execute()
    ResolveNote(writer, note, body="Named.").execute()
    sign(sent, reviewer)
    run_deferred_constraints()
    assert {signature.username for signature in Signature.objects.all()} == {"reviewer"}
    assert not check_database().faults


def test_what_staff_answer_among_themselves_is_not_shown_to_the_expert(
    client: Client, key: str, writer: Any
) -> None:
    leave(client, key)
    note = Note.objects.get()
    AnswerNote(writer, note, body="The expert is wrong about this, I think.").execute()
    ResolveNote(writer, note, body="Left as it is.").execute()
    page = client.get(address_of(key)).content.decode()
    assert "Which protein?" in page
    assert ": resolved</p>" in page
    for internal in ("The expert is wrong", "Left as it is.", "Writer Tester"):
        assert internal not in page


def test_the_expert_mentions_nobody(client: Client, key: str, reviewer2: Any) -> None:
    leave(client, key, body="@reviewer2 and @writer: which protein?")
    assert Note.objects.exists()
    assert not Notice.objects.filter(event="mentioned").exists()
    assert [notice.user.username for notice in Notice.objects.filter(event="note_left")] == ["writer"]


@pytest.mark.parametrize("how", ["deactivated", "deleted"])
def test_a_link_ends_with_the_account_that_made_it(how: str, client: Client, key: str, editor: Any) -> None:
    if how == "deleted":
        OutsideLink.objects.update(made_by=None)
    else:
        User.objects.filter(pk=editor.pk).update(is_active=False)
    answer = client.get(address_of(key))
    assert answer.status_code == 410
    assert "protein" not in answer.content.decode()
    assert leave(client, key).status_code == 410


def test_only_the_hash_of_the_key_is_stored_and_guesses_ask_nothing(
    client: Client, sent: Submission, key: str, django_assert_num_queries: Any
) -> None:
    link = OutsideLink.objects.get()
    assert link.key_sha256 not in key
    assert key.partition(".")[0] not in str(LedgerEntry.objects.values_list("body", flat=True))
    for guess in ("", "x", f"{key}x", key.swapcase(), key.partition(".")[0]):
        with django_assert_num_queries(0):
            answer = client.get(address_of(guess))
        assert answer.status_code == 404
        assert sent.title not in answer.content.decode()


@pytest.mark.parametrize("how", ["revoked", "expired", "recalled", "signed"])
def test_the_link_ends(
    how: str, client: Client, sent: Submission, key: str, writer: Any, reviewer: Any
) -> None:
    editor = User.objects.get(username="editor")
    assert client.get(address_of(key)).status_code == 200
    link = OutsideLink.objects.get()
    if how == "revoked":
        RevokeOutsideLink(editor, link).execute()
    elif how == "expired":
        OutsideLink.objects.update(expires_at=database_now() - timedelta(seconds=1))
    elif how == "recalled":
        Recall(writer, sent).execute()
    else:
        sign(sent, reviewer)
    for answer in (client.get(address_of(key)), leave(client, key)):
        assert answer.status_code == 410
        assert "protein" not in answer.content.decode()
        assert sent.title not in answer.content.decode()
    assert not Note.objects.exists()
    assert OutsideVisit.objects.filter(what__startswith="refused: ").count() == 1, "once for each reason"
    with pytest.raises(PolicyError):
        outside_actions.leave_outside_note(link, section="how_it_works", body="Late.")


def test_what_is_wrong_is_said_where_it_was_typed(
    client: Client, sent: Submission, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = leave(client, key, body="Kept words.", quote="no such words")
    assert wrong.status_code == 403
    assert "These words do not stand in" in wrong.content.decode()
    assert "Kept words." in wrong.content.decode()
    assert leave(client, key, body="").status_code == 400
    assert leave(client, key, body="x" * 5000).status_code == 400
    lost = leave(client, key, section="no_such", body="Kept words.")
    assert lost.status_code == 403
    assert "Kept words." in lost.content.decode()
    assert not Note.objects.exists()
    assert outside_actions.MOST_NOTES == 100
    monkeypatch.setattr(outside_actions, "MOST_NOTES", 1)
    assert leave(client, key).status_code == 302
    assert leave(client, key, body="Another.").status_code == 403


def test_it_is_rate_limited(client: Client, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert link_keys.MOST_READS == 60
    monkeypatch.setattr(link_keys, "MOST_READS", 2)
    statuses = [client.get(address_of(key)).status_code for _ in range(5)]
    assert statuses == [200, 200, 429, 429, 429]
    assert OutsideVisit.objects.filter(what="refused: too_many").count() == 1, "once in each minute"
    assert OutsideLink.objects.get().reads == 3, "and nothing more is written"
    OutsideLink.objects.update(counted_from=database_now() - timedelta(minutes=2))
    assert client.get(address_of(key)).status_code == 200


def test_a_link_opens_nothing_else(client: Client, sent: Submission, key: str) -> None:
    for path in (f"review/{sent.pk}/", f"review/{sent.pk}/document/", "review/", "notices/"):
        assert client.get(f"/admin/{path}?key={key}").status_code == 302
    assert client.post(f"/admin/review/{sent.pk}/sign/?key={key}", {"password": "x"}).status_code in (
        302,
        401,
        403,
    )
    assert client.get(f"{ADDRESS}figures/{'0' * 64}.png?key={key}").status_code == 404
    assert client.put(address_of(key)).status_code == 405


@pytest.mark.parametrize("who", ["writer", "reviewer"])
def test_only_editors_make_and_end_links(
    who: str, sent: Submission, key: str, writer: Any, reviewer: Any, client: Client
) -> None:
    user = {"writer": writer, "reviewer": reviewer}[who]
    for attempt in (
        MakeOutsideLink(user, sent, expert="X", days=1),
        RevokeOutsideLink(user, OutsideLink.objects.get()),
    ):
        with pytest.raises(PolicyError) as refused:
            attempt.execute()
        assert refused.value.rule == Rule.NOT_AN_EDITOR
    client.force_login(user)
    assert client.get(f"/admin/review/{sent.pk}/outside/").status_code in (302, 403)
    assert OutsideLink.objects.get().revoked_at is None


def test_the_address_is_shown_once_and_the_accesses_later(
    sent: Submission, editor: Any, client: Client
) -> None:
    screen = f"/admin/review/{sent.pk}/outside/"
    client.force_login(editor)
    assert client.post(screen, {"expert": "", "days": "7"}).status_code == 400
    assert client.post(screen, {"expert": "Dr. X", "days": "31"}).status_code == 400
    made = client.post(screen, {"expert": "Dr. X", "days": "7"}).content.decode()
    found = re.search(r"outside-review/\?key=([\w.-]+)", made)
    assert found
    assert Client().get(address_of(found[1])).status_code == 200
    later = client.get(screen).content.decode()
    assert found[1] not in later
    assert ": read the text</li>" in later
    assert client.post(screen, {"revoke": "1" * 40}).status_code == 302
    assert client.post(screen, {"revoke": OutsideLink.objects.get().pk}).status_code == 302
    assert Client().get(address_of(found[1])).status_code == 410
    events = LedgerEntry.objects.filter(event__startswith="outside_link").values_list("event", flat=True)
    assert set(events) == {"outside_link_made", "outside_link_revoked"}


def test_a_form_without_a_token_is_refused(sent: Submission, key: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert leave(strict, key).status_code == 403
    assert not Note.objects.exists()


def test_the_list_of_links_asks_the_same_queries_for_any_number(
    client: Client, sent: Submission, editor: Any
) -> None:
    client.force_login(editor)
    address = reverse("review:outside_links", args=[sent.pk])
    counts = []
    for number in range(1, 4):
        link = MakeOutsideLink(editor, sent, expert=f"Expert {number}", days=7).execute()
        Client().get(address_of(link))
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address)
        counts.append(len(queries))
        assert page.content.decode().count(": read the text</li>") == number
    assert counts == counts[:1] * 3


def test_the_contents_say_what_changed_and_where_notes_are(
    client: Client, sent: Submission, key: str
) -> None:
    leave(client, key)
    page = words(client.get(address_of(key)))
    contents = page[page.index('aria-labelledby="contents-title"') : page.index("</nav>")]
    assert re.search(r" 2 of \d+ sections changed\.", contents), "with the note on what changed"
    assert contents.count(">changed") == 2
    assert re.search(r"#section-how_it_works\">How it works</a> <span[^>]*>changed, 1 note</span>", contents)
    assert "left to read" not in contents, "who signs nothing marks nothing"


def test_all_of_the_text_is_printed_and_scripts_are_the_sites_own(client: Client, key: str) -> None:
    page = client.get(address_of(key))
    shown = words(page)
    folded = '<details class="redline__fold"> <summary>Unchanged: show it</summary>'
    assert shown.count("Unchanged: show it") == shown.count(folded) > 0
    for script in ("print-whole", "selected-words", "outside-notes"):
        assert re.search(rf'<script src="[^"]*/{script}[^"]*\.js" defer></script>', shown)
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    assert "<script>" not in shown
    assert " style=" not in shown


@pytest.mark.parametrize(
    ("end", "status", "heading"),
    [
        (LinkEnd.UNKNOWN, 404, "No such link"),
        (LinkEnd.TOO_MANY, 429, "Please wait a minute"),
        (LinkEnd.REVOKED, 410, "This link has ended"),
    ],
)
def test_the_page_without_a_text_says_why(
    end: LinkEnd, status: int, heading: str, client: Client, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if end is LinkEnd.TOO_MANY:
        monkeypatch.setattr(link_keys, "MOST_READS", 0)
    elif end is LinkEnd.REVOKED:
        OutsideLink.objects.update(revoked_at=database_now())
    answer = client.get(address_of("x" if end is LinkEnd.UNKNOWN else key))
    assert answer.status_code == status
    shown = words(answer)
    assert f"<title>{heading}</title>" in shown
    assert f"<h1>{heading}</h1>" in shown
    assert end.value in shown


def test_editors_read_in_words_how_a_link_ended_and_was_used(
    client: Client, sent: Submission, key: str, editor: Any, site: Any
) -> None:
    client.get(address_of(key))
    leave(client, key)
    OutsideLink.objects.update(made_by=None)
    client.get(address_of(key))
    client.force_login(editor)
    shown = words(client.get(reverse("review:outside_links", args=[sent.pk])))
    assert "ended: whoever made it has left</p>" in shown
    for text in ("read the text", "left a note", "refused: whoever made it has left"):
        assert f": {text}</li>" in shown


def test_every_reason_to_show_nothing_has_words_for_editors() -> None:
    for end in LinkEnd:
        if end is not LinkEnd.UNKNOWN:
            assert end.visit.why
            assert "_" not in end.visit.why
    longest = OutsideVisit._meta.get_field("what").max_length
    assert longest
    assert all(len(kind.value) <= longest for kind in VisitKind)


def test_a_link_lasts_for_days_within_the_limit(sent: Submission, editor: Any) -> None:
    for days in (0, link_keys.LONGEST_DAYS + 1):
        with pytest.raises(PolicyError, match="from 1 to 30 days") as refused:
            MakeOutsideLink(editor, sent, expert="Dr. X", days=days).execute()
        assert refused.value.rule == Rule.OUT_OF_RANGE


def test_a_form_that_is_sent_twice_makes_one_link(
    client: Client, sent: Submission, editor: Any, editor2: Any
) -> None:
    address = reverse("review:outside_links", args=[sent.pk])
    client.force_login(editor)
    form = {"expert": "Dr. X", "days": "7", "form": client.get(address).context["form"]["form"].value()}
    first, second = (client.post(address, form) for _ in range(2))
    assert OutsideLink.objects.count() == 1
    assert LedgerEntry.objects.filter(event="outside_link_made").count() == 1
    assert first.context["address"] == second.context["address"] != ""
    assert client.get(second.context["address"].removeprefix("http://testserver")).status_code == 200
    assert second.context["form"]["form"].value() != form["form"], "the next form makes another link"
    for other in ({"expert": "Dr. Y"}, {"days": "8"}, {"form": "0" * 32}):
        assert client.post(address, form | other).context["address"] != first.context["address"]
    client.force_login(editor2)
    assert client.post(address, form).context["address"] != first.context["address"]
    assert OutsideLink.objects.count() == 5


def test_a_form_does_not_make_a_link_again_that_has_ended(
    client: Client, sent: Submission, editor: Any
) -> None:
    client.force_login(editor)
    address, form = (
        reverse("review:outside_links", args=[sent.pk]),
        {"expert": "X", "days": "7", "form": "0" * 32},
    )
    client.post(address, form)
    OutsideLink.objects.update(revoked_at=database_now())
    refused = client.post(address, form)
    assert (refused.context["address"], OutsideLink.objects.count()) == ("", 1)
    assert outside_actions.MADE_AND_ENDED in words(refused)
