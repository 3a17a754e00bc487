"""Each fault moves a metric, fires its alarm and no other, and is on the status page with what to do."""

import json
import logging
import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection
from prometheus_client.parser import text_string_to_metric_families

from monographs.core.db_clock import database_now, database_today
from monographs.label_watch.models import UpdateTask
from monographs.public.models import ListedPage
from monographs.scheduler.job import running_jobs
from monographs.scheduler.models import JobState
from monographs.site_checks.all_checks import CHECKS
from monographs.source_library.models import SourceTask
from tests.conftest import as_user
from tests.metrics.alarm_rules import MONITORING, firing, metric_names, rules
from tests.metrics.test_metrics import TOKEN
from tests.site_checks.test_operation import late_text, lost_purge, state, stuck_email, unstamped_head
from tests.source_library.library import add_source

logger = logging.getLogger(__name__)

OPERATORS = (Path(django_settings.BASE_DIR) / "docs" / "operators.md").read_text("utf-8")
PROMTOOL = shutil.which("promtool") or ""


def anchors() -> set[str]:
    """The anchors of the sections of the operators' document, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", OPERATORS, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_alarm_says_what_to_do_in_a_section_that_exists() -> None:
    for rule in rules():
        file, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert (file, anchor in anchors()) == ("docs/operators.md", True), rule["alert"]
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in ("critical", "warning", "info")


def test_every_check_names_a_section_that_exists() -> None:
    headings = re.findall(r"^#+ (.+)$", OPERATORS, re.MULTILINE)
    assert [check.name for check in CHECKS if check.manual not in headings] == []


def test_the_dashboard_and_the_alarms_name_metrics_that_exist(client: Any, running_site: Any) -> None:
    client.get("/medicines/testumab/")
    known = set(measure(client).names)
    dashboard = json.loads((MONITORING / "dashboard.json").read_text())
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    used = set().union(*(metric_names(text) for text in [*expressions, *(rule["expr"] for rule in rules())]))
    assert used - known == set()
    # What is exported is shown; that there is a database, and any job, are alarms
    shown = set().union(*map(metric_names, expressions))
    alarms_only = {
        "monographs_database_up",
        "monographs_jobs_known",
        "monographs_publications_late_seconds",
        "monographs_head_unstamped_seconds",
    }
    parts = {name for name in known if name.endswith(("_created", "_count", "_sum"))}
    assert {name for name in known if name.startswith("monographs_")} - shown - parts == alarms_only


def _labels(labels: dict[str, str]) -> str:
    return "{" + ",".join(f"{name}={json.dumps(value)}" for name, value in labels.items()) + "}"


def measure(client: Any) -> SimpleNamespace:
    """What `/metrics` says: by name, and by series as Prometheus writes them."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    families = list(text_string_to_metric_families(answer.content.decode()))
    samples = [sample for family in families for sample in family.samples]
    series = {sample.name + _labels(sample.labels): sample.value for sample in samples}
    return SimpleNamespace(names={sample.name for sample in samples}, series=series)


def no_database(patch: pytest.MonkeyPatch, **_: Any) -> None:
    def refuse(*args: Any) -> None:
        raise OperationalError("connection refused")

    patch.setattr(connection, "ensure_connection", refuse)
    patch.setattr(connection, "cursor", refuse)


def full_disk(patch: pytest.MonkeyPatch, **_: Any) -> None:
    usage = SimpleNamespace(free=50 << 20)
    patch.setattr("monographs.site_checks.figures.shutil.disk_usage", lambda folder: usage)


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


