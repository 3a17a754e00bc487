"""Periodic work for the house rules: whether the addresses in texts answer."""

from datetime import timedelta

from monographs.rules.linkcheck.runner import NetworkDown, check_links
from monographs.scheduler.job import JobFailed, periodic_job


@periodic_job(
    "check_links",
    every="30min",
    title="Requests the links in texts that are new or were not checked today",
    limit=timedelta(hours=3),
    own_process=True,
)
def check_links_due() -> str:
    """Check the links that are due; what fails is shown by the house rules."""
    try:
        report = check_links()
    except NetworkDown as error:
        raise JobFailed(str(error)) from error
    return f"{report.known} addresses, {report.checked} checked now, {len(report.failing)} failing"
