"""The sitemap: every current page and when its text last changed (sitemaps.org, protocol 0.9)."""

from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape  # used for writing only

from django.http import HttpRequest, HttpResponseBase

from monographs.public import error_pages, queries_sql
from monographs.public.conditional import conditional_response
from monographs.public.db import fetch_rows
from monographs.public.queries import fetch_page_frame
from monographs.public.responses import absolute_url
from monographs.public.view_decorators import public_view

#: Maximum URLs in one file: few of the 50,000 that sitemaps.org allows, so that each is made in milliseconds.
MAX_URLS = 1_000
#: Maximum files in an index (sitemaps.org).
MAX_FILES = 50_000

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@public_view
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """List all pages, or return an index of files if they do not fit in one."""
    files = list(fetch_rows(queries_sql.SITEMAP_FILES, {"size": MAX_URLS}))
    if len(files) > 1:
        return _xml(request, "sitemapindex", "sitemap", files)
    return _xml(request, "urlset", "url", fetch_rows(queries_sql.SITEMAP, {"before": 0, "size": MAX_URLS}))


@public_view
def sitemap_file(request: HttpRequest, number: int) -> HttpResponseBase:
    """Return one of several files, numbered from 1. Pages are in order of their path."""
    parameters = {"before": (number - 1) * MAX_URLS, "size": MAX_URLS}
    pages = list(fetch_rows(queries_sql.SITEMAP, parameters)) if 1 <= number <= MAX_FILES else []
    return _xml(request, "urlset", "url", pages) if pages else error_pages.not_found_page(fetch_page_frame())


def _xml(
    request: HttpRequest, root: str, element: str, found: Iterable[Mapping[str, Any]]
) -> HttpResponseBase:
    lines = (
        f"<{element}><loc>{escape(absolute_url(row['path']))}</loc>"
        f"<lastmod>{row['changed'].isoformat()}</lastmod></{element}>\n"
        for row in found
    )
    body = f'{_HEAD}<{root} xmlns="{_NAMESPACE}">\n{"".join(lines)}</{root}>\n'
    return conditional_response(request, body.encode(), "application/xml; charset=utf-8")
