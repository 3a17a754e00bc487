"""The locks of a page's record, in the one order in which everything takes them (``core.locks``)."""

import uuid

from django.db import connection
from wagtail.models import Page

from monographs.core.locks import lock_page_keys
from monographs.editions.models import Publication
from monographs.review.models import Submission

#: Locks the rows of each table by their keys, one table after the other: PostgreSQL executes the parts of
#: ``UNION ALL`` in their order, and none in parallel that locks rows.
_LOCK_ROWS = " UNION ALL ".join(
    f"SELECT 1 FROM (SELECT 1 FROM {model._meta.db_table} WHERE {column} = ANY(%(keys)s::uuid[])"  # noqa: S608  # no input
    f" ORDER BY {model._meta.pk.column} FOR NO KEY UPDATE) AS {model._meta.model_name}"
    for model, column in ((Page, "translation_key"), (Submission, "key"), (Publication, "key"))
)


def lock_record(*keys: uuid.UUID) -> None:
    """Lock everything that decides what patients read of the pages ``keys``, until the transaction ends.

    The ledger comes after it: whoever has written there must not wait for any of these rows. Code that refers
    to a row by a foreign key goes on meanwhile.
    """
    lock_page_keys(*keys)
    lock_rows(*keys)


def lock_rows(*keys: uuid.UUID) -> None:
    """Lock the rows of pages' records; for an attempt that has locked the pages' keys already."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_ROWS, {"keys": [str(key) for key in keys]})
