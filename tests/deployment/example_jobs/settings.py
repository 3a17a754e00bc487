"""Settings of tests with the example jobs, and of the site's own jobs only publishing."""

from cms.settings.test import *  # noqa: F403
from cms.settings.test import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.deployment.example_jobs"]
SCHEDULE = dict.fromkeys(
    (
        *("audit_accounts", "check_links", "clear_sessions", "forget_feedback", "ledger_head"),
        *("send_digests", "send_notices", "send_review_reminders", "verify_record", "check_labels"),
        "check_sources",
    ),
    "off",
)
