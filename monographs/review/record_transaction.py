"""One transaction that changes the record: whatever it records is stored last, with the ledger locked."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from monographs.editions.ledger_end import is_ledger_waiting, ledger_at_the_end
from monographs.editions.publishing import NameTaken
from monographs.editions.standard_texts import StandardTextError
from monographs.pages.refusals import PolicyError, Rule


@contextmanager
def record_transaction() -> Iterator[None]:
    """Run the block in a transaction whose ledger entries are stored at its end; within another, in that.

    Raises ``PolicyError`` if patients came to read another medicine of the same name meanwhile, or a standard
    text in what is published was withdrawn.
    """
    if is_ledger_waiting():  # within another one
        yield
        return
    with transaction.atomic():
        try:
            with ledger_at_the_end():
                yield
        except NameTaken as error:
            raise PolicyError(Rule.NAME_TAKEN, str(error)) from error
        except StandardTextError as error:
            raise standard_text_refusal(error) from error


def standard_text_refusal(error: StandardTextError) -> PolicyError:
    """Return the refusal to publish a text with a standard text that is not signed, or withdrawn."""
    return PolicyError(Rule.STANDARD_TEXT, f"{error} Nothing was published. Return the text.")
