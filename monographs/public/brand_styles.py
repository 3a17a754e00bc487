"""The public style sheet of a site with a brand: the parts, with the brand after the default colours.

It is served by the process, because the brand is a setting and static files are collected before it is known.
A page loads it in place of the static one, so that there is still one style sheet.
"""

import hashlib
from functools import lru_cache
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.templatetags.static import static
from django.urls import reverse

from monographs.core.brand.brand import Brand
from monographs.core.brand.brand_css import brand_css
from monographs.public.body_cache import cached_response
from monographs.public.responses import SHORT_HASH, release_hash
from monographs.public.shared_cache.lifetime import CACHE_CONTROL, IMMUTABLE_CACHE_CONTROL
from monographs.public.shared_cache.surrogate_keys import DEFAULT, HEADER
from monographs.public.stylesheet import BUNDLE_NAME, bundled_css
from monographs.public.view_decorators import public_view

CSS = "text/css; charset=utf-8"


def stylesheet_address() -> str:
    """Return the path of the style sheet of pages."""
    brand: Brand = settings.BRAND
    if not brand.has_styles:
        return static(BUNDLE_NAME)
    return reverse("public:brand_styles", args=[_hash(brand.fingerprint, release_hash())])


@public_view
def brand_styles(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serve the style sheet. A page from a cache may still ask for the one before: it gets this one."""
    current = _hash(settings.BRAND.fingerprint, release_hash())
    response = cached_response(request, f'"{current}"', CSS, lambda: _branded_css().encode())
    if response.status_code == HTTPStatus.OK:
        response.headers["Cache-Control"] = IMMUTABLE_CACHE_CONTROL if name == current else CACHE_CONTROL
    response.headers[HEADER] = DEFAULT
    return response


@lru_cache(maxsize=4)
def _hash(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:SHORT_HASH]


def _branded_css() -> str:
    return bundled_css(brand_css(settings.BRAND))
