"""Public files that are no pages: figures, and what robots read."""

import logging
import re
from io import BytesIO
from pathlib import PurePath

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from monographs.editions.figure_files import FigureFileError, figure_bytes
from monographs.editions.models import EditionFigure, Publication, PublicationState
from monographs.public import error_pages
from monographs.public.queries import fetch_page_frame
from monographs.public.responses import public_address, public_file

logger = logging.getLogger(__name__)

#: What is named by its hash or its edition never changes. Whoever has it keeps it for a year, the longest
#: that caches promise. Shared caches ask each time whether it is still public: its page may be withdrawn.
KEPT = "public, max-age=31536000, immutable, s-maxage=0"
_FILE_NAME = re.compile(r"[0-9a-f]{64}\.(png|jpeg|webp|gif|avif)")


@public_file
def figure(request: HttpRequest, file_name: str) -> HttpResponseBase:
    """The bytes of a figure that an edition of a public page shows; any other file is not served."""
    if not _FILE_NAME.fullmatch(file_name) or not _shown(file_name):
        return error_pages.missing(fetch_page_frame())
    name = PurePath(file_name)
    etag = f'"{name.stem}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            content = figure_bytes(file_name)
        except FigureFileError as error:
            logger.error("an edition cannot show what was signed: %s", error)
            return error_pages.missing(fetch_page_frame())
        response = FileResponse(BytesIO(content), content_type=f"image/{name.suffix[1:]}")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = KEPT
    return response


def _shown(file_name: str) -> bool:
    """Whether some page that has not been withdrawn shows the file, now or in an earlier edition."""
    public = Publication.objects.filter(state=PublicationState.CURRENT).values("key")
    return EditionFigure.objects.filter(file_name=file_name, edition__key__in=public).exists()


@public_file
def robots(request: HttpRequest) -> HttpResponse:
    """The desk is not for search engines."""
    lines = ["User-agent: *", "Disallow: /admin/", "", f"Sitemap: {public_address('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
