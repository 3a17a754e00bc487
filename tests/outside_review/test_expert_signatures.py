"""A signature of an outside expert: recorded and confirmed by two people, invited, and proved by a code."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import DatabaseError, connection

from monographs.core.db_clock import database_now, database_today
from monographs.editions.contributions import record_contribution
from monographs.editions.export.bundle import write_export
from monographs.editions.models import Edition, LedgerEntry, Signature
from monographs.editions.person import SYSTEM, Person
from monographs.editions.verify import check_database
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import policy
from monographs.review.actions import DeclareConflict, Recall, ResolveNote
from monographs.review.models import (
    MedicalReviewTask,
    Note,
    OutsideLink,
    ReviewerProfile,
    Submission,
    SubmissionStatus,
)
from monographs.review.outside_review.expert_records import ChangeExpertAddress, EndExpert
from monographs.review.outside_review.invitations import InviteExpert
from monographs.review.outside_review.outside_actions import RevokeOutsideLink
from monographs.review.progress import progress_of
from tests.conftest import run_deferred_constraints
from tests.factories import edit, submit
from tests.outside_review.outside_experts import EMAIL, InvitedExpert, record_expert, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("signatures_allowed")]


def test_an_invited_expert_signs_by_a_code_and_both_verifiers_accept_it(
    invited: InvitedExpert, sent: Submission, tmp_path: Any
) -> None:
    page = words(invited.client.get(invited.address))
    assert "Mark as read" in page
    assert "Sign and approve for patients" not in page, "as long as something is left"
    invited.read()
    page = words(invited.client.get(invited.address))
    assert "You sign as <strong>Olga Outside, PharmD</strong>" in page
    assert "proved by a code sent to the recorded address" in page
    assert EMAIL not in page
    answer = invited.sign(invited.ask_code())
    assert answer.status_code == 200
    assert "You have signed this text" in words(answer)
    run_deferred_constraints()
    signature = Signature.objects.get(user_id=invited.expert.pk)
    assert (signature.name, signature.credentials) == ("Olga Outside", "PharmD")
    assert signature.method == "code sent to the recorded address"
    assert "proved by a code sent to the recorded address" in signature.statement
    edition = Edition.objects.get(number=2)
    assert edition.reviewers == [{"name": "Olga Outside", "credentials": "PharmD", "step": "Medical review"}]
    assert not check_database().faults
    write_export(tmp_path / "export")
    command = [sys.executable, "verify_export.py"]
    checked = subprocess.run(command, cwd=tmp_path / "export", capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    assert invited.client.get(invited.address).status_code == 410
    entries = LedgerEntry.objects.filter(subject=str(sent.key)).order_by("seq")
    events = list(entries.values_list("event", flat=True))[-5:]
    assert events == ["outside_link_made", "checked", "signed", "edition", "publication"]


def test_marks_and_ticks_are_those_of_any_signer(invited: InvitedExpert, sent: Submission) -> None:

    progress = progress_of(invited.expert, sent)
    for section in progress.to_read:
        done = invited.act("mark", section=section.anchor, digest=section.digest, value="read")
        assert done.status_code == 302
    assert not progress_of(invited.expert, sent).unread
    first = progress.to_read[0]
    invited.act("mark", section=first.anchor, digest=first.digest, value="unread")
    assert [each.anchor for each in progress_of(invited.expert, sent).unread] == [first.anchor]
    assert invited.act("mark", section=first.anchor, digest="0" * 64, value="read").status_code == 403
    assert invited.act("tick", statement=list(progress.statements)).status_code == 302
    assert not progress_of(invited.expert, sent).unticked
    refused = invited.sign(invited.ask_code())
    assert refused.status_code == 403
    assert "Not ready to sign" in words(refused)
    assert not invited.has_signed()


def test_it_is_off_unless_a_setting_allows_it(
    settings: Any, invited: InvitedExpert, editor: Any, sent: Submission
) -> None:
    invited.read()
    code = invited.ask_code()
    settings.OUTSIDE_SIGNATURES = False
    refused = invited.sign(code)
    assert refused.status_code == 403
    assert not invited.has_signed()
    with pytest.raises(PolicyError, match="takes no signatures of outside experts"):
        record_expert(editor, email="x@example.org")
    with pytest.raises(PolicyError, match="OUTSIDE_SIGNATURES"):
        InviteExpert(editor, sent, invited.expert, days=1).execute()


def _declare_conflict(invited: InvitedExpert, editor: User, editor2: User) -> None:
    DeclareConflict(
        editor2, invited.sent.key, invited.expert, reason="Paid by the maker.", starts_on=database_today()
    ).execute()


def _move_address(invited: InvitedExpert, editor: User, editor2: User) -> None:
    ChangeExpertAddress(editor, invited.expert, email="new@clinic.example").execute()
    assert EMAIL in {address for message in mail.outbox for address in message.to}


def _row(model: Any, **changes: Any) -> Callable[..., None]:
    """Return a change of all rows of ``model``, or of the account that ``who`` names."""
    who = changes.pop("who", None)

    def change(invited: InvitedExpert, editor: User, editor2: User) -> None:
        people = {"expert": invited.expert, "editor": editor, "editor2": editor2}
        rows = model.objects.filter(pk=people[who].pk) if who else model.objects.filter()
        rows.update(**{name: value() if callable(value) else value for name, value in changes.items()})

    return change


#: What happens after the code was sent → the change, and the rule that then refuses a signature.
BARS: dict[str, tuple[Callable[..., Any], Rule]] = {
    "ended": (lambda invited, editor, _: EndExpert(editor, invited.expert).execute(), Rule.INACTIVE),
    "expired credentials": (
        _row(ReviewerProfile, expires_on=lambda: database_today() - timedelta(days=1)),
        Rule.EXPIRED,
    ),
    "conflict": (_declare_conflict, Rule.CONFLICT_OF_INTEREST),
    "unconfirmed": (_row(User, who="expert", last_name="Other"), Rule.NOT_CONFIRMED),
    "moved address": (_move_address, Rule.SIGN_IN_CHANGED),
    "address of another account": (_row(User, who="editor2", email=EMAIL.upper()), Rule.NOT_VOUCHED),
}


#: The same for what ends the link, so that nothing is shown any more.
ENDS: dict[str, Callable[..., Any]] = {
    "revoked": lambda invited, editor, _: RevokeOutsideLink(editor, invited.link).execute(),
    "maker left": _row(User, who="editor", is_active=False),
    "invitation expired": _row(OutsideLink, expires_at=lambda: database_now() - timedelta(seconds=1)),
}


@pytest.mark.parametrize("how", BARS)
def test_what_bars_any_signer_bars_an_expert(
    how: str, invited: InvitedExpert, sent: Submission, editor: Any, editor2: Any
) -> None:
    invited.read()
    code = invited.ask_code()
    change, rule = BARS[how]
    change(invited, editor, editor2)
    now = User.objects.get(pk=invited.expert.pk)
    assert policy.user_can_sign(now, Submission.objects.get(pk=sent.pk)).rule == rule
    assert invited.sign(code).status_code == 403
    assert not invited.has_signed()
    refused = LedgerEntry.objects.filter(event="refused", body__contains=invited.expert.username)
    assert refused.filter(body__contains=rule.value).exists()


@pytest.mark.parametrize("how", ENDS)
def test_an_invitation_ends(
    how: str, invited: InvitedExpert, sent: Submission, editor: Any, editor2: Any
) -> None:
    invited.read()
    code = invited.ask_code()
    ENDS[how](invited, editor, editor2)
    verdict = policy.user_can_sign(invited.expert, Submission.objects.get(pk=sent.pk))
    assert verdict.rule == Rule.NOT_A_REVIEWER
    assert "Reviewer" not in verdict.message, "no names of staff"
    assert invited.sign(code).status_code == 410
    assert not invited.has_signed()


def test_words_from_outside_that_come_later_end_the_experts_signature(
    invited: InvitedExpert, sent: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited.read()
    code = invited.ask_code()
    record_contribution(sent.key, SYSTEM, sha256=sent.sha256)
    assert policy.user_can_sign(invited.expert, sent).allowed, "the service is nobody outside"
    record_contribution(sent.key, Person(None, "", "Dr. Ada"), sha256=sent.sha256)
    verdict = policy.user_can_sign(invited.expert, sent)
    assert verdict.rule == Rule.CONTRIBUTED
    assert invited.sign(code).status_code == 403
    assert not invited.has_signed()
    monkeypatch.setattr(policy, "user_can_sign", lambda *args: policy.ALLOWED)
    assert invited.sign(code).status_code != 200
    assert not Edition.objects.filter(number=2).exists(), "the edition is checked by itself"


def test_the_database_and_the_verifier_refuse_a_signature_without_an_invitation(
    invited: InvitedExpert, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited.read()
    code = invited.ask_code()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE editions_ledgerentry DISABLE TRIGGER USER")  # undone with the test
        cursor.execute("DELETE FROM editions_ledgerentry WHERE event = 'outside_link_made'")
        cursor.execute("ALTER TABLE editions_ledgerentry ENABLE TRIGGER USER")
    assert invited.sign(code).status_code == 200
    with pytest.raises(DatabaseError, match="was not invited to sign this"):
        run_deferred_constraints()


def test_the_expert_returns_it_with_a_reason(invited: InvitedExpert, sent: Submission) -> None:
    code = invited.ask_code()
    assert invited.act("return", reason="", code=code).status_code == 400
    assert "not right" in words(invited.act("return", reason="Wrong protein.", code="1"))
    assert "Wrong protein." in words(invited.act("return", reason="Wrong protein.", code="1"))
    assert invited.act("return", reason="Wrong protein.", code=code).status_code == 200
    sent.refresh_from_db()
    assert (sent.status, sent.outcome) == (SubmissionStatus.RETURNED, "Wrong protein.")
    assert sent.closer_person is not None
    assert sent.closer_person.name == "Olga Outside"


def test_words_of_an_experts_note_are_the_experts(
    invited: InvitedExpert, sent: Submission, writer: Any
) -> None:

    body = "It binds to a kinase which is a protein inside the cell that sends signals"
    done = invited.client.post(invited.address, {"section": "how_it_works", "body": body, "quote": ""})
    assert done.status_code == 302
    note = Note.objects.get()
    assert (note.author_person.username, note.is_from_outside) == (invited.expert.username, True)
    page = words(invited.client.get(invited.address))
    assert "1 note must be settled" in page
    ResolveNote(writer, note, body="Taken over.").execute()
    Recall(writer, sent).execute()
    page_row = Submission.objects.get(pk=sent.pk).page.specific
    again = submit(edit(page_row, writer, how_it_works=f"{body}."), writer)
    assert policy.excluded_users(again.key).contains(invited.expert.pk, invited.expert.username)


def test_an_expert_is_told_that_their_signature_is_void(
    invited: InvitedExpert, sent: Submission, writer: Any, django_capture_on_commit_callbacks: Any
) -> None:
    MedicalReviewTask.objects.update(signatures=2)
    invited.read()
    invited.sign(invited.ask_code())
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        Recall(writer, Submission.objects.get(pk=sent.pk), reason="A wrong word of Writer.").execute()
    (email,) = [each for each in mail.outbox if each.to == [EMAIL]]
    assert "no longer counts" in email.subject
    assert "Writer" not in email.body, "no names of staff"


def test_the_contents_say_what_an_expert_has_left_to_read(invited: InvitedExpert) -> None:
    page = words(invited.client.get(invited.address))
    assert "2 of 2 sections left to read." in page
    assert "changed, <strong>not read yet</strong>" in page
    invited.read()
    page = words(invited.client.get(invited.address))
    assert "You have marked as read all that must be read." in page
    assert ">changed, read</span>" in page
