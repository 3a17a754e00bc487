"""Each fault of an installation is named by the check that is about it, with the remedy."""

import json
import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import ERROR, WARNING
from django.core.management import call_command
from django.db import OperationalError, connection

from monographs.core import db_clock
from monographs.editions.ledger import head
from monographs.editions.models import LedgerEntry
from monographs.site_checks import database
from monographs.site_checks.all_checks import CHECKS, reasons_not_to_start
from tests.factories import make_user
from tests.site_checks.conftest import KEY
from tests.site_checks.findings import found

Fault = tuple[str, Callable[[Any], Any], str, str]


def time_stamps_without_a_ca(settings: Any) -> None:
    settings.LEDGER_TSA_URL, settings.LEDGER_TSA_CA_FILE = "http://127.0.0.1:1/tsr", "/none/ca.pem"


#: Check, how the fault is made, and words of the message and of the remedy.
SETTINGS: list[Fault] = [
    ("debug_is_off", lambda s: setattr(s, "DEBUG", True), "DEBUG is on", "cms.settings.production"),
    *(
        ("base_url", lambda s, url=url: setattr(s, "BASE_URL", url), words, remedy)
        for url, words, remedy in (
            ("http://medicines.example.org", "does not begin with https://", "BASE_URL=https://"),
            ("medicines.example.org", "has no host name", "BASE_URL=https://"),
            (
                "https://medicines.example.org/site",
                "more than a host",
                "BASE_URL=https://medicines.example.org.",
            ),
            ("https://medicines.example.org:8443/?x", "more than a host", "example.org:8443."),
            *(
                (url, "is not written as browsers write it", "Set BASE_URL=https://medicines.example.org.")
                for url in (
                    "https://medicines.example.org.",
                    "https://medicines.example.org:443",
                    "https://medicines.example.org:0",
                    "https://MEDICINES.example.org",
                    "HTTPS://medicines.example.org",
                    " https://medicines.example.org",
                    "https://medicines.example.org?",
                    "https://medicines.example.org#",
                )
            ),
            (
                "https://médicines.example.org",
                "not written",
                "BASE_URL=https://xn--mdicines-b1a.example.org.",
            ),
            ("https://médicines.example.org", "not in ALLOWED_HOSTS", "Add xn--mdicines-b1a.example.org"),
            ("https://[::1]", "not in ALLOWED_HOSTS", "Add [::1] to"),
            ("https://a..example.org", "label empty or too long", "BASE_URL=https://"),
            ("https://medicines.example.org:port", "Port could not be cast", "BASE_URL=https://"),
            ("https://other.example.org", "not in ALLOWED_HOSTS", "Add other.example.org to ALLOWED_HOSTS"),
        )
    ),
    *(
        ("allowed_hosts", lambda s, host=host: setattr(s, "ALLOWED_HOSTS", [host]), words, "names")
        for host, words in (
            ("*", "accepts every name"),
            ("https://medicines.example.org", "is no host name"),
            ("medicines.example.org:443", "is no host name"),
            ("", "is no host name"),
        )
    ),
    ("secret_key", lambda s: setattr(s, "SECRET_KEY", "short"), "can be guessed", "token_urlsafe"),
    ("secret_key", lambda s: setattr(s, "SECRET_KEY", "ab" * 40), "can be guessed", "token_urlsafe"),
    (
        "secret_key",
        lambda s: setattr(s, "SECRET_KEY", f"local-only-{KEY}"),
        "can be guessed",
        "token_urlsafe",
    ),
    *(
        ("secret_key", lambda s, keys=keys: setattr(s, "SECRET_KEY_FALLBACKS", keys), words, remedy)
        for keys, words, remedy in (
            ([KEY[::-1], "short"], "Key 2 of SECRET_KEY_FALLBACKS can be guessed", "token_urlsafe"),
            ([KEY], "Key 1 of SECRET_KEY_FALLBACKS is there twice", "Remove it"),
            ([KEY[::-1], KEY[::-1]], "Key 2 of SECRET_KEY_FALLBACKS is there twice", "Remove it"),
        )
    ),
    ("trusted_proxies", lambda s: setattr(s, "TRUSTED_PROXIES", -1), "no number of proxies", "1"),
    ("trusted_proxies", lambda s: setattr(s, "TRUSTED_PROXIES", 99), "can forge its address", "1"),
    ("trusted_proxies", lambda s: setattr(s, "TRUSTED_PROXIES", 0), "locked out together", "1"),
    (
        "time_stamp_certificates",
        time_stamps_without_a_ca,
        "LEDGER_TSA_CA_FILE=/none/ca.pem cannot be used",
        "root certificate",
    ),
    *(
        (check, lambda s, name=name, value=value: setattr(s, name, value), words, remedy)
        for check, name, value, words, remedy in (
            ("backup_settings", "BACKUP_KEYS", ["age1x"], "'age1x' is no public key", "age-keygen"),
            (
                "evidence_settings",
                "LEDGER_KEY_FILE",
                "/none/key",
                "No such file",
                "docs/operators/settings.md",
            ),
            ("evidence_settings", "LEDGER_HEAD_TO", ["file:/x"], "no key to sign", "ledger new_key"),
            ("evidence_settings", "LEDGER_WITNESS_KEYS", ["x"], "LEDGER_WITNESS_KEYS cannot", "settings.md"),
            ("evidence_settings", "LEDGER_FORMER_KEYS", ["x"], "LEDGER_FORMER_KEYS cannot", "settings.md"),
            ("evidence_settings", "LEDGER_WITNESS_URLS", ["https://x"], "no key of theirs", "public key"),
            (
                "label_settings",
                "LABEL_TASK_DAYS",
                {"grave": 90, "substance": 60, "wording": 180},
                "graver",
                "7",
            ),
            ("label_settings", "DAILYMED_URL", "ftp://x/", "is no web address", "docs/operators/settings.md"),
            (
                "metrics_token",
                "METRICS_TOKEN",
                "drei Gänse auf einem Dach",
                "nobody can send it",
                "token_urlsafe",
            ),
            ("metrics_token", "METRICS_TOKEN", "x", "has 1 characters", "token_urlsafe"),
            ("time_limits", "DATABASE_STATEMENT_SECONDS", 0.0, "is no limit", "Leave DATABASE_STATEMENT"),
            ("time_limits", "DATABASE_LOCK_SECONDS", 20_000.0, "meant in milliseconds?", "in seconds"),
            ("time_limits", "PUBLIC_STALE_SECONDS", 86400.0, "withdrawn page can be shown", "60"),
            ("help_lines", "POISON_LINE_NAME", " ", "POISON_LINE_NAME is empty", "leave it out"),
        )
    ),
    (
        "email_sender",
        lambda s: setattr(s, "DEFAULT_FROM_EMAIL", "monographs@"),
        "no email",
        "_default_from_email",
    ),
    (
        "system_checks",
        lambda s: setattr(s, "WAGTAIL_FINISH_WORKFLOW_ACTION", "wagtail.workflows.publish_workflow_state"),
        "without checking signatures",
        "WAGTAIL_FINISH_WORKFLOW_ACTION",
    ),
    (
        "folders_writable",
        lambda s: setattr(s, "MEDIA_ROOT", Path(s.STATIC_ROOT) / "staticfiles.json"),
        "MEDIA_ROOT=",
        "chown",
    ),
    (
        "scheduler_folders_writable",
        lambda s: setattr(s, "BACKUP_FOLDER", str(Path(s.STATIC_ROOT) / "staticfiles.json")),
        "BACKUP_FOLDER=",
        "chown",
    ),
    (
        "static_files",
        lambda s: (Path(s.STATIC_ROOT) / "staticfiles.json").unlink(),
        "holds no list of static files",
        "collectstatic",
    ),
    (
        "static_files",
        lambda s: (Path(s.STATIC_ROOT) / "a.0123456789ab.css").unlink(),
        "1 static files are missing, a.0123456789ab.css among them",
        "collectstatic",
    ),
]


