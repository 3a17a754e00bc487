"""Signing waits after a change of sign-in facts, until a second person confirms it or a day has passed."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test import Client
from wagtail.log_actions import LogContext
from wagtail.users.models import UserProfile

from monographs.accounts import second_factor, signing_holds
from monographs.accounts.models import SigningHold
from monographs.accounts.sign_in_facts import change_by_link, owners_change
from monographs.editions.models import LedgerEntry
from monographs.editions.withdrawal_reasons import WithdrawalReason
from monographs.pages.refusals import PolicyError, Rule
from monographs.presentation.moments import long_moment_text
from monographs.review import policy
from monographs.review.actions import Withdraw
from tests.accounts.conftest import Phone
from tests.conftest import as_user, run_deferred_constraints
from tests.factories import PASSWORD, make_monograph, make_user, sign, submit

pytestmark = pytest.mark.django_db

LIST = "/admin/sign-in-changes/"


def set_password(user: Any, password: str = PASSWORD) -> None:
    user.set_password(password)
    user.save()


def change_email(user: Any) -> None:
    user.email = "elsewhere@example.net"
    user.save()


def choose_by_link(user: Any) -> None:
    with change_by_link(user):
        set_password(user)


def remove_factor(user: Any) -> None:
    Phone(user)
    call_command("remove_second_factor", user.username, stdout=StringIO())


def set_by_command(user: Any) -> None:
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.setattr("getpass.getpass", lambda prompt: PASSWORD)
        call_command("changepassword", user.username, stdout=StringIO())


def make_unusable(user: Any) -> None:
    user.set_unusable_password()
    user.save()


def replace_hash(user: Any) -> None:
    user.password = make_password("x")
    user.save()


def save_email_alone(user: Any) -> None:
    user.email = "e@example.net"
    user.save(update_fields=["email"])


#: Every route of a change, and whether a day ends the hold by itself.
ROUTES: dict[str, tuple[Any, bool]] = {
    "email": (change_email, True),
    "link": (choose_by_link, True),
    "second factor removed by an operator": (remove_factor, True),
    "password set by code": (set_password, False),
    "password set by a command": (set_by_command, False),
    "password made unusable": (make_unusable, False),
    "hash replaced": (replace_hash, False),
    "one column saved": (save_email_alone, True),
}


def let_a_day_pass(user: Any) -> None:
    """As the tables' owner may, whose clock and triggers are not those of the application."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no trigger may be pending
        cursor.execute("ALTER TABLE accounts_signinghold DISABLE TRIGGER USER")
        SigningHold.objects.filter(user=user).update(
            since=F("since") - timedelta(days=1, seconds=1), until=F("until") - timedelta(days=1, seconds=1)
        )
        User.objects.update(date_joined=F("date_joined") - timedelta(days=1, seconds=1))
        cursor.execute("ALTER TABLE accounts_signinghold ENABLE TRIGGER USER; SET CONSTRAINTS ALL DEFERRED")


def refused_to_sign(user: Any, writer: Any) -> PolicyError:
    submission = submit(make_monograph(f"m-{user.pk}-{SigningHold.objects.count()}", by=writer), writer)
    with pytest.raises(PolicyError) as refused:
        sign(submission, user)
    return refused.value


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_signs_after_a_change_and_a_day_ends_it_only_where_the_owner_may_have_made_it(
    writer: Any, reviewer: Any, editor: Any, route: str
) -> None:
    change, ends = ROUTES[route]
    change(get_user_model().objects.get(pk=reviewer.pk))
    reviewer = get_user_model().objects.get(pk=reviewer.pk)
    refusal = refused_to_sign(reviewer, writer)
    assert refusal.rule == Rule.SIGN_IN_CHANGED
    assert LIST in refusal.message
    let_a_day_pass(reviewer)
    assert signing_holds.open_holds(reviewer).exists() is not ends


@pytest.mark.parametrize("route", ["link", "password set by code"])
def test_a_confirmed_change_lets_the_owner_sign(writer: Any, reviewer: Any, editor: Any, route: str) -> None:
    ROUTES[route][0](reviewer)
    if route != "link":
        choose_by_link(reviewer)
    submission = submit(make_monograph(by=writer), writer)
    assert reviewer not in policy.eligible_signers(submission)
    assert confirm(editor, reviewer).status_code == 302
    assert reviewer in policy.eligible_signers(submission)
    assert sign(submission, reviewer)
    entries = LedgerEntry.objects.filter(event="signing_hold", subject=f"account:{reviewer.pk}")
    assert '"confirmed":true' in entries.last().body
    assert '"editor"' in entries.last().body