#: Fault, how it is made, the metric that moves, the alarm, and words of the status page.
FAULTS: list[tuple[str, Callable[..., None], str, str, str]] = [
    (
        "scheduler stopped",
        stopped_scheduler,
        'monographs_job_late_seconds{periodic_job="publish"}',
        "SchedulerDoesNotRun",
        "No scheduler does its work: publish should have run 10 minutes ago.",
    ),
    (
        "a job fails",
        failing_job,
        'monographs_job_consecutive_failures{periodic_job="forget_feedback"}',
        "JobFails",
        "failed 4 times: no permission",
    ),
    (
        "disk full",
        full_disk,
        'monographs_disk_free_bytes{folder="FIGURES_ROOT"}',
        "DiskIsFull",
        "has 50 MB left.",
    ),
    (
        "mail server away",
        lambda writer, **_: stuck_email(writer),
        "monographs_emails_waiting_seconds{}",
        "EmailsNotSent",
        "emails about reviews wait, the oldest for 3 hours.",
    ),
    (
        "cache node away",
        lambda settings, **_: lost_purge(settings),
        'monographs_cache_purges_waiting_seconds{node="http://10.0.0.5:6081"}',
        "CacheNotTold",
        "The cache http://10.0.0.5:6081 does not accept purges: 1 wait",
    ),
    (
        "head not noted",
        old_head,
        'monographs_job_last_success_timestamp_seconds{periodic_job="ledger_head"}',
        "LedgerHeadIsOld",
        "last noted 3 days ago.",
    ),
    (
        "signed text not published",
        lambda writer, reviewer, **_: late_text(writer, reviewer),
        "monographs_publications_late_seconds{}",
        "SignedTextNotPublished",
        "1 signed texts are due, but not public; the oldest for 5 minutes.",
    ),
    (
        "review overdue",
        overdue_review,
        "monographs_pages_overdue{}",
        "ReviewIsOverdue",
        "<dt>Pages to review again</dt><dd>1 overdue</dd>",
    ),
    (
        "change of a label not answered",
        unanswered_label,
        "monographs_labels_overdue{}",
        "ReviewIsOverdue",
        "<dt>Changes of labels to answer</dt><dd>1 overdue</dd>",
    ),
    (
        "source not looked at again",
        unanswered_source,
        "monographs_sources_overdue{}",
        "ReviewIsOverdue",
        "<dt>Sources to look at again</dt><dd>1 overdue</dd>",
    ),
    (
        "time stamping authority away",
        lambda settings, **_: unstamped_head(settings),
        "monographs_head_unstamped_seconds{}",
        "LedgerHeadHasNoTimeStamp",
        "1 heads of the ledger have no time stamp, the oldest for 3 days.",
    ),
    ("database away", no_database, "monographs_database_up{}", "DatabaseDoesNotAnswer", ""),
]


@pytest.fixture
def people(superuser: Any, writer: Any, reviewer: Any) -> dict[str, Any]:
    """Who the faults are made with."""
    return {"superuser": superuser, "writer": writer, "reviewer": reviewer}


@pytest.fixture
def running_site(settings: Any, published_medicine: Any, people: Any, tmp_path: Path) -> dict[str, Any]:
    """A site on which everything runs; what the faults are made with."""
    settings.METRICS_TOKEN, settings.LEDGER_HEADS_FOLDER = TOKEN, str(tmp_path)
    settings.CACHE_PURGE_URLS = ["http://10.0.0.5:6081"]
    for name in running_jobs():
        state(name, next_due=database_now() + timedelta(minutes=1))
    return {**people, "settings": settings}


@pytest.mark.parametrize("case", FAULTS, ids=[case[0] for case in FAULTS])
def test_a_fault_moves_its_metric_and_is_told(
    case: tuple[str, Callable[..., None], str, str, str],
    running_site: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """`--log-cli-level=INFO` prints the table of alarms."""
    fault, make, metric, alarm, words = case
    client = as_user(running_site["superuser"])
    before = measure(client)
    with monkeypatch.context() as patch:
        make(patch=patch, **running_site)
        after = measure(client)
        page = client.get("/admin/status/").content.decode() if words else ""
    values = f"{before.series[metric]:.0f} → {after.series[metric]:.0f}"
    logger.info("%s | %s: %s | %s | %s", fault, metric, values, alarm, words)
    assert before.series[metric] != after.series[metric]
    (rule,) = [rule for rule in rules() if rule["alert"] == alarm]
    assert metric.partition("{")[0] in metric_names(rule["expr"])
    assert words in page.replace("&#x27;", "'")
    if PROMTOOL:
        assert firing(before.series, tmp_path, PROMTOOL) == set()
        assert firing(after.series, tmp_path, PROMTOOL) == {alarm}
