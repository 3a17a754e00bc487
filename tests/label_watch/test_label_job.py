"""The job that asks for new versions of labels: when a round fails, and what is asked for again."""

import uuid
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from monographs.core.db_clock import database_now
from monographs.label_watch.label_knowledge import begin_round
from monographs.label_watch.models import FollowedLabel, LabelCheck, LabelNotice, LabelVersion
from monographs.label_watch.periodic_jobs import check_followed_labels
from monographs.models import MonographPage
from monographs.review.labels_of_pages.label_findings import label_findings
from monographs.scheduler.job import JobFailed
from monographs.scheduler.models import JobState
from tests.conftest import as_user
from tests.factories import make_monograph
from tests.label_watch.label_service import SET_IDS, LabelSite
from tests.label_watch.test_task_views import text_of

pytestmark = pytest.mark.django_db

BUSY = (429, {"Retry-After": "9999"}, b"")
UNKNOWN = SET_IDS[5]


def history_of(set_id: str) -> str:
    return f"/dailymed/spls/{set_id}/history.json"


def asked(site: LabelSite) -> list[str]:
    """The set ids whose versions were asked for, in order."""
    return [path.split("/")[3] for path in site.paths if path.endswith("history.json")]


@pytest.fixture
def followed(label_site: LabelSite, settings: Any) -> LabelSite:
    """Three labels of the server, which pages follow."""
    settings.DAILYMED_URL, settings.SCHEDULE = f"{label_site.address}/dailymed/", {}
    for set_id in SET_IDS[1:3]:
        label_site.publish(3, set_id=set_id)
    for set_id in SET_IDS[:3]:
        FollowedLabel.objects.create(key=uuid.uuid4(), set_id=set_id)
    return label_site


def follow(set_id: str) -> None:
    FollowedLabel.objects.create(key=uuid.uuid4(), set_id=set_id)


def run() -> str:
    """Run the job as the scheduler does; return what it says of it."""
    try:
        call_command("scheduler", "--once", "check_labels", stdout=StringIO())
    except CommandError as error:
        return str(error)
    return JobState.objects.get().result


@pytest.mark.parametrize("source", ["dailymed", "openfda"])
def test_one_label_that_the_service_does_not_have_is_no_failure_of_the_round(
    followed: LabelSite, settings: Any, source: str
) -> None:
    settings.LABEL_SOURCE, settings.OPENFDA_URL = source, f"{followed.address}/openfda/"
    follow(UNKNOWN)
    said = run()
    assert said.startswith(f"3 first version, 1 failed; {UNKNOWN}: ")
    assert JobState.objects.get().consecutive_failures == 0
    assert LabelCheck.objects.get(checked_at=None).set_id == UNKNOWN
    followed.requests.clear()
    assert run().startswith("3 nothing new, 1 failed")
    assert len(followed.requests) >= 4, "the next round asks for each"


def test_a_round_that_learns_nothing_fails(label_site: LabelSite, settings: Any) -> None:
    settings.DAILYMED_URL = f"{label_site.address}/dailymed/"
    assert check_followed_labels() == "no label to ask for"
    follow(UNKNOWN)
    with pytest.raises(JobFailed, match=r"1 failed; .* is the set id right"):
        check_followed_labels()


def test_a_service_that_is_away_fails_the_round_and_only_the_rest_is_asked_again(followed: LabelSite) -> None:
    follow(UNKNOWN)
    followed.faults[history_of(SET_IDS[1])] = BUSY
    assert "1 first version, 1 failed, 2 not asked; " in run()
    assert "asks to wait for 9999 s" in JobState.objects.get().last_error
    assert asked(followed) == SET_IDS[:2]
    followed.requests.clear()
    followed.faults = {history_of(SET_IDS[2]): BUSY}
    assert "1 failed, 2 not asked" in run()
    followed.requests.clear()
    followed.faults.clear()
    assert run().startswith("2 first version, 1 failed; ")
    assert asked(followed) == [UNKNOWN, *SET_IDS[1:3]], "what fails comes last"
    followed.requests.clear()
    assert run().startswith("3 nothing new, 1 failed; ")
    assert asked(followed) == [*SET_IDS[:3], UNKNOWN]


def test_a_retry_that_only_meets_a_label_that_fails_by_itself_ends_the_round(followed: LabelSite) -> None:
    follow(UNKNOWN)
    followed.faults[history_of(UNKNOWN)] = BUSY
    assert "3 first version, 1 failed; " in run()
    followed.requests.clear()
    followed.faults.clear()
    assert run().startswith("1 failed; ")
    assert asked(followed) == [UNKNOWN]
    assert JobState.objects.get().consecutive_failures == 0


def test_an_answer_older_than_a_day_is_asked_for_on_a_retry(followed: LabelSite) -> None:
    run()
    JobState.objects.update(consecutive_failures=40, succeeded_at=database_now() - timedelta(days=4))
    LabelCheck.objects.filter(set_id=SET_IDS[0]).update(checked_at=database_now() - timedelta(days=2))
    followed.requests.clear()
    assert run() == "1 nothing new"
    assert asked(followed) == SET_IDS[:1]


def test_labels_that_went_in_an_earlier_attempt_count_among_those_that_go(followed: LabelSite) -> None:
    run()
    followed.versions.clear()
    followed.faults[history_of(SET_IDS[1])] = BUSY
    assert "1 gone, 1 failed, 1 not asked" in run()
    assert "2 failed" in run()
    assert "says so of 1 of 2 labels at once" in LabelCheck.objects.get(set_id=SET_IDS[2]).error
    assert LabelNotice.objects.filter(kind="gone").count() == 1


def test_labels_that_fail_again_and_again_keep_no_other_waiting(followed: LabelSite) -> None:
    followed.faults = {history_of(set_id): (403, {}, b"") for set_id in SET_IDS[:2]}
    run()
    assert begin_round() == [SET_IDS[2], *SET_IDS[:2]]
    assert LabelVersion.objects.get().set_id == SET_IDS[2]


def test_writers_and_operators_are_told_why_a_label_fails(
    followed: LabelSite, writer: Any, superuser: Any
) -> None:
    page = make_monograph("draftumab", by=writer, label_set_id=UNKNOWN)
    draft = page.get_latest_revision_as_object()
    assert isinstance(draft, MonographPage)
    assert label_findings(draft) == []
    run()
    (finding,) = label_findings(draft)
    assert (finding.rule, finding.anchor, finding.stops) == ("label-check", "label_set_id", False)
    assert "is the set id right?" in finding.message
    assert UNKNOWN in finding.message
    shown = text_of(as_user(writer).get(reverse("review:submit", args=[page.pk])))
    assert "is the set id right?" in shown
    status = text_of(as_user(superuser).get(reverse("site_status")))
    assert f"Label {UNKNOWN} fails" in status
    assert "is the set id right?" in status
    LabelCheck.objects.filter(set_id=UNKNOWN).update(doubted_since=database_now())
    assert label_findings(draft) == [], "what is said of many at once is about the service"
