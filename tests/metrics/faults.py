"""Faults of a running site, each with the metric that it moves, its alarm, and what the status page says."""

import errno
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import OperationalError, connection

from monographs.core.db_clock import database_now, database_today
from monographs.label_watch.models import LabelCheck, UpdateTask
from monographs.public.models import ListedPage
from monographs.scheduler.models import JobState
from monographs.source_library.models import SourceTask
from tests.site_checks.test_operation import (
    late_text,
    lost_purge,
    stuck_email,
    unconfirmed_label,
    unstamped_head,
)
from tests.source_library.library import add_source


def no_database(patch: pytest.MonkeyPatch, **_: Any) -> None:
    def refuse(*args: Any) -> None:
        raise OperationalError("connection refused")

    patch.setattr(connection, "ensure_connection", refuse)
    patch.setattr(connection, "cursor", refuse)


def full_disk(patch: pytest.MonkeyPatch, **_: Any) -> None:
    usage = SimpleNamespace(free=50 << 20)
    patch.setattr("monographs.site_checks.service_statistics.shutil.disk_usage", lambda folder: usage)

    def refuse(**_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    patch.setattr("monographs.site_checks.folders.tempfile.TemporaryFile", refuse)


def old_head(**_: Any) -> None:
    JobState.objects.filter(pk="ledger_head").update(succeeded_at=database_now() - timedelta(days=3))


def stopped_scheduler(**_: Any) -> None:
    JobState.objects.filter(pk="publish").update(next_due=database_now() - timedelta(minutes=10))


def overdue_review(**_: Any) -> None:
    ListedPage.objects.update(next_due=database_today() - timedelta(days=1))


def unanswered_source(**_: Any) -> None:
    SourceTask.objects.create(
        key=uuid4(),
        title="Testumab",
        source=add_source(),
        edition=1,
        due_on=database_today() - timedelta(days=1),
    )


def unanswered_label(**_: Any) -> None:
    UpdateTask.objects.create(
        key=uuid4(),
        title="Testumab",
        set_id="x",
        edition=1,
        from_version=1,
        to_version=2,
        opened_at=database_now(),
        due_on=database_today() - timedelta(days=1),
    )


def failing_job(**_: Any) -> None:
    JobState.objects.filter(pk="forget_feedback").update(consecutive_failures=4, last_error="no permission")


def old_backup(**_: Any) -> None:
    JobState.objects.filter(pk="backup").update(succeeded_at=database_now() - timedelta(hours=27))


def old_labels(**_: Any) -> None:
    """The job succeeds, as it does without a service; what files said is old."""
    LabelCheck.objects.create(set_id="a", checked_at=database_now() - timedelta(days=4))


def many_labels_gone(**_: Any) -> None:
    """Then the job fails, round after round."""
    unconfirmed_label()
    succeeded_at = database_now() - timedelta(days=4)
    JobState.objects.filter(pk="check_labels").update(consecutive_failures=9, succeeded_at=succeeded_at)


def no_folder_for_uploads(settings: Any, **_: Any) -> None:
    settings.MEDIA_ROOT = str(Path(settings.BASE_DIR) / "manage.py")


def permission_to_publish(**_: Any) -> None:
    Group.permissions.through.objects.create(
        group=Group.objects.get(name="Editors"), permission=Permission.objects.get(codename="publish_page")
    )


def no_backups(settings: Any) -> None:
    settings.BACKUP_FOLDER = ""
    JobState.objects.filter(pk="backup").delete()


#: Fault, how it is made, the metric that moves, by how much (``moved_text``), the alarm, and words of the
#: status page.
FAULTS: list[tuple[str, Callable[..., None], str, str, str, str]] = [
    (
        "scheduler stopped",
        stopped_scheduler,
        'monographs_job_late_seconds{periodic_job="publish"}',
        "0 → 10 min",
        "SchedulerDoesNotRun",
        "No scheduler does its work: publish should have run 10 minutes ago.",
    ),
    (
        "a job fails",
        failing_job,
        'monographs_job_consecutive_failures{periodic_job="forget_feedback"}',
        "0 → 4",
        "JobFails",
        "failed 4 times: no permission",
    ),
    (
        "disk full",
        full_disk,
        'monographs_disk_free_bytes{folder="FIGURES_ROOT"}',
        "→ 50 MB",
        "DiskIsFull",
        "has 50 MB left.",
    ),
    (
        "mail server away",
        lambda writer, **_: stuck_email(writer),
        "monographs_emails_waiting_seconds{}",
        "0 → 3 h",
        "EmailsNotSent",
        "emails about reviews wait, the oldest for 3 hours.",
    ),
    (
        "cache node away",
        lambda settings, **_: lost_purge(settings),
        'monographs_cache_purges_waiting_seconds{node="http://10.0.0.5:6081"}',
        "0 → 1 min",
        "CacheNotTold",
        "The cache http://10.0.0.5:6081 does not accept purges: 1 wait",
    ),
    (
        "head not noted",
        old_head,
        'monographs_job_last_success_timestamp_seconds{periodic_job="ledger_head"}',
        "0 → 3 d ago",
        "LedgerHeadIsOld",
        "last noted 3 days ago.",
    ),
    (
        "no backup made",
        old_backup,
        'monographs_job_last_success_timestamp_seconds{periodic_job="backup"}',
        "0 → 27 h ago",
        "BackupIsOld",
        "The last backup was made 27 hours ago.",
    ),
    (
        "labels not checked",
        old_labels,
        "monographs_labels_unanswered_seconds{}",
        "0 → 4 d",
        "LabelsNotChecked",
        "The oldest answer about a label is 4 days old",
    ),
    (
        "signed text not published",
        lambda writer, reviewer, **_: late_text(writer, reviewer),
        "monographs_publications_late_seconds{}",
        "0 → 5 min",
        "SignedTextNotPublished",
        "1 signed texts are due, but not public; the oldest for 5 minutes.",
    ),
    (
        "review overdue",
        overdue_review,
        "monographs_pages_overdue{}",
        "0 → 1",
        "ReviewIsOverdue",
        "<dt>Pages to review again</dt><dd>1 overdue</dd>",
    ),
    (
        "change of a label not answered",
        unanswered_label,
        "monographs_labels_overdue{}",
        "0 → 1",
        "ReviewIsOverdue",
        "<dt>Changes of labels to answer</dt><dd>1 overdue</dd>",
    ),
    (
        "source not looked at again",
        unanswered_source,
        "monographs_sources_overdue{}",
        "0 → 1",
        "ReviewIsOverdue",
        "<dt>Sources to look at again</dt><dd>1 overdue</dd>",
    ),
    (
        "time stamping authority away",
        lambda settings, **_: unstamped_head(settings),
        "monographs_head_unstamped_seconds{}",
        "0 → 3 d",
        "LedgerHeadHasNoTimeStamp",
        "1 heads of the ledger have no time stamp, the oldest for 3 days.",
    ),
    (
        "many labels gone",
        many_labels_gone,
        'monographs_check_status{check="labels_are_published"}',
        "0 → 1",
        "LabelsGoneAtOnce",
        "1 followed labels are said to be gone, since 2 days.",
    ),
    (
        "a folder is not writable",
        no_folder_for_uploads,
        'monographs_check_status{check="folders_writable"}',
        "0 → 2",
        "CheckFindsError",
        "cannot be written to by user",
    ),
    (
        "somebody may publish by hand",
        permission_to_publish,
        'monographs_check_status{check="nobody_publishes_by_hand"}',
        "0 → 2",
        "CheckFindsError",
        "may publish by hand",
    ),
    (
        "no backups at all",
        lambda settings, **_: no_backups(settings),
        'monographs_check_status{check="backups_are_made"}',
        "0 → 1",
        "CheckFindsWarning",
        "No backups are made here",
    ),
    (
        "head kept nowhere else",
        lambda settings, **_: setattr(settings, "LEDGER_HEADS_FOLDER", ""),
        'monographs_check_status{check="head_is_kept_elsewhere"}',
        "0 → 1",
        "CheckFindsWarning",
        "kept nowhere but in this database.",
    ),
    ("database away", no_database, "monographs_database_up{}", "1 → 0", "DatabaseDoesNotAnswer", ""),
]


def moved_text(metric: str, before: float, after: float) -> str:
    """Return by how much a metric moved, in words that are the same on every machine."""
    if metric.partition("{")[0].endswith("_bytes"):
        return f"→ {int(after) >> 20} MB"  # how much there was depends on the machine
    return f"{_value_text(metric, before)} → {_value_text(metric, after)}".replace("0 ago →", "0 →")


def _value_text(metric: str, value: float) -> str:
    name = metric.partition("{")[0]
    if name.endswith("_timestamp_seconds"):
        return f"{_duration(time.time() - value)} ago"
    return _duration(value) if name.endswith("_seconds") else f"{value:.0f}"


def _duration(seconds: float) -> str:
    """Return a duration in its largest unit of which there are two, else in minutes."""
    for size, unit in ((86400, "d"), (3600, "h")):
        if seconds >= 2 * size:
            return f"{seconds // size:.0f} {unit}"
    return f"{seconds // 60:.0f} min" if seconds >= 60 else "0"
