"""Values that the tables of the record share."""

import uuid
from datetime import datetime, timedelta

#: The key of a page; documents hold it as text.
PageKey = uuid.UUID | str


def iso(moment: datetime) -> str:
    """ISO 8601 text of a UTC time with microseconds, as stored in the ledger.

    Raises ``ValueError`` for a naive time and for one in another zone: their text would name another moment.
    """
    if moment.utcoffset() != timedelta(0):
        raise ValueError(f"{moment!r} is not in UTC; convert it with astimezone(UTC)")
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
