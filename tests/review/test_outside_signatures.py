"""A signature of an outside expert: recorded and confirmed by two people, invited, and proved by a code."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core import mail
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from monographs.core.db_clock import database_now, database_today
from monographs.editions.contributions import record_contribution, retract_contribution
from monographs.editions.export.bundle import write_export
from monographs.editions.models import Edition, LedgerEntry, Signature
from monographs.editions.person import SYSTEM, Person
from monographs.editions.signatures import ExcludedUsers
from monographs.editions.verify import check_database
from monographs.pages.refusals import PolicyError, Rule
from monographs.review import expert_policy, policy
from monographs.review.actions import Confirm, DeclareConflict, Recall, ResolveNote, proposal_hash
from monographs.review.models import (
    MedicalReviewTask,
    Note,
    OutsideLink,
    ReviewerProfile,
    SigningCode,
    Submission,
    SubmissionStatus,
)
from monographs.review.outside_review import expert_views, signing_codes
from monographs.review.outside_review.expert_records import ChangeExpertAddress, EndExpert
from monographs.review.outside_review.invitations import InviteExpert, user_can_invite
from monographs.review.outside_review.outside_actions import MakeOutsideLink, RevokeOutsideLink
from monographs.review.progress import progress_of
from monographs.review.queue.queue_rows import queue_for
from monographs.review.team.team_rows import team_reviews
from tests.conftest import run_deferred_constraints
from tests.database import without_trigger
from tests.export.both_verifiers import faults_of_both
from tests.factories import edit, make_monograph, make_user, publish, sign, submit
from tests.review.left_notes import left_by_link
from tests.review.outside_experts import EMAIL, InvitedExpert, confirm_expert, record_expert

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def allowed(settings: Any) -> None:
    settings.OUTSIDE_SIGNATURES = True


@pytest.fixture
def editor2(site: Any) -> Any:
    return make_user("editor2", "Editors")


@pytest.fixture
def sent(writer: Any, reviewer: Any) -> Submission:
    page = make_monograph(by=writer)
    publish(page, writer, reviewer)
    edit(page, writer, how_it_works="It binds to a protein on the cell.")
    return submit(page, writer)


@pytest.fixture
def expert(editor: Any, editor2: Any) -> User:
    recorded = record_expert(editor)
    confirm_expert(editor2, recorded)
    return User.objects.get(pk=recorded.pk)


@pytest.fixture
def invited(
    editor: Any, sent: Submission, expert: User, django_capture_on_commit_callbacks: Any
) -> InvitedExpert:
    return InvitedExpert(editor, sent, expert, django_capture_on_commit_callbacks)


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


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


def test_a_recalled_text_is_not_signed(invited: InvitedExpert, sent: Submission, writer: Any) -> None:
    invited.read()
    code = invited.ask_code()
    Recall(writer, sent).execute()
    assert invited.sign(code).status_code == 410
    page = Submission.objects.get(pk=sent.pk).page.specific
    again = submit(edit(page, writer, how_it_works="It binds to another protein."), writer)
    assert not policy.user_can_sign(invited.expert, again).allowed, "the invitation was for the other one"
    assert not invited.has_signed()


@pytest.mark.parametrize("who", ["recorder", "confirmer", "maker"])
def test_nobody_who_wrote_the_text_answers_for_who_signs_it(
    who: str, sent: Submission, writer: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """An editor who wrote in the text records, confirms or invites."""
    people = {role: make_user(f"{role}1", "Editors") for role in ("recorder", "confirmer", "maker")}
    Recall(writer, sent).execute()
    page = Submission.objects.get(pk=sent.pk).page.specific
    people[who].groups.add(*writer.groups.all())
    edit(page, people[who], how_it_works="It binds to a third protein, says an editor.")
    again = submit(page, writer)
    expert = record_expert(people["recorder"])
    confirm_expert(people["confirmer"], expert)
    with pytest.raises(PolicyError) as refused:
        InviteExpert(people["maker"], again, expert, days=7).execute()
    assert refused.value.rule == Rule.NOT_VOUCHED
    other = make_user("bystander", "Editors")
    if who == "maker":
        with django_capture_on_commit_callbacks(execute=True):
            InviteExpert(other, again, expert, days=7).execute()
        assert policy.user_can_sign(User.objects.get(pk=expert.pk), again).allowed


@pytest.mark.parametrize("first", ["voucher", "expert"])
def test_who_vouches_for_an_expert_does_not_sign_the_same_text(
    first: str, sent: Submission, editor: Any, reviewer: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """Whether an expert and who recorded them are two people, nobody can tell: two signatures are of two."""
    MedicalReviewTask.objects.update(signatures=2)
    both = make_user("both", "Editors", "Medical reviewers", credentials="PharmD")
    expert = record_expert(editor)
    confirm_expert(both, expert)
    invited = InvitedExpert(editor, sent, expert, django_capture_on_commit_callbacks)
    invited.read()
    if first == "voucher":
        sign(sent, both)
        assert policy.user_can_sign(invited.expert, sent).rule == Rule.NOT_VOUCHED
        assert user_can_invite(editor, sent, invited.expert).rule == Rule.NOT_VOUCHED
        assert not invited.has_signed()
    else:
        assert invited.sign(invited.ask_code()).status_code == 200
        verdict = policy.user_can_sign(both, sent)
        assert verdict.rule == Rule.NOT_VOUCHED
        assert "an outside expert who signed this text" in verdict.message
        assert policy.eligible_signers(sent) == [reviewer]
        with pytest.raises(PolicyError, match="an outside expert who signed this text"):
            sign(sent, both)
    sign(sent, reviewer)


@pytest.mark.parametrize(
    "address", ["Olga+ada@Clinic.example", "olga@clinic.example", "\uff4flga+1+2@clinic.example"]
)
def test_a_mailbox_that_is_another_accounts_is_no_experts(
    address: str, invited: InvitedExpert, sent: Submission, editor: Any, reviewer: Any
) -> None:
    User.objects.filter(pk=reviewer.pk).update(email=address)
    assert policy.user_can_sign(invited.expert, sent).rule == Rule.NOT_VOUCHED
    with pytest.raises(PolicyError, match="that of another account"):
        record_expert(editor, email="OLGA+x@clinic.example", last_name="Other")


def test_words_that_were_left_by_a_link_without_an_account_may_be_any_experts(
    sent: Submission, expert: User, editor: Any, writer: Any, reviewer: Any
) -> None:
    """Nobody knows whether the expert is who had the link, under whatever name."""
    assert user_can_invite(editor, sent, expert).allowed
    own = "It slows the growth of the cells that make the illness worse over many weeks."
    left_by_link(sent, editor, "Dr. Ada", own)
    Note.objects.update(status="resolved")
    assert user_can_invite(editor, sent, expert).allowed, "a note alone is no word of the text"
    Recall(writer, sent).execute()
    again = submit(edit(sent.page.specific, writer, how_it_works=own), writer)
    verdict = user_can_invite(editor, again, expert)
    assert verdict.rule == Rule.CONTRIBUTED
    assert "by a link" in verdict.message
    assert policy.user_can_sign(reviewer, again).allowed


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


def sign_words_from_outside(invited: InvitedExpert, name: str, monkeypatch: pytest.MonkeyPatch) -> Signature:
    """Let the expert sign a text with words that ``name`` left without an account, past the code's rule."""
    known = ExcludedUsers.contains
    monkeypatch.setattr(
        ExcludedUsers, "contains", lambda self, *user: known(replace(self, from_outside=False), *user)
    )
    invited.read()
    record_contribution(invited.sent.key, Person(None, "", name), sha256=invited.sent.sha256)
    assert invited.sign(invited.ask_code()).status_code == 200
    return Signature.objects.get(user_id=invited.expert.pk)


