"""Periodic work of the review: publishing, and emails."""

from monographs.core.db_clock import database_today
from monographs.review.assignments import forget_finished
from monographs.review.notifications.delivery import DeliveryReport
from monographs.review.notifications.digest import deliver_waiting, send_digests
from monographs.review.notifications.outbox import store_new
from monographs.review.notifications.reminders import reminders
from monographs.review.publication.scheduled import publish_due
from monographs.review.sources_of_pages.source_tasks import refresh_source_tasks
from monographs.scheduler.job import JobFailed, periodic_job


@periodic_job("publish", every="1s", title="Publishes signed texts that are due")
def publish_due_texts() -> str:
    """Publish what is due. A text that cannot be published is no failure here, or it would delay others."""
    return "; ".join(
        f"published {outcome.edition}"
        if outcome.edition
        else f"NOT published {outcome.submission.title}: {outcome.failure}"
        for outcome in publish_due()
    )


@periodic_job("send_notices", every="5min", title="Sends emails that a mail server did not accept before")
def send_waiting_notices() -> str:
    """Send what waits; failures are this job's failures."""
    return _reported(deliver_waiting())


@periodic_job(
    "send_review_reminders",
    every="05:00",
    title="Reminds people of reviews, and of changes of labels and sources, that are due",
)
def send_reminders() -> str:
    """Store the reminders of today, and send them; forget who was asked for reviews that were made."""
    forget_finished()
    new = store_new(reminders(database_today()))
    return "; ".join(filter(None, [f"{len(new)} reminders", _reported(deliver_waiting())]))


@periodic_job("send_digests", every="05:15", title="Sends one email a day to those who chose that")
def send_daily_digests() -> str:
    """Send the digests of today, after its reminders."""
    return _reported(send_digests())


@periodic_job(
    "check_sources", every="1h", title="Opens tasks for sources that changed or are no longer available"
)
def check_sources() -> str:
    """Look at the sources of all pages again, after links and labels were checked."""
    changed = refresh_source_tasks()
    still_open = sum(task.closed_at is None for task in changed)
    return f"{still_open} tasks opened or changed, {len(changed) - still_open} closed" if changed else ""


def _reported(report: DeliveryReport) -> str:
    if report.failed:
        raise JobFailed(
            f"{len(report.failed)} emails could not be sent, {len(report.sent)} were: {report.failed[0][1]}"
        )
    return f"{len(report.sent)} emails sent" if report.sent else ""
