"""`/metrics`: who may read it, what it counts, and what the figures of the site are."""

from typing import Any

import pytest
from django.db import OperationalError, connection
from prometheus_client.parser import text_string_to_metric_families

from monographs.public.database_state import database
from tests.site_checks.test_operation import late_text, lost_purge, state, stuck_email

pytestmark = pytest.mark.django_db

TOKEN = "a-token-for-tests-only-a-token-for-tests"


@pytest.fixture
def read(client: Any, settings: Any) -> Any:
    """A function that reads the metrics: name with labels → value."""
    settings.METRICS_TOKEN = TOKEN

    def read() -> dict[str, float]:
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]
        return {
            sample.name + "".join(f" {k}={v}" for k, v in sorted(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(answer.content.decode())
            for sample in family.samples
        }

    return read


@pytest.mark.parametrize("token", ["", TOKEN])
@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer wrong", TOKEN, f"Basic {TOKEN}", "Bearer é"])
def test_nobody_without_the_token_reads_them(
    client: Any, site: Any, settings: Any, token: str, header: str
) -> None:
    settings.METRICS_TOKEN = token
    answer = client.get("/metrics", headers={"Authorization": header} if header else {})
    assert answer.status_code == 404
    assert b"monographs_" not in answer.content


@pytest.mark.parametrize(
    ("path", "token", "status"),
    [("/metrics", TOKEN, 200), ("/metrics", "wrong", 400), ("/metrics", "", 400), ("/", TOKEN, 400)],
)
def test_a_process_is_asked_by_its_address_with_the_token_only(
    client: Any, site: Any, settings: Any, path: str, token: str, status: int
) -> None:
    """As Prometheus asks: by an address that is in no list, and without TLS."""
    settings.METRICS_TOKEN = TOKEN
    settings.ALLOWED_HOSTS = ["medicines.example.org"]
    settings.SECURE_SSL_REDIRECT, settings.SECURE_REDIRECT_EXEMPT = True, ["^metrics$"]
    headers = {"Authorization": f"Bearer {token}", "Host": "10.0.0.3:8000"}
    answer = client.get(path, headers=headers)
    assert answer.status_code == status
    assert (b"monographs_" in answer.content) == (status == 200)
    if status == 200:
        assert "no-store" in answer.headers["Cache-Control"]
        assert b'monographs_requests_total{route="metrics",status="200"}' in client.get(
            path, headers=headers
        ).content  # fmt: skip


def test_requests_are_counted_by_class_of_route_and_status(
    client: Any, read: Any, published_medicine: Any
) -> None:
    before = read()
    for path in ("/medicines/testumab/", "/medicines/testumab/", "/medicines/nothing/", "/wp-login.php"):
        client.get(path)
    client.get("/medicines/testumab/editions/", headers={"Referer": "https://x.example/secret"})
    client.get("/admin/login/")
    after = read()
    grown = {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}
    assert grown["monographs_requests_total route=monograph status=200"] == 2
    assert grown["monographs_requests_total route=monograph status=404"] == 1
    assert grown["monographs_requests_total route=none status=404"] == 1
    assert grown["monographs_requests_total route=edition_list status=200"] == 1
    assert grown["monographs_requests_total route=admin status=200"] == 1
    assert grown["monographs_request_seconds_count route=monograph"] == 3
    assert grown["monographs_bodies_total cache=miss"] >= 1
    assert grown["monographs_bodies_total cache=hit"] >= 1
    assert not any(
        words in name for name in after for words in ("testumab", "secret", "127.0.0.1", "wp-login")
    )


def test_the_figures_of_the_site(read: Any, writer: Any, reviewer: Any, settings: Any) -> None:
    before = read()
    assert (before["monographs_jobs_known"], before["monographs_database_up"]) == (0, 1)
    stuck_email(writer)
    lost_purge(settings)
    late_text(writer, reviewer)
    state("forget_feedback", consecutive_failures=4)
    after = read()
    assert after["monographs_emails_waiting"] >= 1
    assert after["monographs_emails_waiting_seconds"] == pytest.approx(3 * 3600, abs=60)
    assert after["monographs_cache_purges node=http://10.0.0.5:6081 state=waiting"] == 1
    assert after["monographs_cache_purges_waiting_seconds node=http://10.0.0.5:6081"] >= 60
    assert after["monographs_cache_purges_waiting_seconds node=http://10.0.0.6:6081"] == 0
    assert after["monographs_publications_late"] == 1
    assert after["monographs_publications_late_seconds"] >= 300
    assert after["monographs_job_consecutive_failures periodic_job=forget_feedback"] == 4
    assert after["monographs_jobs_known"] == 1
    assert after["monographs_ledger_entries"] > before["monographs_ledger_entries"]
    assert after["monographs_disk_free_bytes folder=FIGURES_ROOT"] > 0


def test_without_a_database_it_says_so(read: Any, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    def refuse(*args: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    monkeypatch.setattr(connection, "cursor", refuse)
    found = read()
    assert found["monographs_database_up"] == 0
    assert "monographs_emails_waiting" not in found


def test_a_request_that_fails_because_of_the_database_is_counted(
    read: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read()["monographs_database_errors_total"]
    with monkeypatch.context() as patch:
        patch.setattr("monographs.public.views.page_response", refuse_pages)
        assert client.get("/").status_code == 503
    database.answered()  # for the next test
    assert read()["monographs_database_errors_total"] == before + 1


def refuse_pages(*args: Any, **kwargs: Any) -> None:
    raise OperationalError("the connection is lost")