def confirm(by: Any, owner: Any, **data: str) -> Any:
    client = as_user(by)
    seen = client.get(f"{LIST}{owner.pk}/").context_data["seen"]
    return client.post(f"{LIST}{owner.pk}/", {"password": PASSWORD, "seen": seen} | data)


def test_who_may_not_confirm(writer: Any, reviewer: Any, reviewer2: Any, editor: Any, superuser: Any) -> None:
    with LogContext(user=editor):
        change_email(reviewer)
    for by, status in ((writer, 302), (reviewer, 403), (editor, 403), (superuser, 403)):
        client = as_user(by)
        answer = client.post(f"{LIST}{reviewer.pk}/", {"password": PASSWORD, "seen": "1"})
        assert answer.status_code == status, by
        assert signing_holds.open_holds(reviewer).exists(), by
    change_email(reviewer2)
    assert "Your own sign-in facts changed" in confirm(reviewer2, reviewer).content.decode()
    let_a_day_pass(reviewer2)
    assert confirm(reviewer2, reviewer, password="guess").status_code == 403
    assert confirm(reviewer2, reviewer, seen="").status_code == 403, "another state than the one shown"
    assert signing_holds.open_holds(reviewer).exists()
    assert confirm(reviewer2, reviewer).status_code == 302


def test_wrong_passwords_of_a_confirmer_are_counted(reviewer: Any, editor: Any) -> None:
    change_email(reviewer)
    for _ in range(5):
        confirm(editor, reviewer, password="guess")
    assert "Too many wrong attempts" in confirm(editor, reviewer).content.decode()
    assert signing_holds.open_holds(reviewer).exists()


def test_an_account_newer_than_the_change_does_not_confirm_it(reviewer: Any, superuser: Any) -> None:
    """Else whoever took over an administrator's account makes the second person."""
    with LogContext(user=superuser):
        change_email(reviewer)
    newcomer = make_user("newcomer", "Editors")
    refused = confirm(newcomer, reviewer)
    assert refused.status_code == 403
    assert "newer than this change" in refused.content.decode()
    assert signing_holds.open_holds(reviewer).exists()


def test_a_password_of_somebody_else_is_confirmed_only_after_the_owner_replaced_it(
    reviewer: Any, editor: Any
) -> None:
    set_password(reviewer)
    with owners_change(reviewer):
        set_password(reviewer, "changed with the password that was set")
    refused = as_user(editor).post(f"{LIST}{reviewer.pk}/", {"password": PASSWORD, "seen": ""})
    assert refused.status_code == 403
    assert "must first replace it" in refused.content.decode()
    choose_by_link(reviewer)
    let_a_day_pass(reviewer)
    assert signing_holds.open_holds(reviewer).exists(), "only a confirmation ends it"
    assert confirm(editor, reviewer).status_code == 302


def test_a_link_to_an_address_that_somebody_else_entered_waits_for_a_confirmation(
    reviewer: Any, editor: Any, superuser: Any
) -> None:
    with LogContext(user=superuser):
        change_email(reviewer)
    let_a_day_pass(reviewer)
    choose_by_link(reviewer)
    let_a_day_pass(reviewer)
    assert signing_holds.open_holds(reviewer).exists()
    assert confirm(editor, reviewer).status_code == 302
    choose_by_link(reviewer)
    let_a_day_pass(reviewer)
    assert not signing_holds.open_holds(reviewer).exists(), "a confirmed address is the owner's"


def test_the_owners_own_password_and_unrelated_saves_need_no_confirmation(reviewer: Any) -> None:
    with owners_change(reviewer):
        set_password(reviewer, "another")
    reviewer.is_active = True
    reviewer.save()
    reviewer.first_name = "Renamed"
    reviewer.save()
    assert not signing_holds.open_holds(reviewer).exists()


def test_a_hash_renewed_at_sign_in_is_no_change_but_a_new_password_beside_it_is(
    reviewer: Any, settings: Any
) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    before = reviewer.password
    assert User.objects.get(pk=reviewer.pk).check_password(PASSWORD)
    assert User.objects.get(pk=reviewer.pk).password != before
    assert not signing_holds.open_holds(reviewer).exists()
    assert not mail.outbox
    user = User.objects.get(pk=reviewer.pk)
    user.set_password("x")
    user.save(update_fields=["password"])
    assert signing_holds.open_holds(reviewer).exists()


