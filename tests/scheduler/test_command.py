"""`manage.py scheduler --list` and `--once`, and every job of this site run for real."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from monographs.core.db_clock import database_now, database_today
from monographs.editions.ledger import head
from monographs.scheduler.job import all_jobs, running_jobs
from monographs.scheduler.models import JobState
from tests.editions.test_figures import file_size_limit
from tests.factories import make_monograph, sign, submit

pytestmark = pytest.mark.django_db


def scheduler(*arguments: str) -> str:
    out = StringIO()
    call_command("scheduler", *arguments, stdout=out)
    return out.getvalue()


def test_every_job_of_a_new_site_succeeds_once(site: Any, settings: Any, tmp_path: Path) -> None:
    settings.SCHEDULE, settings.LEDGER_HEADS_FOLDER = {"verify_record": "off"}, str(tmp_path)
    settings.RECORD_ACCOUNT_CHANGES = True
    call_command("setup_site", stdout=StringIO())  # with the ledger's baseline
    out = scheduler("--once")
    assert out.splitlines() == [f"{name}: succeeded" for name in running_jobs()]
    frequent = {"publish"}
    again = {line.partition(":")[0] for line in scheduler("--once").splitlines()}
    assert again <= frequent
    assert (tmp_path / database_today().isoformat()).read_text() == "{} {}\n".format(*head())


def test_a_signed_text_that_is_due_is_published(site: Any, writer: Any, reviewer: Any) -> None:
    submission = submit(make_monograph(by=writer), writer, publish_at=database_now() + timedelta(hours=1))
    sign(submission, reviewer)
    scheduler("--once", "publish")
    submission.refresh_from_db()
    assert submission.is_scheduled
    type(submission).objects.update(publish_at=database_now())
    scheduler("--once", "publish")
    assert JobState.objects.get().result == "published testumab/1"


def test_a_job_that_fails_is_the_commands_failure(settings: Any) -> None:
    settings.LEDGER_HEADS_FOLDER = "/nowhere/at/all"
    with pytest.raises(
        CommandError, match=r"ledger_head: /nowhere/at/all/.* cannot be written: No such file"
    ):
        scheduler("--once", "ledger_head")
    assert "FAILED 1 times: /nowhere/at/all" in scheduler("--list")


def test_half_a_head_is_not_added_to_a_file_on_a_full_disk(settings: Any, tmp_path: Path) -> None:
    """What is added later would stand on the same line, and no head of that day could be read any more."""
    settings.LEDGER_HEADS_FOLDER = str(tmp_path)
    file, earlier = tmp_path / database_today().isoformat(), f"1 {'0' * 64}\n"
    file.write_text(earlier)
    with file_size_limit(len(earlier) + 20), pytest.raises(CommandError, match=r"cannot be written: .*large"):
        scheduler("--once", "ledger_head")
    assert [path.read_text() for path in tmp_path.iterdir()] == [earlier]
    scheduler("--once", "ledger_head")
    assert file.read_text() == "{}{} {}\n".format(earlier, *head())
    assert file.stat().st_mode & 0o777 == 0o644


def test_the_list_names_every_job_its_times_and_how_it_went(settings: Any) -> None:
    settings.SCHEDULE = {"check_links": "off"}
    scheduler("--once", "forget_feedback")
    listed = scheduler("--list")
    assert [line.split()[0] for line in listed.splitlines()[::2]] == list(all_jobs())
    details = dict(zip(all_jobs(), listed.splitlines()[1::2], strict=True))
    assert details["check_links"].strip() == "SCHEDULE says “off”"
    assert details["backup"].strip() == "BACKUP_FOLDER is not set"
    assert details["publish"].strip() == "never ran"
    assert "deleted 0 answers" in details["forget_feedback"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("nothing", "nothing does not run here: jobs are audit_accounts"),
        ("backup", "BACKUP_FOLDER is not set"),
    ],
)
def test_a_job_that_does_not_run_here_is_refused_with_the_reason(name: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        scheduler("--once", name)


def test_a_mistake_in_the_setting_keeps_it_from_starting(settings: Any) -> None:
    settings.SCHEDULE = {"publish": "often"}
    with pytest.raises(CommandError, match="SCHEDULE, publish: 'often' is no schedule"):
        scheduler("--list")


def test_several_heads_in_one_days_file_are_all_checked(published_medicine: Any, tmp_path: Path) -> None:
    first, last = "{} {}\n".format(*head()), tmp_path / "2026-01-31"
    last.write_text(f"{first}{first}")
    call_command("ledger", "verify", anchor=last, stdout=StringIO())
    last.write_text(f"1 {'0' * 64}\n{first}")
    with pytest.raises(CommandError, match="FAULT ledger entry 1: differs from the head kept elsewhere"):
        call_command("ledger", "verify", anchor=last, stdout=StringIO())
    last.write_text("")
    with pytest.raises(CommandError, match="it is empty"):
        call_command("ledger", "verify", anchor=last, stdout=StringIO())
