"""The locks of a page's record, in the one order in which everything takes them (``core.locks``)."""

import uuid

from wagtail.models import Page

from monographs.core.locks import lock_page_keys
from monographs.editions.models import Publication
from monographs.review.models import Submission


def lock_record(key: uuid.UUID) -> None:
    """Lock everything that decides what patients read of the page ``key``, until the transaction ends.

    The ledger comes after it: whoever has written there must not wait for any of these rows. Code that refers
    to a row by a foreign key goes on meanwhile.
    """
    lock_page_keys(key)
    lock_rows(key)


def lock_rows(key: uuid.UUID) -> None:
    """Lock the rows of a page's record; for an attempt that has locked the page's key already."""
    for rows in (
        Page.objects.filter(translation_key=key).order_by("pk"),
        Submission.objects.filter(key=key).order_by("pk"),
        Publication.objects.filter(key=key).order_by("pk"),
    ):
        list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))
