"""Periodic work on accounts: what is kept about sign-ins, and changes outside the admin."""

from io import StringIO

from django.core.management import call_command

from monographs.accounts.audit_check import audit_differences
from monographs.scheduler.job import JobFailed, periodic_job

#: How long the client addresses of sign-ins are kept, in days.
SIGN_IN_DAYS = 90


@periodic_job("clear_sessions", every="06:20", title="Deletes old sessions and addresses of sign-ins")
def clear_sessions() -> str:
    """Delete ended sessions, and records of sign-ins after ``SIGN_IN_DAYS``."""
    call_command("clearsessions", stdout=StringIO())
    for command in ("axes_reset_logs", "axes_reset_failure_logs"):
        call_command(command, age=SIGN_IN_DAYS, stdout=StringIO())
    return ""


@periodic_job("audit_accounts", every="05:50", title="Compares accounts and permissions with the ledger")
def audit_accounts() -> str:
    """Fail if accounts were changed outside the admin."""
    if found := audit_differences():
        raise JobFailed(
            f"{len(found)} changes outside the admin, {found[0]} first; `manage.py audit_accounts` lists all."
        )
    return "accounts and permissions match the ledger"
