"""Views of leaflets, for current and superseded editions, in regular and large print."""

import logging
from functools import lru_cache
from importlib.metadata import version

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import override

from monographs.document.models import CollectionType
from monographs.editions.figure_files import FigureFileError
from monographs.presentation.site_name import site_name
from monographs.public import error_pages
from monographs.public.body_cache import cached_response
from monographs.public.leaflet_pdf.content import LARGE, REGULAR, Leaflet
from monographs.public.leaflet_pdf.renderer import leaflet_pdf
from monographs.public.queries import PageResult, PathOutcome, ReadEdition, fetch_page
from monographs.public.responses import absolute_url, entity_tag
from monographs.public.shared_cache.surrogate_keys import HEADER, keys_of
from monographs.public.view_decorators import public_file_view
from monographs.public.views import response_without_edition

logger = logging.getLogger(__name__)

REGULAR_NAME, LARGE_NAME = "leaflet.pdf", "leaflet-large.pdf"
_SIZES = {REGULAR_NAME: REGULAR, LARGE_NAME: LARGE}


@public_file_view
def leaflet(request: HttpRequest, slug: str, name: str, number: int | None = None) -> HttpResponseBase:
    """Return the leaflet of the current edition, or of edition ``number``, as a conditional response."""
    found = fetch_page(CollectionType.MEDICINES.page(slug), number)
    if found.outcome is not PathOutcome.CURRENT or found.edition is None:
        suffix = name if number is None else f"editions/{number}/{name}"
        return response_without_edition(found, suffix, number)
    edition, address = found.edition, absolute_url(found.path)
    tag = entity_tag(found, name, address, *_library_versions())
    try:
        response = cached_response(
            request, tag, "application/pdf", lambda: leaflet_pdf(_leaflet_of(found, edition, name))
        )
    except FigureFileError as error:
        logger.error("a leaflet cannot be rendered with its signed figures: %s", error)
        return error_pages.not_found_page(found)
    file_name = f"{edition.slug}-edition-{edition.number}-{name}"
    response.headers["Content-Disposition"] = f'inline; filename="{file_name}"'
    response.headers["X-Edition"] = edition.name
    response.headers[HEADER] = keys_of(found)
    # Search engines index the page, not the leaflet
    response.headers["Link"] = f'<{address}>; rel="canonical"'
    if number is not None:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _leaflet_of(found: PageResult, edition: ReadEdition, name: str) -> Leaflet:
    document = found.signed_document
    with override(document.language):
        site = site_name(found.site.organisation if found.site else None)
    return Leaflet(
        document=document,
        edition=edition,
        site_name=site,
        address=absolute_url(found.path),
        links={key: absolute_url(path) for key, path in found.links.items()},
        size=_SIZES[name],
        if_nobody_answers=found.site.if_nobody_answers if found.site else "",
        brand=settings.BRAND,
    )


@lru_cache(maxsize=1)
def _library_versions() -> tuple[str, ...]:
    """Return the versions of the libraries that determine the bytes of the PDF."""
    return tuple(version(name) for name in ("typst", "segno", "pillow"))
