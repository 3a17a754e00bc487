"""URLs of the public site. Those of pages are made from the path patterns of document types."""

from collections.abc import Iterator

from django.urls import URLPattern, include, path, re_path

from monographs.document import MonographDocument
from monographs.document.models import PATH_PATTERNS, CollectionType
from monographs.document.public_path import pattern_pieces
from monographs.public import feed, file_views, sitemap, views
from monographs.public.changes_view import changes
from monographs.public.feedback_form import helpful, thanks
from monographs.public.leaflet_pdf.views import LARGE_NAME, USUAL_NAME, leaflet
from monographs.public.search import views as search_views

app_name = "public"

#: Kinds of document with a view of their own; the others have ``views.page``.
_VIEWS = {"monograph": views.medicine}


def _route(pattern: str) -> str:
    """Return the route of a path pattern."""
    pieces = (text + (f"<slug:{name}>" if name else "") for text, name in pattern_pieces(pattern))
    return "".join(pieces).removeprefix("/")


def _page_urls() -> Iterator[URLPattern]:
    """Yield one URL per kind of document, named like it; lists have one per collection, named like that."""
    for kind, pattern in PATH_PATTERNS.items():
        if kind == "index":
            for collection in CollectionType:
                yield path(_route(collection.path), views.page, name=collection.value)
        else:
            yield path(_route(pattern), _VIEWS.get(kind, views.page), name=kind)


_MEDICINE = _route(MonographDocument.path_pattern)

urlpatterns = [
    *_page_urls(),
    path(f"{_MEDICINE}editions/", views.history, name="history"),
    path(f"{_MEDICINE}editions/<int:number>/", views.edition, name="edition"),
    path(f"{_MEDICINE}changes/<int:before>/<int:after>/", changes, name="changes"),
    path(f"{_MEDICINE}helpful/", helpful, name="helpful"),
    path(f"{_MEDICINE}helpful/thanks/", thanks, name="helpful_thanks"),
    path(f"{_MEDICINE}leaflet.pdf", leaflet, {"name": USUAL_NAME}, name="leaflet"),
    path(f"{_MEDICINE}leaflet-large.pdf", leaflet, {"name": LARGE_NAME}, name="leaflet_large"),
    path(f"{_MEDICINE}editions/<int:number>/leaflet.pdf", leaflet, {"name": USUAL_NAME}),
    path(f"{_MEDICINE}editions/<int:number>/leaflet-large.pdf", leaflet, {"name": LARGE_NAME}),
    path("search/", search_views.search_page, name="search"),
    path("search/suggest", search_views.suggestions, name="suggest"),
    path("figures/<str:file_name>", file_views.figure, name="figure"),
    path("robots.txt", file_views.robots, name="robots"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemap.part, name="sitemap-part"),
    path("updates.atom", feed.updates, name="updates"),
    re_path(r"^api(?:/|$)", include("monographs.public.api.urls")),
]
