"""Addresses with a brand name where the generic name belongs, e.g. /medicines/gleevec/."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from monographs.document.models import CollectionType, slug_of
from monographs.public import queries_sql
from monographs.public.db import fetch_row
from monographs.public.name_sort import normalise
from monographs.public.search.index_sync import IndexSnapshot, LedgerState, fetch_with_index
from monographs.public.search.indexed_name import NameKind

_LEDGER = f"SELECT {queries_sql.LEDGER_STATE} AS ledger_state"


def address_of_brand(path: str, suffix: str = "") -> str:
    """Return where a request for the medicine at ``path`` is sent if its last step is a brand name, or "".

    That is the page of the medicine with this brand, public or withdrawn, with ``suffix`` appended; the
    search page if several medicines have it.
    """
    slug = slug_of(path)
    name = normalise(slug)
    if not name or path != CollectionType.MEDICINES.page(slug):
        return ""
    paths = _paths_of_brand(name)
    if len(paths) > 1:
        return f"{reverse('public:search')}?{urlencode({'q': slug.replace('-', ' ')})}"
    return f"{paths.pop()}{suffix}" if paths else ""


def _paths_of_brand(name: str) -> set[str]:
    """Return the paths of the medicines with a brand of this normalised name."""

    def run_query(snapshot: IndexSnapshot) -> tuple[set[str], LedgerState]:
        row: dict[str, Any] = fetch_row(_LEDGER, snapshot.parameters)
        paths = {
            snapshot.index.pages[found.key].path
            for found in snapshot.index.exact(name)
            if found.kind is NameKind.BRAND
        }
        return paths, row["ledger_state"]

    return fetch_with_index(run_query)[0]
