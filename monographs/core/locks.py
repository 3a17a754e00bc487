"""The lock of a page's record: the first lock of everything that reads it in order to change it.

Locks are taken in one order, so that no two attempts wait for each other
([decision 27](../../docs/decisions/0027-one-order-of-locks.md)):

1. the lock of the page's key (this module),
2. the page's row, its submissions, its publications, and any other rows,
3. the ledger (the trigger of its table takes it), until the transaction ends.

A user's identity is confirmed before the first of them.
"""

import uuid
from collections.abc import Iterable

from django.db import connection

#: Class of the advisory locks of pages; locks with a class never meet those without, as the ledger's.
PAGE_LOCKS = 4207
#: Class of the locks of labels, under which label tasks are opened and closed; taken after all rows.
LABEL_LOCKS = 4208
#: Class of the lock under which tasks about sources are opened and closed; taken after all rows.
SOURCE_LOCKS = 4209


def lock_page_keys(*keys: uuid.UUID | str) -> None:
    """Lock the records of pages until the transaction ends; several at once in one order.

    Raises ``RuntimeError`` outside a transaction, where the lock would be released at once.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the lock of a page is held until its transaction ends, so there must be one")
    # Two keys of one hash share a lock, which costs a wait and nothing else
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hash) FROM"
            " (SELECT DISTINCT hashtext(key) AS hash FROM unnest(%s::text[]) AS key ORDER BY 1) AS ordered",
            [PAGE_LOCKS, _texts(keys)],
        )


def _texts(keys: Iterable[uuid.UUID | str]) -> list[str]:
    """One spelling of each key; attempts on other rows than pages are about a text that is no key."""
    return [str(key).lower() for key in keys]


def lock_label(set_id: str) -> None:
    """Lock the label tasks of a label until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LABEL_LOCKS, set_id])


def lock_source_tasks() -> None:
    """Lock the tasks about sources until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [SOURCE_LOCKS])
