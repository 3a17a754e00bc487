"""What runs beside readers' requests: each fault is found by its check, and `/readyz` answers 200."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.checks import Error
from django.db import connection
from django.test.utils import CaptureQueriesContext
from prometheus_client import generate_latest

from monographs.core.db_clock import database_now
from monographs.editions.models import Checkpoint, TimeStamp
from monographs.label_watch.models import LabelCheck
from monographs.public.models import CachePurge
from monographs.review.models import Notice
from monographs.scheduler.models import JobState
from monographs.site_checks import all_checks
from monographs.site_checks.all_checks import CHECKS, quick_results
from monographs.site_checks.site_metrics import SiteCollector
from tests.conftest import as_user
from tests.factories import make_monograph, sign, submit
from tests.site_checks.findings import found

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def state(name: str = "publish", *, since: timedelta = timedelta(0), **values: Any) -> None:
    """A job that succeeded and became due a while ago."""
    then = database_now() - since
    times = dict.fromkeys(("next_due", "started_at", "finished_at", "succeeded_at"), then)
    JobState.objects.create(name=name, **times | values)


def stuck_email(user: Any) -> None:
    notice = Notice.objects.create(event="returned", about="x", user=user, subject="S", text="T")
    Notice.objects.filter(pk=notice.pk).update(created_at=database_now() - timedelta(hours=3))


def old_backup(settings: Any) -> None:
    settings.BACKUP_FOLDER = str(settings.BASE_DIR)
    state("backup", since=timedelta(hours=27), next_due=database_now() + timedelta(hours=1))


def lost_purge(settings: Any, **values: Any) -> None:
    settings.CACHE_PURGE_URLS = ["http://10.0.0.5:6081", "http://10.0.0.6:6081"]
    then = database_now() - timedelta(minutes=1)
    CachePurge.objects.create(node=settings.CACHE_PURGE_URLS[0], keys=["site"], created_at=then, **values)


def late_text(writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph("lateumab", by=writer), writer, publish_at=database_now() + HOUR)
    sign(submission, reviewer)
    type(submission).objects.update(publish_at=database_now() - timedelta(minutes=5))


def unstamped_head(settings: Any) -> None:
    """A head that was stamped, and a later one that was not."""
    settings.LEDGER_TSA_URL = "http://127.0.0.1:1/tsr"
    now = database_now()
    for size, days in ((10, 4), (11, 3)):
        Checkpoint.objects.create(size=size, root="0", note="", made_at=now - timedelta(days=days))
    TimeStamp.objects.create(checkpoint_id=10, sha256="0", answer=b"x", stamped_at=now)


def unconfirmed_label() -> None:
    since = database_now() - timedelta(days=2)
    LabelCheck.objects.create(set_id="a", error="all went", failing_since=since, doubted_since=since)


def checked_by_day(settings: Any) -> None:
    """Label checks run each day, and succeed."""
    settings.SCHEDULE = {"check_labels": "04:00"}
    state("check_labels")


def old_answer(settings: Any, *, days: int, other: str = "") -> None:
    """A label that was answered days ago while its job succeeds, and one that fails or never was answered."""
    now = database_now()
    checked_by_day(settings)
    LabelCheck.objects.create(set_id="a", checked_at=now - timedelta(days=days))
    LabelCheck.objects.create(set_id="b", checked_at=now)
    if other:
        LabelCheck.objects.create(set_id="c", error=other, failing_since=now - timedelta(days=9))


#: The check, how the fault is made, and words of the message and of the remedy.
FAULTS: list[tuple[str, Callable[..., None], str, str]] = [
    ("scheduler_runs", lambda **_: None, "No scheduler ever ran", "manage.py scheduler"),
    (
        "scheduler_runs",
        lambda **_: state(since=timedelta(minutes=5)),
        "publish should have run 5 minutes ago",
        "manage.py scheduler",
    ),
    (
        "jobs_succeed",
        lambda **_: state("forget_feedback", consecutive_failures=3, last_error="the network is down"),
        "failed 3 times: the network is down",
        "--once forget_feedback",
    ),
    (
        "jobs_succeed",
        lambda settings, **_: old_backup(settings),
        "The last backup was made 27 hours ago",
        "--once backup",
    ),
    (
        "jobs_succeed",
        lambda settings, **_: old_answer(settings, days=4, other="404"),
        "The oldest answer about a label is 4 days old: of 3 that are followed, 1 fail, and 1 were never",
        "--from FOLDER",
    ),
    ("emails_are_sent", lambda writer, **_: stuck_email(writer), "1 emails about reviews wait", "doctor"),
    (
        "purges_are_accepted",
        lambda settings, **_: lost_purge(settings),
        "http://10.0.0.5:6081 does not accept purges: 1 wait, 0 were never",
        "CACHE_PURGE_URLS",
    ),
    (
        "purges_are_accepted",
        lambda settings, **_: lost_purge(settings, expired_at=database_now()),
        "http://10.0.0.5:6081 does not accept purges: 0 wait, 1 were never",
        "CACHE_PURGE_URLS",
    ),
    (
        "due_texts_are_published",
        lambda writer, reviewer, **_: late_text(writer, reviewer),
        "1 signed texts are due, but not public; the oldest for 5 minutes",
        "publish_scheduled",
    ),
    (
        "head_is_noted",
        lambda **_: state("ledger_head", since=timedelta(days=3)),
        "last noted 3 days ago",
        "--once ledger_head",
    ),
    (
        "head_is_kept_elsewhere",
        lambda **_: None,
        "kept nowhere but in this database",
        "LEDGER_HEADS_FOLDER",
    ),
    ("backups_are_made", lambda **_: None, "No backups are made here", 'SCHEDULE={"backup": "off"}'),
    (
        "backups_are_made",
        lambda settings, **_: setattr(settings, "BACKUP_KEYS", ["age1x"]),
        "no backup is made that could be encrypted",
        "remove BACKUP_KEYS",
    ),
    (
        "backups_are_made",
        lambda **_: state("backup", since=timedelta(days=3)),
        "The last backup was made 3 days ago",
        "at least for the scheduler",
    ),
    (
        "head_is_stamped",
        lambda settings, **_: unstamped_head(settings),
        "1 heads of the ledger have no time stamp, the oldest for 3 days",
        "--once ledger_head",
    ),
    (
        "labels_are_published",
        lambda **_: unconfirmed_label(),
        "1 followed labels are said to be gone, since 2 days",
        "check_labels",
    ),
    (
        "schedule_setting",
        lambda settings, **_: setattr(settings, "SCHEDULE", {"publish": "never"}),
        "SCHEDULE, publish: 'never' is no schedule",
        "--list",
    ),
]


@pytest.fixture
def around(settings: Any, writer: Any, reviewer: Any) -> dict[str, Any]:
    """What the faults are made with."""
    return {"settings": settings, "writer": writer, "reviewer": reviewer}


def name_of(value: Any) -> str:
    return value[:30] if isinstance(value, str) else ""


@pytest.mark.parametrize(("check", "fault", "words", "remedy"), FAULTS, ids=name_of)
def test_a_fault_is_named_with_the_remedy_and_readers_are_served(
    check: str, fault: Callable[..., None], words: str, remedy: str, around: dict[str, Any], client: Any
) -> None:
    fault(**around)
    assert words in found(check)
    assert remedy in found(check)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    if check != "schedule_setting":
        assert answer.json()["checks"][check] in ("warning", "error")


def test_a_site_on_which_everything_runs_has_nothing_to_say(settings: Any, tmp_path: Any, site: Any) -> None:
    settings.LEDGER_HEADS_FOLDER = settings.BACKUP_FOLDER = str(tmp_path)
    settings.CACHE_PURGE_URLS = ["http://10.0.0.5:6081"]
    state()
    state("ledger_head", next_due=database_now() + timedelta(hours=1))
    state("send_digests", since=timedelta(hours=2), finished_at=None)  # it runs for long, which has a limit
    state("check_labels", since=timedelta(days=2))
    names = (
        *("scheduler_runs", "jobs_succeed", "emails_are_sent", "purges_are_accepted", "head_is_noted"),
        *("head_is_stamped", "due_texts_are_published", "labels_are_published", "backups_are_made"),
        "head_is_kept_elsewhere",
    )
    assert [found(name) for name in names] == [""] * len(names)


def test_backups_may_be_made_elsewhere_or_by_another_process(settings: Any, site: Any) -> None:
    assert "No backups are made here" in found("backups_are_made")
    state("backup", since=timedelta(hours=23))
    assert found("backups_are_made") == "", "a scheduler that has the folder made one"
    JobState.objects.all().delete()
    settings.SCHEDULE = {"backup": "off"}
    assert found("backups_are_made") == ""
    settings.SCHEDULE, settings.BACKUP_FOLDER = {}, "/srv/backups"
    assert found("backups_are_made") == ""
    settings.BACKUP_FOLDER, settings.DEBUG = "", True
    assert found("backups_are_made") == ""


@pytest.mark.parametrize(
    ("job", "check"),
    [("backup", "jobs_succeed"), ("ledger_head", "head_is_noted")],
)
def test_a_job_that_runs_each_week_is_old_after_a_week(
    job: str, check: str, settings: Any, site: Any
) -> None:
    settings.SCHEDULE = {job: "7d"}
    settings.BACKUP_FOLDER = settings.LEDGER_HEADS_FOLDER = str(settings.BASE_DIR)
    state(job, since=timedelta(days=5))
    assert found(check) == ""
    JobState.objects.update(succeeded_at=database_now() - timedelta(days=10))
    assert "10 days ago" in found(check)


def test_one_label_that_never_was_answered_does_not_make_the_others_old(settings: Any, site: Any) -> None:
    old_answer(settings, days=2, other="DailyMed does not know it (HTTP 404): is the set id right?")
    assert found("jobs_succeed") == ""


def test_labels_that_are_checked_each_week_are_old_after_a_week(settings: Any, site: Any) -> None:
    old_answer(settings, days=8)
    assert "8 days old" in found("jobs_succeed")
    settings.SCHEDULE = {"check_labels": "7d"}
    assert found("jobs_succeed") == ""
    LabelCheck.objects.filter(set_id="a").update(checked_at=database_now() - timedelta(days=10))
    assert "10 days old" in found("jobs_succeed")


def test_a_site_that_reads_files_only_is_told_that_none_was_read(settings: Any, site: Any) -> None:
    settings.LABEL_SOURCE = "none"
    checked_by_day(settings)
    LabelCheck.objects.create(set_id="a")
    assert "is still missing: of 1 that are followed" in found("jobs_succeed")
    settings.LABEL_SOURCE = "dailymed"
    assert found("jobs_succeed") == "", "the next check asks for it"
    LabelCheck.objects.update(failing_since=database_now() - timedelta(days=4))
    assert "is still missing" in found("jobs_succeed")


def test_readyz_says_of_each_quick_check_how_it_is_and_nothing_that_is_secret(client: Any, site: Any) -> None:
    answer = client.get("/readyz").json()
    assert answer["status"] == "ok"
    assert list(answer["checks"]) == [check.name for check, _ in quick_results()]
    assert set(answer["checks"].values()) <= {"ok", "warning", "error"}


def test_an_error_of_an_unfit_process_is_the_reason(
    client: Any, site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each check that makes a process unfit, and no other, takes it away from readers."""
    fit: set[str] = set()
    unfit: set[str] = set()
    for check in [check for check in CHECKS if check.is_quick]:
        wrong = replace(check, function=lambda: iter([Error("/srv/secret is wrong", hint="x")]))
        others = [wrong if other is check else other for other in CHECKS]
        with monkeypatch.context() as patch:
            patch.setattr(all_checks, "CHECKS", others)
            answer = client.get("/readyz")
        assert "secret" not in answer.content.decode()
        assert answer.json()["checks"][check.name] == "error"
        (fit if answer.status_code == 200 else unfit).add(check.name)
        assert answer.json().get("reason", "") == check.unfit
    assert unfit == {
        *("database_answers", "migrations", "database_role", "nobody_publishes_by_hand", "ledger_head"),
        "static_files",
    }
    assert {"scheduler_runs", "emails_are_sent", "disk_room", "folders_writable"} <= fit


