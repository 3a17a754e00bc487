"""The setting ``SCHEDULE``: what readers and the record rely on is done, and often enough."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.core.checks import CheckMessage, Warning

from monographs.scheduler.job import all_jobs
from monographs.scheduler.schedule import parse_schedule
from monographs.site_checks.site_check import site_check

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: The longest time between two runs of a job, and what is not done meanwhile. Jobs that are missing may be
#: left out, or have a check of their own (backups).
LONGEST = {
    "publish": (_MINUTE, "signed texts that are due are not published"),
    "purge_caches": (_MINUTE / 6, "a cache that missed a purge may show a withdrawn page for up to a minute"),
    "send_notices": (_HOUR, "emails that a mail server did not accept, or that are collected, are not sent"),
    "send_review_reminders": (_DAY, "nobody is reminded of a review or of a change of a label"),
    "send_digests": (_DAY, "who chose one email a day gets none"),
    "ledger_head": (_DAY, "no head is kept by which a later verification could find that the end is missing"),
    "verify_record": (31 * _DAY, "nobody notices that the record was changed outside the service"),
    "audit_accounts": (7 * _DAY, "nobody notices that accounts or permissions were changed in the database"),
    "check_labels": (7 * _DAY, "no change of a label is noticed"),
    "forget_feedback": (7 * _DAY, "readers' feedback is kept for longer than docs/privacy.md says"),
    "clear_sessions": (7 * _DAY, "addresses of sign-ins are kept for longer than docs/privacy.md says"),
}


@site_check()
def job_times() -> Iterator[CheckMessage]:
    """SCHEDULE lets the jobs run on which readers and the record rely, and often enough."""
    if settings.DEBUG:
        return
    for name, text in settings.SCHEDULE.items():
        if name not in LONGEST or all_jobs()[name].unneeded():
            continue
        longest, undone = LONGEST[name]
        try:
            schedule = parse_schedule(text)
        except ValueError:  # which has a check of its own
            continue
        if schedule is None or schedule.interval > longest:
            yield Warning(
                f"SCHEDULE lets {name} run every {text} only, and meanwhile {undone}."
                if schedule
                else f"SCHEDULE switches {name} off, so {undone}.",
                hint=f"Leave {name} out of SCHEDULE: it runs as usual then ({all_jobs()[name].usual}).",
            )
