"""Views of figures and robots.txt."""

import logging
import re
from io import BytesIO
from pathlib import PurePath

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from monographs.editions.figure_files import FigureFileError, figure_bytes
from monographs.public import error_pages
from monographs.public.db import fetch_row
from monographs.public.queries import fetch_page_frame
from monographs.public.queries_sql import FIGURE_IS_PUBLIC
from monographs.public.responses import absolute_url
from monographs.public.shared_cache.lifetime import IMMUTABLE_CACHE_CONTROL
from monographs.public.shared_cache.surrogate_keys import DEFAULT, HEADER
from monographs.public.view_decorators import public_constant_view, public_file_view

logger = logging.getLogger(__name__)

_FILE_NAME = re.compile(r"[0-9a-f]{64}\.(png|jpeg|webp|gif|avif)")


@public_file_view
def figure(request: HttpRequest, file_name: str) -> HttpResponseBase:
    """Serve a figure that some edition of a public page shows; any other file is not found."""
    if not _FILE_NAME.fullmatch(file_name) or not _is_public(file_name):
        return error_pages.not_found_page(fetch_page_frame())
    name = PurePath(file_name)
    etag = f'"{name.stem}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            content = figure_bytes(file_name)
        except FigureFileError as error:
            logger.error("a figure of a signed edition cannot be served: %s", error)
            return error_pages.not_found_page(fetch_page_frame())
        response = FileResponse(BytesIO(content), content_type=f"image/{name.suffix[1:]}")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = IMMUTABLE_CACHE_CONTROL
    response.headers[HEADER] = DEFAULT
    return response


def _is_public(file_name: str) -> bool:
    """Whether a page that is public shows the file, in its current or an earlier edition."""
    return bool(fetch_row(FIGURE_IS_PUBLIC, {"file_name": file_name})["found"])


@public_constant_view
def robots(request: HttpRequest) -> HttpResponse:
    """Exclude the admin from search engines, also in an outage: 503 would exclude everything (RFC 9309)."""
    lines = ["User-agent: *", "Disallow: /admin/", "", f"Sitemap: {absolute_url('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
