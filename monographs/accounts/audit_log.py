"""Changes of accounts and rights become ledger entries, with what was and what is.

Nothing here watches what somebody meant to do: after any change the state is read and compared with what
the ledger told last. What differs is told. So two signals of one change make one entry, and a change that
came around the signals is told with the next one, or found by ``audit``.
"""

import json
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import connection, transaction

from monographs.accounts import account_emails
from monographs.accounts.actors import current_actor
from monographs.accounts.audit_snapshot import ASPECTS, AuditSubject, State, all_subjects, snapshot_of
from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import LedgerEntry
from monographs.editions.triggers import LEDGER_LOCK

Told = dict[Event, State]


def recorded_state(subject: AuditSubject) -> Told:
    """What the ledger told last of ``subject``."""
    return recorded_states([str(subject)]).get(str(subject), {})


def recorded_states(subjects: Iterable[str] | None = None) -> dict[str, Told]:
    """What the ledger told last, by subject; of everything if ``subjects`` is None."""
    entries = LedgerEntry.objects.filter(event__in=ASPECTS)
    if subjects is not None:
        entries = entries.filter(subject__in=list(subjects))
    last: dict[str, Told] = {}
    for entry in entries.order_by("subject", "event", "-seq").distinct("subject", "event"):
        after = json.loads(entry.body)["data"]["after"]
        last.setdefault(entry.subject, {})[Event(entry.event)] = after
    return last


def changed_aspects(before: Told, now: Told) -> Iterator[tuple[Event, State, State]]:
    """Each aspect in which ``now`` is not what was told, with both."""
    for event in ASPECTS:
        was, is_ = before.get(event, {}), now.get(event, {})
        if was != is_:
            yield event, was, is_


def record_changes(subject: AuditSubject) -> bool:
    """Tell the ledger what changed of ``subject``, if anything did; whether it did."""
    if not settings.RECORD_ACCOUNT_CHANGES:
        return False
    if not any(changed_aspects(recorded_state(subject), snapshot_of(subject))):
        return False
    changed = False
    with transaction.atomic():
        _one_at_a_time()
        before, now = recorded_state(subject), snapshot_of(subject)
        for event, was, is_ in changed_aspects(before, now):
            _tell(subject, event, was, is_, _name(now) or _name(before))
            changed = True
    return changed


def record_baseline() -> None:
    """Tell everything once, when the ledger has told of no account or right yet."""
    if settings.RECORD_ACCOUNT_CHANGES and not LedgerEntry.objects.filter(event__in=ASPECTS).exists():
        for subject in all_subjects():
            record_changes(subject)


def _tell(subject: AuditSubject, event: Event, before: State, after: State, name: str) -> None:
    entry = append_entry(
        event,
        current_actor(),
        {"about": subject.kind, "id": subject.pk, "name": name, "before": before, "after": after},
        subject=str(subject),
    )
    account_emails.queue_change_email(entry)


def _name(state: Told) -> str:
    said = {**state.get(Event.PERMISSION, {}), **state.get(Event.ACCOUNT, {})}
    return str(said.get("username") or said.get("name") or "")


def _one_at_a_time() -> None:
    """Two changes at once must not each leave out the other's.

    The lock is the one each entry takes anyway, until its transaction ends: a second one beside it could be
    taken in another order, and a signature would wait for a change that waits for the signature.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LEDGER_LOCK])
