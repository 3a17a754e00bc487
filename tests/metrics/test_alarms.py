"""Each fault moves a metric, fires its alarm and no other, and is on the status page with what to do."""

import json
import os
import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import urllib3
from django.conf import settings as django_settings
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.live_server_helper import LiveServer

from cms import request_record
from monographs.core.db_clock import database_now
from monographs.public import views
from monographs.public.responses import page_response
from monographs.review.models import Notice
from monographs.scheduler.job import running_jobs
from monographs.scheduler.models import JobState
from monographs.site_checks.all_checks import CHECKS
from tests.checks.test_documentation import anchors
from tests.conftest import as_user
from tests.metrics import faults
from tests.metrics.alarm_rules import MONITORING, UP, firing, metric_names, rules
from tests.metrics.test_metrics import TOKEN
from tests.site_checks.test_operation import state

DOCS = Path(django_settings.BASE_DIR) / "docs"
ALARMS = "docs/operators/alarms.md"
PROMTOOL = shutil.which("promtool")
#: Requests of a quiet minute.
QUIET = 60


def test_every_alarm_says_what_to_do_in_a_section_that_exists() -> None:
    for rule in rules():
        file, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert (file, anchor in anchors(DOCS.parent / file)) == (ALARMS, True), rule["alert"]
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in ("critical", "warning", "info")


def test_every_check_names_a_section_that_the_operators_find() -> None:
    listed = re.findall(r"\[([^]]+)\]\(operators/", (DOCS / "operators.md").read_text("utf-8"))
    assert [check.name for check in CHECKS if check.manual not in listed] == []


def test_checks_without_an_alarm_of_their_own_are_those_that_the_manual_lists() -> None:
    expressions = {rule["alert"]: rule["expr"] for rule in rules()}
    (left_out,) = re.findall(r'check!~"([^"]+)"', expressions["CheckFindsError"])
    assert f'check!~"{left_out}|database_role"' in expressions["CheckFindsWarning"]
    quick = [check.name for check in CHECKS if check.is_quick]
    assert set(left_out.split("|")) <= set(quick)
    text = (DOCS.parent / ALARMS).read_text("utf-8")
    section = text.partition("## A check finds something")[2].partition("\n##")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == set(quick) - set(left_out.split("|"))


def test_the_dashboard_and_the_alarms_name_metrics_that_exist(client: Any, running_site: Any) -> None:
    client.get("/medicines/testumab/")
    known = set(measure(client).names)
    dashboard = json.loads((MONITORING / "dashboard.json").read_text())
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    used = set().union(*(metric_names(text) for text in [*expressions, *(rule["expr"] for rule in rules())]))
    assert used - known == set()
    # Whoever looks at the dashboard sees all that is measured
    shown = set().union(*map(metric_names, expressions))
    parts = {name for name in known if name.endswith(("_created", "_count", "_sum"))}
    assert {name for name in known if name.startswith("monographs_")} - shown - parts == set()


