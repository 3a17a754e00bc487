"""Settings that can be read, but do not mean what their words say: each is named with its remedy."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from cms.web_database import limited
from monographs.label_watch.configured_source import configured_service
from monographs.label_watch.polite_http import HttpLimits, ServiceUnavailable
from monographs.scheduler.job import all_jobs
from monographs.site_checks import head_places
from monographs.site_checks.all_checks import reasons_not_to_start
from monographs.site_checks.job_times import LONGEST
from tests.site_checks.findings import found


@pytest.mark.parametrize("name", ["BACKUP_FOLDER", "LEDGER_HEADS_FOLDER", "MEDIA_ROOT", "STATIC_ROOT"])
def test_a_folder_that_depends_on_where_a_process_was_started_is_named(fit_site: Any, name: str) -> None:
    assert found("folder_names") == ""
    setattr(fit_site, name, Path("files"))
    assert f"{name}=files is another folder for each process" in found("folder_names")
    assert f"{name}=/srv/files" in found("folder_names")
    assert any(f"{name}=files" in reason for reason in reasons_not_to_start())


@pytest.mark.parametrize("name", ["BACKUP_FOLDER", "LEDGER_HEADS_FOLDER"])
def test_a_web_process_starts_that_may_not_change_backups(fit_site: Any, name: str) -> None:
    """As `deploy/systemd` confines it, and as a container has only the volumes that it needs."""
    setattr(fit_site, name, str(Path(fit_site.STATIC_ROOT) / "staticfiles.json"))
    assert found("folders_writable") == ""
    assert found("scheduler_folders_writable") != ""


def test_a_folder_of_figures_that_depends_on_where_a_process_was_started_is_named(fit_site: Any) -> None:
    figures = {**fit_site.STORAGES["figures"], "OPTIONS": {"location": Path("pictures")}}
    fit_site.STORAGES = {**fit_site.STORAGES, "figures": figures}
    assert "FIGURES_ROOT=pictures is another folder" in found("folder_names")
    assert "FIGURES_ROOT=/srv/pictures" in found("folder_names")


@pytest.mark.parametrize("agent", ["clinic\nX-Other: y", "clinic\r", "Klinik Łódź"])
def test_a_name_of_this_site_that_cannot_be_sent_is_told(fit_site: Any, agent: str) -> None:
    assert found("label_settings") == ""
    fit_site.LABEL_USER_AGENT, fit_site.LABEL_SOURCE = agent, "dailymed"
    assert "cannot be sent, so no label is asked for" in found("label_settings")
    assert "on one line" in found("label_settings")
    fit_site.DAILYMED_URL = "http://127.0.0.1:1/"
    service = configured_service(HttpLimits(waits=(), pause=0))
    assert service is not None
    with pytest.raises(ServiceUnavailable, match=r"header|codec"):
        service.newest("x", "")


@pytest.mark.parametrize("agent", ["", "clinic (+https://clinic.example)", "Klinik für Kinder"])
def test_a_name_of_this_site_that_can_be_sent_is_right(fit_site: Any, agent: str) -> None:
    fit_site.LABEL_USER_AGENT = agent
    assert found("label_settings") == ""


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://x/", "begins with neither"),
        ("https:///x/", "names no host"),
        ("https://x:99999/", "Port out of range"),
        ("https://x:0/", "0 is no port"),
        ("https://x:port/", "Port could not be cast"),
        ("https://[x/", "Invalid IPv6"),
        ("https://a..b/", "label empty or too long"),
        ("https://x/a b/", "has a space"),
        ("https://x\n/", "has a space"),
        ("https://x/ü/", "%XX"),
    ],
)
def test_an_address_of_labels_that_is_none_is_told(fit_site: Any, url: str, words: str) -> None:
    for name in ("DAILYMED_URL", "OPENFDA_URL"):
        assert found("label_settings") == ""
        usual = getattr(fit_site, name)
        setattr(fit_site, name, url)
        assert f"{name}={url} is no web address: " in found("label_settings")
        assert words in found("label_settings")
        setattr(fit_site, name, usual)


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ({"publish": "off"}, "switches publish off, so signed texts that are due are not published"),
        ({"publish": "7d"}, "lets publish run every 7d only, and meanwhile signed texts that are due"),
        ({"send_notices": "off"}, "emails that a mail server did not accept, or that are collected, are not"),
        ({"purge_caches": "1h"}, "may show a withdrawn page"),
        ({"ledger_head": "off"}, "no head is kept"),
        ({"verify_record": "off"}, "nobody notices that the record was changed"),
        ({"verify_record": "90d"}, "lets verify_record run every 90d only"),
        ({"check_labels": "off"}, "no change of a label is noticed"),
    ],
)
def test_work_that_is_not_done_is_told(fit_site: Any, schedule: dict[str, str], words: str) -> None:
    fit_site.CACHE_PURGE_URLS, fit_site.SCHEDULE = ["http://10.0.0.5:6081"], {}
    assert found("job_times") == ""
    fit_site.SCHEDULE = schedule
    assert words in found("job_times")
    (name,) = schedule
    assert f"Leave {name} out of SCHEDULE" in found("job_times")
    fit_site.DEBUG = True
    assert found("job_times") == ""


def test_the_documented_schedule_and_mistakes_of_another_check_are_no_such_fault(fit_site: Any) -> None:
    for schedule in (
        {"verify_record": "7d", "backup": "22:15", "check_links": "off"},  # docs/operators/periodic-work.md
        {"publish": "never", "nothing": "off"},
        {"purge_caches": "off"},  # there are no caches
    ):
        fit_site.SCHEDULE = schedule
        assert found("job_times") == ""
    assert set(LONGEST) <= set(all_jobs())
    assert not set(all_jobs()) - set(LONGEST) - {"backup", "check_links", "check_sources"}


@pytest.mark.parametrize(
    "name", ["PUBLIC_READ_SECONDS", "DATABASE_STATEMENT_SECONDS", "DATABASE_LOCK_SECONDS"]
)
def test_a_limit_that_nothing_keeps_is_told(fit_site: Any, name: str) -> None:
    setattr(fit_site, name, 0.0004)
    assert f"{name}=0.0004 is less than an answer of a busy database takes" in found("time_limits")
    assert "in seconds" in found("time_limits")


def test_a_limit_of_less_than_a_millisecond_is_not_none(settings: Any) -> None:
    """PostgreSQL counts milliseconds, and 0 is no limit."""
    settings.DATABASE_STATEMENT_SECONDS, settings.DATABASE_LOCK_SECONDS = 0.0004, 0.0
    flags = limited({})["OPTIONS"]["options"]
    assert "-c statement_timeout=1 " in flags
    assert "-c lock_timeout=0 " in flags


def test_more_connections_than_the_database_has_are_told(fit_site: Any) -> None:
    fit_site.WEB_CONCURRENCY, fit_site.DATABASE_POOL_SIZE = 2, 4
    assert found("connection_number") == ""
    fit_site.WEB_CONCURRENCY = 50
    said = found("connection_number")
    assert "WEB_CONCURRENCY=50 workers with 4 connections each (DATABASE_POOL_SIZE) open 200" in said
    assert "max_connections" in said
    fit_site.WEB_CONCURRENCY = 2
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f'ALTER DATABASE "{connection.settings_dict["NAME"]}" CONNECTION LIMIT 7')
        cursor.execute("SET ROLE fit_role")
    assert "the server gives this role 7 at most" in found("connection_number")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of a repository, in which there is another folder."""
    subprocess.run(["git", "init", "--quiet", tmp_path / "clone"], check=True)
    (tmp_path / "clone" / "heads").mkdir()
    return tmp_path / "clone"


