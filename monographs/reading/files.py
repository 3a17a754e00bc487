"""Public files that are no pages: figures, and what robots read."""

import logging
import re
from pathlib import PurePath

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from monographs.editions.models import EditionFigure
from monographs.reading import errors, sql
from monographs.reading.lookup import read_frame
from monographs.reading.responses import public, public_file, render

logger = logging.getLogger(__name__)

#: A file named by the hash of its bytes never changes: a year is the longest caches promise.
IMMUTABLE = "public, max-age=31536000, immutable"
_FILE_NAME = re.compile(r"[0-9a-f]{64}\.(png|jpeg|webp|gif|avif)")


@public_file
def figure(request: HttpRequest, file_name: str) -> HttpResponseBase:
    """The bytes of a figure that some edition shows; any other file is not served."""
    if not _FILE_NAME.fullmatch(file_name) or not EditionFigure.objects.filter(file_name=file_name).exists():
        return errors.missing(read_frame())
    name = PurePath(file_name)
    etag = f'"{name.stem}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            content = storages[settings.FIGURE_STORAGE].open(file_name)
        except FileNotFoundError:
            logger.error("figure %s is in an edition but not in the storage", file_name)
            return errors.missing(read_frame())
        response = FileResponse(content, content_type=f"image/{name.suffix[1:]}")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = IMMUTABLE
    return response


@public_file
def robots(request: HttpRequest) -> HttpResponse:
    """The desk is not for search engines."""
    lines = ["User-agent: *", "Disallow: /admin/", "", f"Sitemap: {public_address('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@public
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every current page and when it last became what it is."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SITEMAP)
        pages = [(public_address(path), flipped_at) for path, flipped_at in cursor.fetchall()]
    response = render("reading/sitemap.xml", {"pages": pages})
    response["Content-Type"] = "application/xml; charset=utf-8"
    return response


def public_address(path: str) -> str:
    """The whole address of a public path."""
    return settings.BASE_URL.rstrip("/") + path
