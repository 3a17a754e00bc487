"""When a job is due: intervals, times of the day, pauses after failures, clocks that are set."""

from datetime import UTC, datetime, timedelta

import pytest

from monographs.scheduler.job import Job, schedule_mistakes
from monographs.scheduler.job_run import is_due
from monographs.scheduler.models import JobState
from monographs.scheduler.schedule import Schedule, parse_schedule

NOW = datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))


def schedule(text: str) -> Schedule:
    found = parse_schedule(text)
    assert found
    return found


@pytest.mark.parametrize(
    ("text", "interval"), [("30s", 30 * SECOND), ("10min", 10 * MINUTE), ("6h", 6 * HOUR), ("1d", DAY)]
)
def test_an_interval_is_read_and_counts_from_the_start_of_a_run(text: str, interval: timedelta) -> None:
    assert schedule(text).next_after(NOW, NOW + SECOND) == NOW + interval


def test_a_run_longer_than_its_interval_is_followed_by_the_next_one() -> None:
    assert schedule("10min").next_after(NOW, NOW + HOUR) == NOW + HOUR


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("05:31", NOW + MINUTE),
        ("05:30", NOW + DAY),
        ("05:29", NOW + DAY - MINUTE),
        ("00:00", NOW + 18.5 * HOUR),
    ],
)
def test_a_time_of_the_day_is_the_next_one(text: str, due: datetime) -> None:
    assert schedule(text).next_after(NOW, NOW) == due


def test_off_is_no_schedule() -> None:
    assert parse_schedule("off") is None


@pytest.mark.parametrize("text", ["", "0s", "10", "-1h", "24:00", "5:30", "1w", "on", "1h 30min"])
def test_another_text_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match=r"write e\.g\. 30s, 10min, 6h, 1d, 05:30 \(UTC\) or off"):
        parse_schedule(text)


@pytest.mark.parametrize(
    ("text", "pauses"),
    [
        ("1s", [1, 2, 4, 8, 15, 15]),
        ("5min", [60, 120, 240, 300, 300]),
        ("05:30", [60, 120, 240, 480, 960, 1920, 3600, 3600]),
    ],
)
def test_pauses_after_failures_double_and_are_bounded(text: str, pauses: list[int]) -> None:
    found = [schedule(text).pause_after(n + 1).total_seconds() for n in range(len(pauses))]
    assert found == pauses
    assert schedule(text).pause_after(1_000_000).total_seconds() == pauses[-1]


@pytest.mark.parametrize(
    ("next_due", "due"),
    [
        (NOW - DAY, True),
        (NOW, True),
        (NOW + SECOND, False),
        (NOW + 10 * MINUTE, False),
        # The clock was a day ahead when it last ran
        (NOW + DAY, True),
    ],
)
def test_a_job_is_due_by_its_time_and_after_a_clock_was_set_back(next_due: datetime, due: bool) -> None:
    assert is_due(schedule("10min"), JobState(next_due=next_due), NOW) is due


def test_a_pause_after_a_failure_does_not_look_like_a_clock_that_was_set_back() -> None:
    for text in ("1s", "5min", "05:30"):
        for failures in range(1, 20):
            state = JobState(next_due=NOW + schedule(text).pause_after(failures))
            assert not is_due(schedule(text), state, NOW)


def test_a_job_that_never_ran_is_due() -> None:
    assert is_due(schedule("1d"), None, NOW)


def test_what_is_wrong_with_the_setting_is_said(settings) -> None:
    settings.SCHEDULE = {"publish": "2s", "check_links": "hourly", "publsh": "2s"}
    wrong_words, unknown = schedule_mistakes()
    assert wrong_words.startswith("SCHEDULE, check_links: 'hourly' is no schedule")
    assert unknown.startswith("SCHEDULE names 'publsh', which is no job; jobs are audit_accounts, backup")


def test_a_job_that_has_nothing_to_do_here_has_no_schedule(settings) -> None:
    job = Job("x", "X", "1d", str, DAY, False, lambda: "X_FOLDER is not set")
    assert (job.schedule, job.why_off) == (None, "X_FOLDER is not set")
    settings.SCHEDULE = {"x": "off"}
    job = Job("x", "X", "1d", str, DAY, False, str)
    assert (job.schedule, job.why_off) == (None, "SCHEDULE says “off”")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1h", "every hour"),
        ("5min", "every 5 minutes"),
        ("1s", "every second"),
        ("05:30", "each day at 05:30 UTC"),
    ],
)
def test_a_schedule_in_words_for_people(text: str, words: str) -> None:
    assert schedule(text).words == words