@pytest.mark.parametrize("fault", SETTINGS, ids=lambda fault: fault[0])
def test_a_fault_of_settings_and_folders_is_named_with_its_remedy(fit_site: Any, fault: Fault) -> None:
    name, make, words, remedy = fault
    assert "without checking signatures" not in found(name) if name == "system_checks" else found(name) == ""
    make(fit_site)
    assert words in found(name)
    assert remedy in found(name)


@pytest.mark.parametrize(("free", "words"), [(1 << 30, "1024 MB left"), (50 << 20, "50 MB left")])
def test_a_full_disk_is_named(fit_site: Any, monkeypatch: Any, free: int, words: str) -> None:
    assert found("disk_room") == ""
    usage = type("Usage", (), {"free": free})
    monkeypatch.setattr("monographs.site_checks.service_statistics.shutil.disk_usage", lambda folder: usage)
    assert words in found("disk_room")
    assert "Enlarge the volume" in found("disk_room")


# --- The database -------------------------------------------------------------------------------------

#: Check, SQL that makes the fault, and words of the message and of the remedy.
ROWS = [
    (
        "migrations",
        "DELETE FROM django_migrations WHERE app = 'review' AND name = "
        "(SELECT max(name) FROM django_migrations WHERE app = 'review')",
        "1 migrations are not applied, review.",
        "DATABASE_OWNER_URL",
    ),
    (
        "nobody_publishes_by_hand",
        "INSERT INTO auth_group_permissions (group_id, permission_id) SELECT g.id, p.id FROM auth_group g, "
        "auth_permission p WHERE g.name = 'Editors' AND p.codename = 'publish_page' LIMIT 1",
        "Group “Editors” may publish by hand (publish_page)",
        "setup_site",
    ),
    (
        "database_role",
        "GRANT DELETE ON editions_edition TO fit_role",
        "may DELETE editions_edition",
        "roles.sql",
    ),
    (
        "database_role",
        "REVOKE INSERT ON editions_ledgerentry FROM fit_role",
        "may not add to the record",
        "manage.py migrate",
    ),
]


