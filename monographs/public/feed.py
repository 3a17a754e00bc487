"""The Atom feed (RFC 4287) of new editions and withdrawals, newest first."""

import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext

from monographs.public import queries_sql
from monographs.public.conditional import conditional_response
from monographs.public.db import fetch_rows
from monographs.public.responses import absolute_url, public_view
from monographs.public.site_name import site_name

#: Enough for a feed reader that polls weekly, at ten changes a day.
MAX_ENTRIES = 100
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
    found = list(fetch_rows(queries_sql.CHANGES, {"limit": MAX_ENTRIES}))
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
            feed.add_item(**_entry(row))
    body = BytesIO()
    feed.write(body, "utf-8")
    return conditional_response(request, body.getvalue(), "application/atom+xml; charset=utf-8")


def _entry(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the feed entry of one change. Its id derives from the page's key, so it survives a move."""
    withdrawn = row["what"] == "withdrawal"
    editions = f"{row['path']}editions/{row['number']}/"
    path = editions if row["kind"] == "monograph" and not withdrawn else row["path"]
    title = gettext("%(title)s: withdrawn") if withdrawn else gettext("%(title)s: edition %(number)s")
    return {
        "title": _without_invalid_characters(title % row),
        "link": absolute_url(path),
        "description": escape(_without_invalid_characters(" ".join(_sentences(row)))),
        "unique_id": uuid.uuid5(row["key"], f"{row['what']}/{row['number']}").urn,
        "pubdate": row["at"],
        "updateddate": row["at"],
        "categories": [row["kind"].replace("_", "-")],
    }


def _sentences(row: Mapping[str, Any]) -> Iterator[str]:
    """Yield the sentences that describe a change."""
    if row["what"] == "withdrawal":
        yield row["reason"]
        yield row["advice"]
        return
    yield gettext("A correction.") if row["review_kind"] == "correction" else gettext("A full review.")
    if row["restores"]:
        yield gettext("Brought back the text of edition %(restores)s.") % row
    elif row["change_note"]:
        yield row["change_note"]
    names = [", ".join(filter(None, (r["name"], r.get("credentials")))) for r in row["reviewers"]]
    yield gettext("Signed by %(names)s.") % {"names": "; ".join(names)}


def _without_invalid_characters(text: str) -> str:
    return _NOT_IN_XML.sub(" ", text)
