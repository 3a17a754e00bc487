"""Export and erasure of a staff account, within what the record must keep (docs/privacy.md)."""

import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from monographs.accounts.account_sessions import end_sessions, sessions_of
from monographs.accounts.outside_accounts import is_outside
from monographs.accounts.personal_data import PERSONAL_TABLES, Erasure, own_rows_of, rows_of, tables_with
from monographs.editions.models import LedgerEntry
from monographs.editions.record.expert_rules import OUTSIDE

#: Columns that are secrets, or texts about medicines rather than about a person.
LEFT_OUT = frozenset(
    {"password", "key", "token", "session_data", "content", "canonical", "state", "passages"}
)
#: Rows fetched at a time.
CHUNK = 500


class ErasureRefused(Exception):
    """The account must not be erased; the message says why."""


def account_export(user: User) -> dict[str, Any]:
    """All rows about an account, by table, and its entries in the ledger, as JSON values."""
    tables = {label: list(_rows(user, label)) for label in PERSONAL_TABLES}
    return {
        "account": {"id": user.pk, "groups": sorted(user.groups.values_list("name", flat=True))},
        "tables": {label: rows for label, rows in tables.items() if rows},
        "sessions": len(list(sessions_of(user))),
        "ledger": list(_ledger_entries(user)),
    }


def _rows(user: User, label: str) -> Iterator[dict[str, Any]]:
    columns = [field.attname for field in apps.get_model(label)._meta.concrete_fields]
    wanted = [column for column in columns if column not in LEFT_OUT]
    for row in rows_of(user, label).values(*wanted).iterator(chunk_size=CHUNK):
        yield json.loads(json.dumps(row, cls=DjangoJSONEncoder))


def _ledger_entries(user: User) -> Iterator[dict[str, Any]]:
    """The entries about the account, and those of what it did."""
    about = LedgerEntry.objects.filter(subject=f"account:{user.pk}")
    acted = LedgerEntry.objects.filter(body__contains=f'"id":{user.pk},')
    for entry in (about | acted).order_by("seq").iterator(chunk_size=CHUNK):
        body = json.loads(entry.body)
        if entry.subject == f"account:{user.pk}" or body["actor"]["id"] == user.pk:
            yield {"seq": entry.seq, "at": entry.at.isoformat(), "event": entry.event, **body}


@transaction.atomic
def erase_account(user: User) -> dict[str, int]:
    """Delete what only served the account, and give it a pseudonym; return the number of rows by table.

    What patients and auditors rely on keeps the name by value: signatures, contributions, the ledger,
    notes and decisions. The change is recorded in the ledger, and the address the account had is told.
    Raises ``ErasureRefused`` for the last active superuser.
    """
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if user.is_superuser and user.is_active and not others.exists():
        raise ErasureRefused(
            f"“{user.get_username()}” is the only active superuser. Make another account one first."
        )
    deleted = {"sessions.Session": end_sessions(user)}
    for label in tables_with(Erasure.DELETED):
        deleted[label] = deleted.get(label, 0) + _delete_rows(user, label)
    # An outside expert stays one: the name says whose signatures these were
    user.username = f"{OUTSIDE if is_outside(user) else ''}erased-{user.pk}"
    user.first_name = user.last_name = user.email = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.save()
    return {label: count for label, count in deleted.items() if count}


def _delete_rows(user: User, label: str) -> int:
    """Delete rows one by one, so that their signals are sent: what they change is recorded."""
    if label == "auth.User_groups":
        count = user.groups.count()
        user.groups.clear()
        return count
    if label == "auth.User_user_permissions":
        count = user.user_permissions.count()
        user.user_permissions.clear()
        return count
    rows = list(own_rows_of(user, label))
    for row in rows:
        row.delete()
    return len(rows)
