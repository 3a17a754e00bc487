"""URLs of the public site. Those of pages are made from the path patterns of document types."""

from collections.abc import Iterator

from django.urls import URLPattern, include, path, re_path

from monographs.document import MonographDocument
from monographs.document.models import PATH_PATTERNS, CollectionType, is_for_patients
from monographs.document.public_path import pattern_pieces
from monographs.public import brand_styles, changes_view, feed, feedback_form, file_views, sitemap, views
from monographs.public.leaflet_pdf.views import LARGE_NAME, REGULAR_NAME, leaflet
from monographs.public.search import views as search_views
from monographs.public.whats_new_view import whats_new

app_name = "public"

#: Kinds of document with a view of their own; the others have ``views.page``.
_VIEWS = {"monograph": views.medicine}


def _route(pattern: str) -> str:
    """Return the route of a path pattern."""
    pieces = (text + (f"<slug:{name}>" if name else "") for text, name in pattern_pieces(pattern))
    return "".join(pieces).removeprefix("/")


def _page_urls() -> Iterator[URLPattern]:
    """Yield a URL per kind of document for patients, named like it; for lists one per collection."""
    for kind, pattern in PATH_PATTERNS.items():
        if not is_for_patients(pattern):
            continue
        if kind == "index":
            for collection in CollectionType:
                yield path(_route(collection.path), views.page, name=collection.value)
        else:
            yield path(_route(pattern), _VIEWS.get(kind, views.page), name=kind)


_MONOGRAPH = _route(MonographDocument.path_pattern)

urlpatterns = [
    *_page_urls(),
    path(f"{_MONOGRAPH}editions/", views.edition_list, name="edition_list"),
    path(f"{_MONOGRAPH}editions/<int:number>/", views.edition, name="edition"),
    path(f"{_MONOGRAPH}changes/<int:before>/<int:after>/", changes_view.changes, name="changes"),
    path(f"{_MONOGRAPH}helpful/", feedback_form.feedback_form, name="feedback_form"),
    path(f"{_MONOGRAPH}helpful/thanks/", feedback_form.feedback_thanks, name="feedback_thanks"),
    path(f"{_MONOGRAPH}leaflet.pdf", leaflet, {"name": REGULAR_NAME}, name="leaflet"),
    path(f"{_MONOGRAPH}leaflet-large.pdf", leaflet, {"name": LARGE_NAME}, name="large_leaflet"),
    path(f"{_MONOGRAPH}editions/<int:number>/leaflet.pdf", leaflet, {"name": REGULAR_NAME}),
    path(f"{_MONOGRAPH}editions/<int:number>/leaflet-large.pdf", leaflet, {"name": LARGE_NAME}),
    path("search/", search_views.search, name="search"),
    path("search/suggest", search_views.suggestions, name="suggestions"),
    path("figures/<str:file_name>", file_views.figure, name="figure"),
    path("brand/<slug:name>.css", brand_styles.brand_styles, name="brand_styles"),
    path("robots.txt", file_views.robots, name="robots"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemap.sitemap_file, name="sitemap_file"),
    path("whats-new/", whats_new, name="whats_new"),
    path("updates.atom", feed.changes_feed, name="changes_feed"),
    re_path(r"^api(?:/|$)", include("monographs.public.api.urls")),
]
