"""The page that lists what changed on public pages, by day."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from monographs.public import queries_sql
from monographs.public.change_list import MAX_CHANGES, Change
from monographs.public.queries import fetch_page
from monographs.public.responses import frame_context, page_response
from monographs.public.view_decorators import public_view


@public_view
def whats_new(request: HttpRequest) -> HttpResponseBase:
    """Show the newest changes of all public pages; days are in UTC."""
    found = fetch_page("", None, queries_sql.CHANGE_LIST, parameters={"limit": MAX_CHANGES})

    def context() -> Mapping[str, Any]:
        changes = [Change.from_row(row) for row in found.rows]
        days = [(day, list(of)) for day, of in groupby(changes, lambda change: change.at.date())]
        return {**frame_context(found), "days": days}

    return page_response(request, found, "public/whats_new.html", context)
