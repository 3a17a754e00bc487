"""Every current page, for search engines, and when its text last changed (sitemaps.org, protocol 0.9)."""

from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape  # it writes, and reads nothing

from django.http import HttpRequest, HttpResponseBase

from monographs.public import error_pages, queries_sql
from monographs.public.conditional import conditional
from monographs.public.db import rows
from monographs.public.queries import fetch_page_frame
from monographs.public.responses import public, public_address

#: The most addresses one file may hold, and the most files an index may name (sitemaps.org).
ADDRESSES = 50_000

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@public
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """All pages, or an index of files once they are too many for one."""
    pages = list(rows(queries_sql.SITEMAP, {"before": 0, "size": ADDRESSES + 1}))
    if len(pages) <= ADDRESSES:
        return _xml(request, "urlset", "url", pages)
    return _xml(request, "sitemapindex", "sitemap", rows(queries_sql.SITEMAP_FILES, {"size": ADDRESSES}))


@public
def part(request: HttpRequest, number: int) -> HttpResponseBase:
    """One of several files, numbered from 1. Pages are in order of their path."""
    asked = {"before": (number - 1) * ADDRESSES, "size": ADDRESSES}
    pages = list(rows(queries_sql.SITEMAP, asked)) if 1 <= number <= ADDRESSES else []
    return _xml(request, "urlset", "url", pages) if pages else error_pages.missing(fetch_page_frame())


def _xml(
    request: HttpRequest, root: str, element: str, found: Iterable[Mapping[str, Any]]
) -> HttpResponseBase:
    lines = (
        f"<{element}><loc>{escape(public_address(row['path']))}</loc>"
        f"<lastmod>{row['changed'].isoformat()}</lastmod></{element}>\n"
        for row in found
    )
    body = f'{_HEAD}<{root} xmlns="{_NAMESPACE}">\n{"".join(lines)}</{root}>\n'
    return conditional(request, body.encode(), "application/xml; charset=utf-8")
