"""Leaflets of medicines, current and old, in the usual print and in large print."""

import logging
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import override

from monographs.document.models import CollectionType
from monographs.editions.figure_files import FigureFileError
from monographs.public import error_pages
from monographs.public.leaflet_pdf.content import LARGE, USUAL, Leaflet
from monographs.public.leaflet_pdf.renderer import leaflet_pdf
from monographs.public.queries import PathOutcome, fetch_page
from monographs.public.responses import entity_tag, public_address, public_file
from monographs.public.site_name import site_name
from monographs.public.views import elsewhere

logger = logging.getLogger(__name__)

#: Set leaflets kept by a process, by their entity tag: some 60 kB each.
_KEPT = 64

USUAL_NAME, LARGE_NAME = "leaflet.pdf", "leaflet-large.pdf"
_SIZES = {USUAL_NAME: USUAL, LARGE_NAME: LARGE}


@public_file
def leaflet(request: HttpRequest, slug: str, name: str, number: int | None = None) -> HttpResponseBase:
    """The leaflet of the current edition, or of edition ``number``; 304 when the reader has it."""
    found = fetch_page(CollectionType.MEDICINES.page(slug), number)
    if found.outcome is not PathOutcome.CURRENT or found.edition is None:
        return elsewhere(found, name if number is None else f"editions/{number}/{name}")
    edition, address = found.edition, public_address(found.path)
    tag = entity_tag(found, name, address, *_typesetters())
    response: HttpResponseBase | None = get_conditional_response(request, etag=tag)
    if response is None:
        document = found.signed_document
        with override(document.language):
            site = site_name(found.site.organisation if found.site else None)
        made = Leaflet(
            document=document,
            edition=edition,
            site_name=site,
            address=address,
            links={key: public_address(path) for key, path in found.links.items()},
            size=_SIZES[name],
        )
        try:
            content = _kept(_LeafletRequest(tag, made))
        except FigureFileError as error:
            logger.error("an edition cannot be printed as it was signed: %s", error)
            return error_pages.missing(found)
        response = HttpResponse(
            content,
            content_type="application/pdf",
            headers={
                "Content-Disposition": f'inline; filename="{edition.slug}-edition-{edition.number}-{name}"'
            },
        )
    response.headers["ETag"] = tag
    response.headers["X-Edition"] = edition.name
    # For search engines the page is the thing, and a leaflet only its printed form
    response.headers["Link"] = f'<{address}>; rel="canonical"'
    if number is not None:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


@dataclass(frozen=True, slots=True)
class _LeafletRequest:
    """A leaflet known by its entity tag, which says everything it is made from."""

    tag: str
    leaflet: Leaflet = field(compare=False)


@lru_cache(maxsize=_KEPT)
def _kept(wanted: _LeafletRequest) -> bytes:
    return leaflet_pdf(wanted.leaflet)


@lru_cache(maxsize=1)
def _typesetters() -> tuple[str, ...]:
    """What a new release of a library may set otherwise."""
    return tuple(version(name) for name in ("typst", "segno", "pillow"))
