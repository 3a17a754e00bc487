"""What changed, for feed readers (Atom, RFC 4287): new editions and withdrawals, newest first."""

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
from monographs.public.conditional import conditional
from monographs.public.db import rows
from monographs.public.responses import public, public_address
from monographs.public.site_name import site_name

#: A reader that looks once a week misses nothing at ten changes a day.
ENTRIES = 100
#: When nothing has changed yet, the standard still asks for a moment.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
#: What XML 1.0 has no way to write.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class ChangesFeed(Atom1Feed):
    """Django's feed, which would otherwise say *now* when it is empty: the same bytes for the same record."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else NEVER


@public
def updates(request: HttpRequest) -> HttpResponseBase:
    """The newest changes of every public page."""
    found = list(rows(queries_sql.CHANGES, {"limit": ENTRIES}))
    site = _plain(site_name(found[0]["site"]))
    feed = ChangesFeed(
        title=gettext("What changed: %(site)s") % {"site": site},
        link=public_address("/"),
        description="",
        subtitle=gettext("New editions and withdrawals of medicine pages"),
        language="en",
        author_name=site,
        feed_url=public_address("/updates.atom"),
        feed_guid=public_address("/updates.atom"),
    )
    for row in found:
        if row["at"]:
            feed.add_item(**_entry(row))
    body = BytesIO()
    feed.write(body, "utf-8")
    return conditional(request, body.getvalue(), "application/atom+xml; charset=utf-8")


def _entry(row: Mapping[str, Any]) -> dict[str, Any]:
    """One change. Its id is made of the page's key and never changes, whatever becomes of its address."""
    withdrawn = row["what"] == "withdrawal"
    editions = f"{row['path']}editions/{row['number']}/"
    path = editions if row["kind"] == "monograph" and not withdrawn else row["path"]
    title = gettext("%(title)s: withdrawn") if withdrawn else gettext("%(title)s: edition %(number)s")
    return {
        "title": _plain(title % row),
        "link": public_address(path),
        "description": escape(_plain(" ".join(_told(row)))),
        "unique_id": uuid.uuid5(row["key"], f"{row['what']}/{row['number']}").urn,
        "pubdate": row["at"],
        "updateddate": row["at"],
        "categories": [row["kind"].replace("_", "-")],
    }


def _told(row: Mapping[str, Any]) -> Iterator[str]:
    """What happened, in sentences."""
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


def _plain(text: str) -> str:
    return _NOT_IN_XML.sub(" ", text)