def test_a_superuser_of_a_command_cannot_sign(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command(
        "createsuperuser", username="root", email="root@example.org", interactive=False, stdout=StringIO()
    )
    root = User.objects.get(username="root")
    assert root.check_password(PASSWORD)
    assert signing_holds.refusal_message(root)


def test_accounts_of_the_factories_can_sign_at_once(reviewer: Any, writer: Any) -> None:
    assert sign(submit(make_monograph(by=writer), writer), reviewer)


@pytest.mark.extended
def test_demonstration_accounts_can_sign_at_once(demonstration: Any) -> None:
    assert User.objects.filter(reviewer_profile__isnull=False).exists()
    assert not SigningHold.objects.exists()


def test_a_withdrawal_stays_possible(published_medicine: Any, reviewer: Any) -> None:
    page = published_medicine
    change_email(reviewer)
    assert policy.user_can_withdraw(reviewer, page.translation_key).allowed
    Withdraw(
        reviewer, page.translation_key, cause=WithdrawalReason.MISTAKE, note="Wrong.", password=PASSWORD
    ).execute()
    assert LedgerEntry.objects.filter(event="withdrawn").exists()


def test_the_old_address_is_told_of_every_fact(reviewer: Any) -> None:
    for name, value in (
        ("username", "u"),
        ("first_name", "A"),
        ("last_name", "B"),
        ("email", "new@example.net"),
    ):
        mail.outbox.clear()
        setattr(reviewer, name, value)
        reviewer.save()
        assert [m.to for m in mail.outbox] == [["reviewer@example.org"]], name
    mail.outbox.clear()
    set_password(reviewer)
    assert "the password" in mail.outbox[0].body
    reviewer.save()
    assert len(mail.outbox) == 1


def test_the_owner_is_told_of_the_second_factor(reviewer: Any, phone: Phone) -> None:
    client = as_user(reviewer)
    session = client.session
    session["otp_device_id"] = second_factor.authenticator_app_of(reviewer).persistent_id
    session.save()
    client.post("/admin/second-factor/recovery-codes/", {"password": PASSWORD, "code": phone.code()})
    client.post("/admin/second-factor/remove/", {"password": PASSWORD, "code": phone.code()})
    set_up = second_factor.start_enrolment(reviewer)
    client.post("/admin/second-factor/", {"password": PASSWORD, "code": phone._next(set_up)})
    told = " ".join(m.body for m in mail.outbox)
    assert {tuple(m.to) for m in mail.outbox} == {("reviewer@example.org",)}
    for what in ("recovery codes were replaced", "second factor was removed", "second factor was set up"):
        assert what in told
    assert not signing_holds.open_holds(reviewer).exists()


def test_the_screens_show_what_waits_and_for_whom(reviewer: Any, editor: Any) -> None:
    change_email(reviewer)
    listed = as_user(editor).get(LIST).content.decode()
    assert "Reviewer Tester" in listed
    assert "The email address was changed." in listed
    assert "csrfmiddlewaretoken" in as_user(editor).get(f"{LIST}{reviewer.pk}/").content.decode()
    assert LIST in as_user(editor).get("/admin/reports/workflow/").content.decode()
    assert Client().get(LIST).status_code == 302


def test_the_times_of_a_hold_are_in_utc_whatever_zone_the_account_has(reviewer: Any, editor: Any) -> None:
    change_email(reviewer)
    hold = SigningHold.objects.get()
    UserProfile.objects.update_or_create(user=editor, defaults={"current_time_zone": "Pacific/Auckland"})
    assert hold.until is not None
    assert long_moment_text(hold.until) in as_user(editor).get(LIST).content.decode()
    assert long_moment_text(hold.since) in as_user(editor).get(f"{LIST}{reviewer.pk}/").content.decode()


def test_a_new_account_by_code_has_no_hold(site: Any) -> None:
    assert not signing_holds.open_holds(make_user("somebody")).exists()


def test_an_account_with_a_hold_can_be_deleted(site: Any) -> None:
    user = make_user("leaving")
    change_email(user)
    user.delete()
    run_deferred_constraints()
    assert not SigningHold.objects.exists()
