"""A moment that is typed is the one that is stored, shown, mailed and recorded, in whatever zone one is."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from monographs.editions.ledger import Event
from monographs.editions.models import LedgerEntry, ReviewKind, iso
from monographs.presentation.moment_field import MomentField, MomentInput
from monographs.presentation.moments import long_moment_text, moment_text
from monographs.review.actions.open_review import SubmissionTerms
from monographs.review.models import Notice, Submission
from tests.factories import PASSWORD, make_monograph, sign

TYPED = "2190-03-01T10:00"
MEANT = datetime(2190, 3, 1, 10, tzinfo=UTC)
SITE = "Europe/Berlin"


def in_auckland(user: Any) -> None:
    """Give an account a time zone of its own, as Wagtail's account page did."""
    UserProfile.objects.update_or_create(user=user, defaults={"current_time_zone": "Pacific/Auckland"})


def submit_by_form(client: Client, page: Any, **fields: str) -> Any:
    answer = {"review_kind": "full_review", "reason": "Label.", "publish_at": TYPED}
    return client.post(reverse("review:submit", args=[page.pk]), answer | fields)


@pytest.mark.django_db
def test_screen_ledger_and_email_name_the_moment_that_was_typed(
    client: Client, writer: Any, reviewer: Any
) -> None:
    page = make_monograph(by=writer)
    in_auckland(writer)
    in_auckland(reviewer)
    client.force_login(writer)
    submit_by_form(client, page)
    submission = Submission.objects.get()
    assert submission.publish_at == MEANT
    entry = LedgerEntry.objects.get(event=Event.SUBMITTED)
    assert json.loads(entry.body)["data"]["publish_at"] == iso(MEANT)
    review = reverse("review:review", args=[submission.pk])
    assert "March 1, 2190, 10:00 UTC" in client.get(review).content.decode()
    client.force_login(reviewer)
    sign(submission, reviewer, password=PASSWORD)
    notices = Notice.objects.filter(event="scheduled")
    assert notices
    for notice in notices:
        assert "March 1, 2190, 10:00 UTC" in notice.text
        assert "public from March 1:" in notice.subject
    queue = client.get(reverse("review:queue")).content.decode()
    assert "23:00" not in queue
    entry = LedgerEntry.objects.get(event=Event.SCHEDULED)
    assert json.loads(entry.body)["data"]["publish_at"] == iso(MEANT)


@pytest.mark.django_db
@override_settings(SITE_TIME_ZONE=SITE)
def test_a_time_can_be_typed_in_the_zone_of_the_site(client: Client, writer: Any) -> None:
    page = make_monograph(by=writer)
    in_auckland(writer)
    client.force_login(writer)
    form = client.get(reverse("review:submit", args=[page.pk])).content.decode()
    assert 'name="publish_at_zone"' in form
    assert f'value="{SITE}"' in form
    submit_by_form(client, page, publish_at="2027-07-01T10:00", publish_at_zone=SITE)
    submission = Submission.objects.get()
    assert submission.publish_at == datetime(2027, 7, 1, 8, tzinfo=UTC)
    screen = client.get(reverse("review:review", args=[submission.pk])).content.decode()
    assert "July 1, 2027, 08:00 UTC (10:00 Europe/Berlin)" in screen


@pytest.mark.django_db
@override_settings(SITE_TIME_ZONE=SITE)
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("2027-03-28T02:30", "02:30 does not exist on 2027-03-28 in Europe/Berlin"),
        ("2027-10-31T02:30", "02:30 occurs twice on 2027-10-31 in Europe/Berlin"),
    ],
)
def test_a_time_at_which_the_clocks_change_is_refused(
    client: Client, writer: Any, typed: str, message: str
) -> None:
    page = make_monograph(by=writer)
    client.force_login(writer)
    response = submit_by_form(client, page, publish_at=typed, publish_at_zone=SITE)
    assert response.status_code == 400
    assert message in response.content.decode()
    assert not Submission.objects.exists()
    again = submit_by_form(client, page, publish_at=typed, publish_at_zone="UTC")
    assert again.status_code == 302


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("tomorrow", "UTC"),
        ("2027-13-01T10:00", "UTC"),
        ("2027-07-01T10:00", "Pacific/Auckland"),
        ("2027-07-01T10:00+13:00", "UTC"),
        ("0001-01-01T00:00", SITE),
    ],
)
@override_settings(SITE_TIME_ZONE=SITE)
def test_what_is_no_time_is_refused_with_an_example(typed: str, zone: str) -> None:
    field = MomentField(required=False)
    value = MomentInput().value_from_datadict({"at": typed, "at_zone": zone}, {}, "at")
    with pytest.raises(Exception, match="Type the day and the time like 2026-03-01T10:00"):
        field.clean(value)


@override_settings(SITE_TIME_ZONE=SITE)
def test_a_typed_time_is_shown_again_in_both_zones() -> None:
    widget = MomentInput()
    value = widget.value_from_datadict({"at": "2027-07-01T10:00", "at_zone": SITE}, {}, "at")
    shown = widget.render("at", value)
    assert 'value="2027-07-01T10:00"' in shown
    assert f'<option value="{SITE}" selected>' in shown
    assert "2027-07-01 08:00 UTC (10:00 Europe/Berlin)" in shown


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland"])
def test_the_accounts_zone_changes_no_text(zone: str) -> None:
    with timezone.override(zone), override_settings(SITE_TIME_ZONE="Australia/Sydney"):
        assert moment_text(MEANT.replace(year=2026)) == "2026-03-01 10:00 UTC (21:00 Australia/Sydney)"
        late = datetime(2026, 3, 1, 20, tzinfo=UTC)
        assert long_moment_text(late) == "March 1, 2026, 20:00 UTC (March 2, 2026, 07:00 Australia/Sydney)"


@pytest.mark.parametrize(
    "moment", [MEANT.replace(tzinfo=None), MEANT.astimezone(timezone.get_fixed_timezone(780))]
)
def test_the_record_takes_no_naive_or_local_time(moment: datetime) -> None:
    with pytest.raises(ValueError, match="is not in UTC"):
        iso(moment)


def test_terms_hold_a_moment_in_utc() -> None:
    local = MEANT.astimezone(timezone.get_fixed_timezone(780))
    terms = SubmissionTerms(ReviewKind.FULL_REVIEW, "Label.", local)
    assert terms.publish_at is not None
    assert iso(terms.publish_at) == iso(MEANT)
    with pytest.raises(ValueError, match="must have a time zone"):
        SubmissionTerms(ReviewKind.FULL_REVIEW, "Label.", MEANT.replace(tzinfo=None))
