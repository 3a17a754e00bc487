"""The only function that says somebody contributed to a text."""

from typing import Any

from monographs.editions.ledger import Event, append_entry
from monographs.editions.models import Contribution
from monographs.editions.person import Person


def record_contribution(key: Any, person: Person, sha256: str) -> Contribution:
    """Record that ``person`` had a hand in the text of ``key`` whose hash is now ``sha256`` (may be empty).

    In the ledger too, so that a contributor whose row is taken away is missed.
    """
    row = Contribution.objects.create(
        key=key, user_id=person.id, username=person.username, name=person.name, sha256=sha256
    )
    row.refresh_from_db()
    append_entry(Event.CONTRIBUTED, person, row.as_record(), subject=key)
    return row
