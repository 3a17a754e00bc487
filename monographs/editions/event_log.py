"""Log entries about signatures, refusals and publications, for a log that others keep; after the commit.

They say which page, which entry and which account by number: names are in the record, and only there.
"""

import json
import logging
from functools import partial

from django.db import transaction

from monographs.editions.models import LedgerEntry

logger = logging.getLogger(__name__)

#: Events that somebody outside may want to count or be told of.
LOGGED = frozenset(
    "signed voided scheduled edition publication withdrawn refused locked_out signing_hold".split()
)
#: Of an entry's data, what is logged: no name, no reason, no text.
_FIELDS = ("number", "sha256", "state", "path", "rule", "step")


def log_after_commit(entry: LedgerEntry) -> None:
    """Log an entry once its transaction is committed; never, if it is rolled back."""
    if entry.event in LOGGED:
        transaction.on_commit(partial(_log, entry), robust=True)


def _log(entry: LedgerEntry) -> None:
    body = json.loads(entry.body)
    data = {name: body["data"][name] for name in _FIELDS if body["data"].get(name) not in (None, "")}
    fields = {"event": entry.event, "page": entry.subject, "account": body["actor"].get("id"), **data}
    words = " ".join(f"{name}={value}" for name, value in fields.items() if name != "event")
    logger.info("%s %s", entry.event, words, extra={"fields": fields})
