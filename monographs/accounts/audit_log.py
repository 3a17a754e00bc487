"""Ledger entries for changes of accounts and rights, with the state before and after.

After any change the current state is compared with the last recorded one, and the difference is recorded.
So two signals of one change make one entry, and a change that sent no signal is recorded together with the
next one, or found by ``audit_check``.
"""

import json
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import connection, transaction

from monographs.accounts import account_emails
from monographs.accounts.actors import current_actor
from monographs.accounts.audit_snapshot import ASPECTS, AuditSubject, State, all_subjects, snapshot_of
from monographs.editions.ledger import Event, append_entry_now
from monographs.editions.models import LedgerEntry
from monographs.editions.triggers import LEDGER_LOCK

#: The state of a subject, by the event that records it.
SubjectState = dict[Event, State]


def recorded_state(subject: AuditSubject) -> SubjectState:
    """The state of ``subject`` last recorded in the ledger."""
    return recorded_states([str(subject)]).get(str(subject), {})


def recorded_states(subjects: Iterable[str] | None = None) -> dict[str, SubjectState]:
    """The last recorded states by subject; of all subjects if ``subjects`` is None."""
    entries = LedgerEntry.objects.filter(event__in=ASPECTS)
    if subjects is not None:
        entries = entries.filter(subject__in=list(subjects))
    last: dict[str, SubjectState] = {}
    for entry in entries.order_by("subject", "event", "-seq").distinct("subject", "event"):
        after = json.loads(entry.body)["data"]["after"]
        last.setdefault(entry.subject, {})[Event(entry.event)] = after
    return last


def changed_aspects(before: SubjectState, now: SubjectState) -> Iterator[tuple[Event, State, State]]:
    """Yield each aspect in which ``before`` and ``now`` differ, with both states."""
    for event in ASPECTS:
        old, new = before.get(event, {}), now.get(event, {})
        if old != new:
            yield event, old, new


def record_changes(subject: AuditSubject) -> bool:
    """Record in the ledger what changed of ``subject``; return whether anything did."""
    if not settings.RECORD_ACCOUNT_CHANGES:
        return False
    if not any(changed_aspects(recorded_state(subject), snapshot_of(subject))):
        return False
    changed = False
    with transaction.atomic():
        _lock_ledger()
        before, now = recorded_state(subject), snapshot_of(subject)
        for event, old, new in changed_aspects(before, now):
            _append_change(subject, event, old, new, _display_name(now) or _display_name(before))
            changed = True
    return changed


def record_baseline() -> None:
    """Record the state of every account and right once, if the ledger has none yet."""
    if settings.RECORD_ACCOUNT_CHANGES and not LedgerEntry.objects.filter(event__in=ASPECTS).exists():
        for subject in all_subjects():
            record_changes(subject)


def _append_change(subject: AuditSubject, event: Event, before: State, after: State, name: str) -> None:
    entry = append_entry_now(
        event,
        current_actor(),
        {"about": subject.kind, "id": subject.pk, "name": name, "before": before, "after": after},
        subject=str(subject),
    )
    account_emails.queue_change_email(entry)


def _display_name(state: SubjectState) -> str:
    values = {
        **state.get(Event.CREDENTIALS, {}),
        **state.get(Event.PERMISSION, {}),
        **state.get(Event.ACCOUNT, {}),
    }
    return str(values.get("username") or values.get("name") or values.get("abbreviation") or "")


def _lock_ledger() -> None:
    """Make concurrent changes wait, so that none is missing from the recorded states.

    This is the lock every ledger entry takes until its transaction ends. A second lock could be taken in
    another order than that one, and a signature and a change would wait for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LEDGER_LOCK])
