"""Leaflets of medicines, current and old, in the usual print and in large print."""

import logging
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import version

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.translation import override

from monographs.document.models import Collection
from monographs.editions.figures import FigureLost
from monographs.reading import errors
from monographs.reading.leaflet.content import LARGE, USUAL, Leaflet
from monographs.reading.leaflet.making import leaflet_pdf
from monographs.reading.lookup import Outcome, ask
from monographs.reading.responses import entity_tag, public_address, public_file
from monographs.reading.site import site_name
from monographs.reading.views import elsewhere

logger = logging.getLogger(__name__)

#: Set leaflets kept by a process, by their entity tag: some 60 kB each.
_KEPT = 64

USUAL_NAME, LARGE_NAME = "leaflet.pdf", "leaflet-large.pdf"
_SIZES = {USUAL_NAME: USUAL, LARGE_NAME: LARGE}


@public_file
def leaflet(request: HttpRequest, slug: str, name: str, number: int | None = None) -> HttpResponseBase:
    """The leaflet of the current edition, or of edition ``number``; 304 when the reader has it."""
    found = ask(Collection.MEDICINES.page(slug), number)
    if found.outcome is not Outcome.CURRENT or found.edition is None:
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
            content = _kept(_Wanted(tag, made))
        except FigureLost as error:
            logger.error("an edition cannot be printed as it was signed: %s", error)
            return errors.missing(found)
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
class _Wanted:
    """A leaflet known by its entity tag, which says everything it is made from."""

    tag: str
    leaflet: Leaflet = field(compare=False)


@lru_cache(maxsize=_KEPT)
def _kept(wanted: _Wanted) -> bytes:
    return leaflet_pdf(wanted.leaflet)


@lru_cache(maxsize=1)
def _typesetters() -> tuple[str, ...]:
    """What a new release of a library may set otherwise."""
    return tuple(version(name) for name in ("typst", "segno", "pillow"))