@pytest.mark.parametrize(("name", "sql", "words", "remedy"), ROWS)
def test_a_fault_of_the_database_is_named(
    fit_site: Any, name: str, sql: str, words: str, remedy: str
) -> None:
    assert found(name) == ""
    with connection.cursor() as cursor:
        cursor.execute(f"RESET ROLE; {sql}; SET ROLE fit_role")
    assert words in found(name)
    assert remedy in found(name)


def test_files_in_folders_need_no_object_store(fit_site: Any) -> None:
    """Real ones are in tests/deployment/test_object_store.py."""
    assert found("object_store") == ""


def test_a_pooler_that_is_not_there_is_named(fit_site: Any) -> None:
    """Real ones are in tests/deployment/test_pooler.py."""
    assert found("pooler") == ""
    fit_site.DATABASE_POOLER = "transaction"
    assert "nothing stands before the database" in found("pooler")
    assert "Remove DATABASE_POOLER" in found("pooler")


def test_one_role_for_all_is_a_warning(fit_site: Any) -> None:
    fit_site.REQUIRE_RESTRICTED_ROLE = False
    assert "ONE_DATABASE_ROLE=true" in found("database_role")


def test_a_changed_or_missing_head_is_named(fit_site: Any, settings: Any) -> None:
    assert "The ledger is empty" in found("ledger_head")
    settings.RECORD_ACCOUNT_CHANGES = True
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        make_user("writer", "Medical writers")
        assert found("ledger_head") == ""
        cursor.execute("ALTER TABLE editions_ledgerentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE editions_ledgerentry SET body = '{}' WHERE seq = %s", [head()[0]])
    assert "does not match its hash" in found("ledger_head")
    assert "ledger verify --anchor" in found("ledger_head")


