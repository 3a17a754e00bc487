"""The Atom feed (RFC 4287) of new editions and withdrawals, newest first."""

import re
import uuid
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext

from monographs.presentation.site_name import site_name
from monographs.public import queries_sql
from monographs.public.change_list import MAX_CHANGES, Change
from monographs.public.conditional import conditional_response
from monographs.public.db import fetch_rows
from monographs.public.responses import absolute_url
from monographs.public.view_decorators import public_view

#: The standard requires an update time even for an empty feed.
EMPTY_FEED_UPDATED = datetime(1970, 1, 1, tzinfo=UTC)
#: Characters that XML 1.0 cannot represent.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class ChangesFeed(Atom1Feed):
    """An Atom feed with a fixed update time when it is empty, where Django's has the current time."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else EMPTY_FEED_UPDATED


@public_view
def changes_feed(request: HttpRequest) -> HttpResponseBase:
    """Return the newest changes of all public pages."""
    found = list(fetch_rows(queries_sql.CHANGES, {"limit": MAX_CHANGES}))
    site = _without_invalid_characters(site_name(found[0]["site"]))
    feed = ChangesFeed(
        title=gettext("What changed: %(site)s") % {"site": site},
        link=absolute_url("/"),
        description="",
        subtitle=gettext("New editions and withdrawals of medicine pages"),
        language="en",
        author_name=site,
        feed_url=absolute_url("/updates.atom"),
        feed_guid=absolute_url("/updates.atom"),
    )
    for row in found:
        if row["at"]:
            feed.add_item(**_entry(Change.from_row(row)))
    body = BytesIO()
    feed.write(body, "utf-8")
    return conditional_response(request, body.getvalue(), "application/atom+xml; charset=utf-8")


def _entry(change: Change) -> dict[str, Any]:
    """Return the feed entry of one change. Its id derives from the page's key, so it survives a move."""
    return {
        "title": _without_invalid_characters(change.heading),
        "link": absolute_url(change.address),
        "description": escape(_without_invalid_characters(" ".join(change.sentences()))),
        "unique_id": uuid.uuid5(change.key, f"{change.what}/{change.number}").urn,
        "pubdate": change.at,
        "updateddate": change.at,
        "categories": [change.kind.replace("_", "-")],
    }


def _without_invalid_characters(text: str) -> str:
    return _NOT_IN_XML.sub(" ", text)