def test_readyz_asks_little_of_the_database(client: Any, site: Any) -> None:
    client.get("/readyz")
    with CaptureQueriesContext(connection) as queries:
        client.get("/readyz")
    assert len(queries) <= 13


def test_a_job_that_only_the_scheduler_has_settings_for_is_told_as_any_other(
    settings: Any, superuser: Any
) -> None:
    """As in `deploy/compose.yaml`, where only the scheduler has BACKUP_FOLDER."""
    settings.BACKUP_FOLDER, settings.DEBUG = "", False
    soon = database_now() + timedelta(minutes=4)
    state("backup", since=HOUR, next_due=soon, consecutive_failures=4, last_error="the disk is full")
    assert "backup (Writes a backup to BACKUP_FOLDER" in found("jobs_succeed")
    assert "failed 4 times: the disk is full" in found("jobs_succeed")
    assert found("backups_are_made") == ""
    page = as_user(superuser).get("/admin/status/").content.decode()
    assert "the disk is full" in page
    metrics = generate_latest(SiteCollector()).decode()
    assert 'monographs_job_consecutive_failures{periodic_job="backup"} 4.0' in metrics
    assert 'monographs_job_interval_seconds{periodic_job="backup"} 86400.0' in metrics
    # A row of a time when it ran, or of a scheduler that is gone, is no job that fails
    state("publish", next_due=soon)
    JobState.objects.filter(pk="backup").update(next_due=database_now() - HOUR)
    assert found("jobs_succeed") == found("scheduler_runs") == ""
    succeeded_at = database_now() - 27 * HOUR
    JobState.objects.update(next_due=soon, consecutive_failures=0, succeeded_at=succeeded_at)
    assert "The last backup was made 27 hours ago" in found("jobs_succeed")
    assert found("backups_are_made") == ""