def test_a_clock_set_back_is_named(fit_site: Any, settings: Any, monkeypatch: Any) -> None:
    settings.RECORD_ACCOUNT_CHANGES = True
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        make_user("writer", "Medical writers")
    at = LedgerEntry.objects.latest("seq").at
    monkeypatch.setattr(database, "database_now", lambda: at - timedelta(hours=1))
    assert "3600 seconds ahead of the database's clock" in found("ledger_head")


@pytest.mark.parametrize(("apart", "level"), [(0, None), (10, WARNING), (-100, ERROR)])
def test_clocks_that_differ_are_named(fit_site: Any, monkeypatch: Any, apart: int, level: int | None) -> None:
    real = db_clock.database_now
    monkeypatch.setattr(database, "database_now", lambda: real() + timedelta(seconds=apart))
    (check,) = [check for check in CHECKS if check.name == "clock"]
    assert [message.level for message in check.run()] == ([level] if level else [])
    if level:
        assert f"differ by {abs(apart)} seconds" in found("clock")
        assert "NTP" in found("clock")


def test_an_old_server_is_named(fit_site: Any, monkeypatch: Any) -> None:
    assert found("postgresql_version") == ""
    monkeypatch.setattr(database, "server_major", lambda: 14)
    assert "PostgreSQL 14; 15 or later is needed" in found("postgresql_version")


def test_a_database_that_does_not_answer_is_named_by_each_check_that_needs_it(
    fit_site: Any, monkeypatch: Any
) -> None:
    def refuse() -> None:
        raise OperationalError('connection to server at "10.0.0.1" failed\nIs the server running?')

    with monkeypatch.context() as patch:
        patch.setattr(connection, "ensure_connection", refuse)
        for name in ("database_answers", "migrations", "ledger_head", "clock", "database_role"):
            assert 'connection to server at "10.0.0.1" failed Compare DATABASE_URL' in found(name)


# --- The command --------------------------------------------------------------------------------------


def test_every_check_has_a_fault_in_these_tests() -> None:
    source = "".join(file.read_text() for file in Path(__file__).parent.glob("test_*.py"))
    assert [check.name for check in CHECKS if f'"{check.name}"' not in source] == []
    assert [check.name for check in CHECKS if not check.title.endswith((".", ")."))] == []


def test_the_command_prints_and_exits_with_the_worst(fit_site: Any, capsys: Any) -> None:
    fit_site.TRUSTED_PROXIES = 0
    fit_site.BASE_URL = "http://medicines.example.org"
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--json")
    assert ended.value.code == 1
    said = json.loads(capsys.readouterr().out)
    statuses = {entry["check"]: entry["status"] for entry in said["checks"]}
    assert said["status"] == "error"
    assert (statuses["base_url"], statuses["trusted_proxies"], statuses["clock"]) == (
        "error",
        "warning",
        "ok",
    )
    (message,) = next(entry["messages"] for entry in said["checks"] if entry["check"] == "base_url")
    assert message["remedy"].startswith("Set it to the public address")


def test_only_an_error_of_the_settings_and_folders_keeps_the_service_from_starting(
    fit_site: Any,
) -> None:
    fit_site.TRUSTED_PROXIES = 0
    with socket.create_server(("127.0.0.1", 0)) as other_server:
        fit_site.CACHE_PURGE_URLS = [f"http://127.0.0.1:{other_server.getsockname()[1]}"]
        assert reasons_not_to_start() == []
        other_server.settimeout(0)
        with pytest.raises(BlockingIOError):
            other_server.accept()  # no start waits for another server
    fit_site.TRUSTED_PROXIES = -1
    (reason,) = reasons_not_to_start()
    assert "TRUSTED_PROXIES=-1" in reason
    assert "one proxy in front is 1" in reason