def test_panels_of_the_dashboard_do_not_lie_on_each_other() -> None:
    panels = json.loads((MONITORING / "dashboard.json").read_text())["panels"]
    cells = [
        (x, y)
        for at in (panel["gridPos"] for panel in panels)
        for x in range(at["x"], at["x"] + at["w"])
        for y in range(at["y"], at["y"] + at["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24, "a dashboard is 24 columns wide"
    assert len({panel["id"] for panel in panels}) == len(panels)


def _labels(labels: dict[str, str]) -> str:
    return "{" + ",".join(f"{name}={json.dumps(value)}" for name, value in labels.items()) + "}"


def measure(client: Any) -> SimpleNamespace:
    """What `/metrics` says: by name, and by series as Prometheus writes them."""
    return _read(client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode())


def _read(text: str) -> SimpleNamespace:
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    series = {sample.name + _labels(sample.labels): sample.value for sample in samples}
    return SimpleNamespace(names={sample.name for sample in samples}, series=series)


def scraped(url: str) -> dict[str, float]:
    """What Prometheus stores of a request to `/metrics`: the series, and whether there was an answer."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Connection": "close"}
    try:
        answer = urllib3.request("GET", f"{url}/metrics", headers=headers, retries=False)
    except urllib3.exceptions.HTTPError:
        return {UP: 0}
    return _read(answer.data.decode()).series | {UP: int(answer.status == 200)}


def growth(before: SimpleNamespace, after: SimpleNamespace) -> dict[str, float]:
    """By how much each counter of requests has grown."""
    return {
        name: value - before.series.get(name, 0)
        for name, value in after.series.items()
        if name.startswith(("monographs_requests_total", "monographs_request_seconds_bucket"))
    }


def assert_fires(alarms: set[str], measured: dict[str, float], folder: Path, **grown: Any) -> None:
    """Check by `promtool` that these alarms fire, and no other."""
    if PROMTOOL:
        assert firing(measured, folder, PROMTOOL, **grown) == alarms
    elif os.environ.get("CI"):
        pytest.fail("promtool is missing; .ci/run must install it.")


@pytest.fixture
def people(superuser: Any, writer: Any, reviewer: Any) -> dict[str, Any]:
    """Who the faults are made with."""
    return {"superuser": superuser, "writer": writer, "reviewer": reviewer}


@pytest.fixture
def running_site(settings: Any, published_medicine: Any, people: Any, tmp_path: Path) -> dict[str, Any]:
    """A site on which everything runs; what the faults are made with."""
    settings.METRICS_TOKEN, settings.LEDGER_HEADS_FOLDER = TOKEN, str(tmp_path)
    settings.CACHE_PURGE_URLS = ["http://10.0.0.5:6081"]
    settings.BACKUP_FOLDER, settings.SCHEDULE = str(tmp_path), {"check_links": "off"}
    Notice.objects.filter(sent_at=None).update(sent_at=database_now())  # of the medicine, however long ago
    for name in running_jobs():
        state(name, next_due=database_now() + timedelta(minutes=1))
    return {**people, "settings": settings}


@pytest.mark.parametrize("case", faults.FAULTS, ids=[case[0] for case in faults.FAULTS])
def test_a_fault_moves_its_metric_and_is_told(
    case: tuple[str, Callable[..., None], str, str, str, str],
    running_site: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """``docs/drills.md`` has the table."""
    _, make, metric, moved, alarm, words = case
    client = as_user(running_site["superuser"])
    before = measure(client)
    with monkeypatch.context() as patch:
        make(patch=patch, **running_site)
        after = measure(client)
        page = client.get("/admin/status/").content.decode() if words else ""
    assert before.series[metric] != after.series[metric]
    assert faults.moved_text(metric, before.series[metric], after.series[metric]) == moved
    (rule,) = [rule for rule in rules() if rule["alert"] == alarm]
    assert metric.partition("{")[0] in metric_names(rule["expr"])
    assert words in page.replace("&#x27;", "'")
    assert_fires(set(), before.series, tmp_path)
    assert_fires({alarm}, after.series, tmp_path)


def failing_pages(*args: Any, **kwargs: Any) -> None:
    raise RuntimeError("a fault of the code")


class Clock:
    """A clock by which only what a test says takes time, however busy the machine is."""

    seconds = 0.0

    def perf_counter(self) -> float:
        return self.seconds


CLOCK = Clock()


def slow_pages(*args: Any, **kwargs: Any) -> Any:
    CLOCK.seconds += 1.1
    return page_response(*args, **kwargs)


#: What answers for pages, requests before and during the fault, the series that it moves, and the alarm.
REQUESTS: list[tuple[Callable[..., Any], int, int, str, str]] = [
    (
        failing_pages,
        QUIET,
        5,
        'monographs_requests_total{route="monograph",status="500"}',
        "RequestsFail",
    ),
    (
        slow_pages,
        0,
        1,
        'monographs_request_seconds_bucket{le="2.5",route="monograph"}',
        "RequestsAreSlow",
    ),
]


@pytest.mark.parametrize("case", REQUESTS, ids=[case[-1] for case in REQUESTS])
def test_requests_that_fail_or_are_slow_are_told(
    case: tuple[Callable[..., Any], int, int, str, str],
    running_site: dict[str, Any],
    client: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    fault, quick, requests, metric, alarm = case
    client.raise_request_exception = False
    monkeypatch.setattr(request_record, "time", CLOCK)

    def read(times: int) -> SimpleNamespace:
        for _ in range(times):
            client.get("/medicines/testumab/")
        return measure(client)

    before = read(1)
    between = read(QUIET)
    read(quick)
    with monkeypatch.context() as patch:
        patch.setattr(views, "page_response", fault)
        # Whoever watches the site asks fast answers of it, and is no reader
        for _ in range(QUIET):
            client.get("/healthz")
        after = read(requests)
    assert growth(between, after)[metric] == requests
    assert_fires(set(), between.series, tmp_path, growth=growth(before, between))
    assert_fires({alarm}, after.series, tmp_path, growth=growth(between, after))


def test_a_backup_of_each_week_is_old_after_a_week(
    running_site: dict[str, Any], client: Any, tmp_path: Path
) -> None:
    running_site["settings"].SCHEDULE = {"backup": "7d"}
    for days, alarms in ((6, set()), (8, {"BackupIsOld"})):
        JobState.objects.filter(pk="backup").update(succeeded_at=database_now() - timedelta(days=days))
        assert_fires(alarms, measure(client).series, tmp_path)


@pytest.mark.django_db(transaction=True)
def test_a_service_that_does_not_answer_is_told(running_site: dict[str, Any], tmp_path: Path) -> None:
    server = LiveServer("127.0.0.1")
    try:
        before = scraped(server.url)
    finally:
        server.stop()
    after = scraped(server.url)
    assert (before[UP], after) == (1, {UP: 0})
    assert_fires(set(), before, tmp_path)
    assert_fires({"ServiceDoesNotAnswer"}, after, tmp_path)


def test_every_alarm_fires_in_these_tests() -> None:
    source = Path(__file__).read_text() + Path(faults.__file__).read_text()
    assert [rule["alert"] for rule in rules() if f'"{rule["alert"]}"' not in source] == []
