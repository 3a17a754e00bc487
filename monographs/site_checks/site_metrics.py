"""Metrics of a site for Prometheus, from the database at the time of asking."""

from collections.abc import Iterator

from django.db import DatabaseError
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from monographs.core.db_clock import database_now
from monographs.editions.ledger import head
from monographs.label_watch.label_knowledge import label_knowledge
from monographs.site_checks import service_statistics
from monographs.site_checks.all_checks import quick_results
from monographs.site_checks.site_check import STATUSES, status_of

PREFIX = "monographs_"


class SiteCollector(Collector):
    """All metrics of the site; without a database that answers, only that it does not."""

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics; ages in seconds, by the database's clock."""
        try:
            found = [*_jobs(), *_waiting(), *_labels(), *_record(), _checks()]
        except DatabaseError:
            yield _gauge("database_up", "Whether the database answers.", 0)
        else:
            yield _gauge("database_up", "Whether the database answers.", 1)
            yield from found
        yield _disks()


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(PREFIX + name, meaning, value=value)


def _labelled(name: str, meaning: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(PREFIX + name, meaning, labels=labels)


def _jobs() -> Iterator[Metric]:
    now = database_now()
    late = _labelled("job_late_seconds", "How long ago a periodic job should have begun.", "periodic_job")
    success = _labelled("job_last_success_timestamp_seconds", "When a job last succeeded.", "periodic_job")
    interval = _labelled("job_interval_seconds", "How often a job runs by its schedule.", "periodic_job")
    failures = _labelled("job_consecutive_failures", "Failures since a job's last success.", "periodic_job")
    known = 0
    for job in service_statistics.job_statistics():
        if job.state is None:
            continue
        known += 1
        # A job that runs is not late; its own limit makes it a failure
        late.add_metric([job.job.name], 0 if job.state.has_begun else job.lateness(now).total_seconds())
        interval.add_metric([job.job.name], job.interval.total_seconds())
        failures.add_metric([job.job.name], job.state.consecutive_failures)
        if job.state.succeeded_at:
            success.add_metric([job.job.name], job.state.succeeded_at.timestamp())
    yield from (late, success, interval, failures)
    yield _gauge("jobs_known", "Jobs that a scheduler ever ran; 0 if none was ever started.", known)


def _waiting() -> Iterator[Metric]:
    now = database_now()
    reviews = service_statistics.review_statistics(now)
    for name, what, queue in (
        ("emails_waiting", "Emails that wait for a mail server", service_statistics.emails_waiting(now)),
        ("submissions_waiting", "Texts in review", reviews.in_review),
        (
            "publications_late",
            "Signed texts that are due and not public",
            service_statistics.unpublished_texts(now),
        ),
    ):
        yield _gauge(name, f"{what}.", queue.count)
        yield _gauge(f"{name}_seconds", f"{what}: age of the oldest.", queue.age(now).total_seconds())
    yield _gauge("submissions_overdue", "Texts in review after their date.", reviews.overdue_submissions)
    yield _gauge("pages_overdue", "Public pages whose next review is overdue.", reviews.overdue_pages)
    yield _gauge(
        "labels_overdue", "Changes of labels that pages should have answered.", reviews.overdue_labels
    )
    yield _gauge(
        "sources_overdue", "Sources that pages should have looked at again.", reviews.overdue_sources
    )
    purges = _labelled("cache_purges", "Purges of a cache node in seven days.", "node", "state")
    age = _labelled("cache_purges_waiting_seconds", "Age of the oldest purge that waits.", "node")
    for node in service_statistics.purge_statistics():
        purges.add_metric([node.node, "sent"], node.sent)
        purges.add_metric([node.node, "waiting"], node.waiting.count)
        purges.add_metric([node.node, "never_accepted"], node.never_accepted)
        age.add_metric([node.node], node.waiting.age(now).total_seconds())
    yield from (purges, age)


def _labels() -> Iterator[Metric]:
    known = label_knowledge()
    labels = _labelled("labels", "Labels that pages follow; of these failing, and never answered.", "state")
    for name, count in (
        ("followed", known.followed),
        ("failing", known.failing),
        ("never_answered", known.never),
    ):
        labels.add_metric([name], count)
    yield labels
    age = known.age(database_now()).total_seconds()
    yield _gauge("labels_unanswered_seconds", "Age of the oldest answer about a followed label.", age)


def _record() -> Iterator[Metric]:
    yield _gauge("ledger_entries", "Sequence number of the ledger's head.", head()[0])
    unstamped = service_statistics.unstamped_heads().age(database_now()).total_seconds()
    yield _gauge("head_unstamped_seconds", "Age of the oldest head after the last time stamp.", unstamped)


def _checks() -> Metric:
    meaning = "What a check of the status page found: 0 nothing, 1 a warning, 2 an error."
    status = _labelled("check_status", meaning, "check")
    for check, messages in quick_results():
        status.add_metric([check.name], STATUSES.index(status_of(messages)))
    return status


def _disks() -> Metric:
    free = _labelled("disk_free_bytes", "Room on the disk of a folder that the service writes to.", "folder")
    for name, folder in service_statistics.written_folders():
        free.add_metric([name], service_statistics.free_bytes(folder))
    return free
