"""The transaction of a change to the record: its ledger entries are stored last, with the ledger locked."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from monographs.editions.deferred_ledger import deferred_ledger, is_ledger_deferred
from monographs.editions.publishing import NameTaken
from monographs.editions.standard_texts import StandardTextError
from monographs.pages.refusals import PolicyError, Rule


@contextmanager
def record_transaction() -> Iterator[None]:
    """Run the block in a transaction whose ledger entries are stored at its end, or in the one that is open.

    Raises ``PolicyError`` if another medicine of the same name was published meanwhile, or a standard text
    that the published text includes was withdrawn.
    """
    if is_ledger_deferred():  # within another one
        yield
        return
    with transaction.atomic():
        try:
            with deferred_ledger():
                yield
        except NameTaken as error:
            raise PolicyError(Rule.NAME_TAKEN, str(error)) from error
        except StandardTextError as error:
            raise standard_text_refusal(error) from error


def standard_text_refusal(error: StandardTextError) -> PolicyError:
    """Return the refusal to publish a text with a standard text that is not signed, or withdrawn."""
    return PolicyError(Rule.STANDARD_TEXT, f"{error} Nothing was published. Return the text.")