def test_the_database_refuses_an_experts_signature_of_words_from_outside(
    invited: InvitedExpert, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_words_from_outside(invited, "Dr. Ada", monkeypatch)
    with pytest.raises(DatabaseError, match="signed words of somebody without an account"):
        run_deferred_constraints()


def test_both_verifiers_refuse_an_experts_signature_of_words_from_outside(
    invited: InvitedExpert, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    without_trigger("editions_edition", "experts_sign_named_words")
    signature = sign_words_from_outside(invited, "Dr. Ada", monkeypatch)
    (fault,) = faults_of_both(tmp_path / "export")
    assert f"signature {signature.pk} is of an outside expert, of words left without an account" in fault


def test_words_of_the_service_and_words_taken_back_bar_no_expert(
    invited: InvitedExpert, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    gone = record_contribution(invited.sent.key, Person(None, "", "Dr. Bea"), sha256=invited.sent.sha256)
    retract_contribution(gone, SYSTEM)
    sign_words_from_outside(invited, SYSTEM.name, monkeypatch)
    run_deferred_constraints()
    assert not faults_of_both(tmp_path / "export")


def test_no_link_is_made_for_who_could_not_be_told_from_the_service(sent: Submission, editor: Any) -> None:
    with pytest.raises(PolicyError, match="Write the expert’s name"):
        MakeOutsideLink(editor, sent, expert=" System", days=7).execute()


def test_who_vouches_and_writes_later_is_refused_by_policy_database_and_verifiers(
    invited: InvitedExpert, sent: Submission, editor2: Any, monkeypatch: pytest.MonkeyPatch
) -> None:

    record_contribution(sent.key, Person(editor2.pk, "editor2", "Editor2 Tester"), sha256=sent.sha256)
    invited.read()
    assert policy.user_can_sign(invited.expert, sent).rule == Rule.NOT_VOUCHED
    monkeypatch.setattr(expert_policy, "is_vouched_for", lambda *args: True)
    code = invited.ask_code()
    assert invited.sign(code).status_code == 200
    with pytest.raises(DatabaseError, match="vouches for its outside expert"):
        run_deferred_constraints()


def test_the_verifier_knows_that_rule(
    invited: InvitedExpert, sent: Submission, editor2: Any, monkeypatch: pytest.MonkeyPatch
) -> None:

    run_deferred_constraints()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE editions_edition DISABLE TRIGGER USER")  # undone with the test
    record_contribution(sent.key, Person(editor2.pk, "editor2", "Editor2 Tester"), sha256=sent.sha256)
    invited.read()
    monkeypatch.setattr(expert_policy, "is_vouched_for", lambda *args: True)
    assert invited.sign(invited.ask_code()).status_code == 200
    assert [fault for fault in check_database().faults if "for whom somebody vouches" in fault]


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


def test_codes_are_right_once_here_now_and_for_this_text(
    invited: InvitedExpert, sent: Submission, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited.read()
    assert "Ask for a code first" in words(invited.sign("12345678"))
    code = invited.ask_code()
    wrong = f"{(int(code) + 1) % 10**8:08}"
    assert "That code is not right" in words(invited.sign(wrong))
    assert "another browser" in words(invited.sign(code, Client()))
    assert "submitted anew" in words(invited.sign(code, sha256="0" * 64))
    assert "Your name, your credentials or the step changed" in words(invited.sign(code, signer="0" * 64))
    assert invited.sign(code, signer="").status_code == 400
    SigningCode.objects.update(text_sha256="0" * 64)
    assert "another text" in words(invited.sign(code))
    SigningCode.objects.update(text_sha256=sent.sha256, expires_at=database_now())
    assert "none that still counts" in words(invited.sign(code))
    assert not invited.has_signed()
    newer = invited.ask_code()
    if newer != code:
        assert "not right" in words(invited.sign(code)), "only the newest one counts"
    assert invited.sign(f" {newer[:4]} {newer[4:]} ").status_code == 200
    assert invited.has_signed()
    assert SigningCode.objects.first().used_at is not None
    codes = LedgerEntry.objects.filter(body__contains=newer) | LedgerEntry.objects.filter(body__contains=code)
    assert not codes.exists()


def test_a_code_is_used_up_by_a_right_entry_whatever_becomes_of_the_attempt(
    invited: InvitedExpert, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited.read()
    code = invited.ask_code()
    credentials = signing_codes.CodeCredentials(
        invited.link, signing_codes.EnteredCode(code, _session(invited.client))
    )
    credentials.confirm()
    assert "none that still counts" in words(invited.sign(code))
    assert not invited.has_signed()


def _session(client: Client) -> str:
    return client.cookies[expert_views.COOKIE].value.partition(":")[0]


def test_five_wrong_tries_end_a_code_and_codes_are_limited(invited: InvitedExpert) -> None:
    invited.read()
    code = invited.ask_code()
    wrong = f"{(int(code) + 1) % 10**8:08}"
    for _ in range(signing_codes.MOST_TRIES):
        assert "not right" in words(invited.sign(wrong))
    assert "Too many wrong tries" in words(invited.sign(code))
    for _ in range(signing_codes.PER_ADDRESS - 1):
        invited.ask_code()
    assert "within an hour" in words(invited.act("code"))
    SigningCode.objects.update(sent_at=timezone.now() - timedelta(hours=2))
    invited.ask_code()
    assert (signing_codes.MOST_TRIES, signing_codes.PER_ADDRESS, signing_codes.MOST_CODES) == (5, 5, 25)
    assert timedelta(minutes=10) == signing_codes.VALID
    assert not invited.has_signed()


def test_only_a_keyed_hash_of_the_code_is_stored_and_no_log_has_it(
    invited: InvitedExpert, caplog: pytest.LogCaptureFixture
) -> None:
    code = invited.ask_code()
    invited.sign(code)
    row = SigningCode.objects.get()
    assert row.digest != hashlib.sha256(code.encode()).hexdigest()
    assert code not in str(SigningCode.objects.values())
    assert code not in caplog.text
    assert EMAIL not in str(SigningCode.objects.values())


def test_refusals_are_limited(invited: InvitedExpert, monkeypatch: pytest.MonkeyPatch) -> None:
    assert expert_views.MOST_REFUSALS == 50
    monkeypatch.setattr(expert_views, "MOST_REFUSALS", 2)
    for _ in range(2):
        assert invited.sign("12345678").status_code == 403
    before = LedgerEntry.objects.count()
    assert invited.sign("12345678").status_code == 429
    assert LedgerEntry.objects.count() == before


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


@pytest.mark.parametrize("who", ["writer", "reviewer"])
def test_only_editors_record_and_invite(who: str, sent: Submission, expert: User, request: Any) -> None:
    user = request.getfixturevalue(who)
    for attempt in (
        lambda: record_expert(user, email="x@example.org"),
        lambda: InviteExpert(user, sent, expert, days=1).execute(),
        lambda: ChangeExpertAddress(user, expert, email="x@example.org").execute(),
        lambda: EndExpert(user, expert).execute(),
    ):
        with pytest.raises(PolicyError) as refused:
            attempt()
        assert refused.value.rule == Rule.NOT_AN_EDITOR
    client = Client()
    client.force_login(user)
    assert client.get("/admin/review/outside-experts/").status_code in (302, 403)


def test_a_second_person_confirms_name_credentials_and_address(
    editor: Any, editor2: Any, sent: Submission
) -> None:
    expert = record_expert(editor)
    assert user_can_invite(editor2, sent, expert).rule == Rule.NOT_CONFIRMED
    profile = ReviewerProfile.objects.get(user=expert)
    assert profile.proposal()["address"] == EMAIL
    with pytest.raises(PolicyError) as refused:
        Confirm(editor, profile, password="x", seen_sha256=proposal_hash(profile)).execute()
    assert refused.value.rule == Rule.OWN_PROPOSAL
    confirm_expert(editor2, expert)
    assert user_can_invite(editor2, sent, User.objects.get(pk=expert.pk)).allowed
    for taken in (editor.email, editor2.email.upper(), EMAIL):
        with pytest.raises(PolicyError, match="that of another account"):
            record_expert(editor, email=taken, last_name="Second")
    assert User.objects.filter(username__startswith="outside:").count() == 1


def test_the_migration_of_last_days_leaves_an_expert_vouched_for(
    invited: InvitedExpert, sent: Submission
) -> None:
    profile = ReviewerProfile.objects.get(user=invited.expert)
    before = {name: each for name, each in profile.confirmations.items() if name != "last day"}
    ReviewerProfile.objects.filter(pk=profile.pk).update(confirmations=before)
    user = User.objects.get(pk=invited.expert.pk)
    assert policy.user_can_sign(user, sent).rule == Rule.NOT_CONFIRMED
    import_module("monographs.review.migrations.0021_last_days_by_two").confirm_last_days(apps, None)
    user = User.objects.get(pk=invited.expert.pk)
    assert policy.user_can_sign(user, sent).allowed


def test_an_expert_whose_credentials_were_emptied_is_listed(expert: User, editor: Any) -> None:
    ReviewerProfile.objects.filter(user=expert).update(credentials="")
    client = Client()
    client.force_login(editor)
    page = client.get(reverse("review:outside_experts"))
    assert page.status_code == 200
    assert "Olga Outside, no credentials" in page.content.decode()


def test_an_invitation_that_the_mail_server_refuses_is_shown(
    expert: User, sent: Submission, editor: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    client = Client()
    client.force_login(editor)
    address = reverse("review:outside_links", args=[sent.pk])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"invite": "yes", "expert": expert.pk, "days": 7})
    assert OutsideLink.objects.get().email_failed
    assert "The mail server did not take the invitation" in words(client.get(address))
    RevokeOutsideLink(editor, OutsideLink.objects.get()).execute()
    assert "did not take" not in words(client.get(address))


def test_lists_of_who_may_sign_have_the_invited_expert(
    invited: InvitedExpert, sent: Submission, editor: Any, writer: Any
) -> None:
    name = "Olga Outside (invited from outside)"
    message = policy.user_can_sign(editor, Submission.objects.get(pk=sent.pk)).message
    assert name in message
    (row,) = [row for row in queue_for(writer) if row.submission.pk == sent.pk]
    assert name in row.eligible
    (shown,) = [row for row in team_reviews().rows if row.submission.pk == sent.pk]
    assert name in shown.eligible_names
    RevokeOutsideLink(editor, invited.link).execute()
    assert name not in policy.user_can_sign(editor, Submission.objects.get(pk=sent.pk)).message
    (shown,) = [row for row in team_reviews().rows if row.submission.pk == sent.pk]
    assert name not in shown.eligible_names


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


def test_a_code_that_the_mail_server_refuses_is_not_said_to_be_sent(
    invited: InvitedExpert, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    answer = invited.act("code")
    assert answer.status_code == 403
    assert "The code could not be sent" in words(answer)