def test_places_at_which_the_head_can_be_stored_are_right(fit_site: Any, clone: Path) -> None:
    pytest.importorskip("boto3", reason="S3 is optional")
    fit_site.LEDGER_HEAD_TO = [
        "mailto:board@example.org",
        clone.as_uri(),
        f"git:{clone}",
        f"git:{clone / 'heads'}",
        "s3://heads/ledger?retain_days=3650",
    ]
    assert found("head_places") == ""


@pytest.mark.parametrize(
    ("place", "words", "remedy"),
    [
        ("mailto:board", "names no email address", "mailto:board@example.org"),
        ("mailto:a@example.org,b@example.org", "names no email address", "one address"),
        ("file:///no/heads", "names no folder that is there", "Make the folder"),
        ("git:/no/heads", "names no folder that is there", "Make the folder"),
        ("git:{folder}", "is no clone of a repository", "git clone"),
        ("s3:///heads", "names no bucket", "s3://bucket/folder"),
        ("s3://heads?retain_days=ten", "locks objects for 'ten' days", "retain_days=3650"),
        ("s3://heads?retain_days=", "locks objects for '' days", "retain_days=3650"),
        ("s3://heads?retain_days=0", "locks objects for '0' days", "retain_days=3650"),
    ],
)
def test_a_place_at_which_no_head_can_be_stored_is_told(
    fit_site: Any, tmp_path: Path, place: str, words: str, remedy: str
) -> None:
    fit_site.LEDGER_HEAD_TO = [place.format(folder=tmp_path)]
    assert words in found("head_places")
    assert remedy in found("head_places")


def test_a_folder_that_is_not_writable_and_missing_programs_are_told(
    fit_site: Any, clone: Path, monkeypatch: Any
) -> None:
    fit_site.LEDGER_HEAD_TO = [clone.as_uri(), f"git:{clone}", "s3://heads"]
    # The tests may run as root, who can write to every folder
    monkeypatch.setattr(head_places.os, "access", lambda folder, mode: False)
    monkeypatch.setattr(head_places.shutil, "which", lambda name: None)
    monkeypatch.setattr(head_places, "find_spec", lambda name: None)
    said = found("head_places")
    assert said.count("cannot be written to by user") == 2
    assert "needs git, which is not installed" in said
    assert "needs the package boto3, which is not installed" in said
    assert "requirements-s3.txt" in said
