"""Headers, entity tags and rendering of public responses."""

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from monographs.core.help_lines import emergency_line
from monographs.public.body_cache import cached_response
from monographs.public.list_context import ListContext
from monographs.public.queries import PageResult
from monographs.public.shared_cache import lifetime, surrogate_keys
from monographs.public.stylesheet import style_files

#: No scripts. ``connect-src`` allows auditing tools that run in a page to fetch ``robots.txt``.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
#: Browser features that no page needs and that embedded content may not request either.
_DISABLED_FEATURES = (
    "accelerometer autoplay browsing-topics camera display-capture encrypted-media geolocation gyroscope "
    "magnetometer microphone midi payment publickey-credentials-get usb xr-spatial-tracking"
).split()
#: For pages with search suggestions or links to share: allows scripts from this site.
OWN_SCRIPT_POLICY = f"{CONTENT_SECURITY_POLICY}; script-src 'self'"
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    # Windows that opened the page, or were opened by it, get no reference to it
    "Cross-Origin-Opener-Policy": "same-origin",
    # Other sites cannot embed the page or its figures
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _DISABLED_FEATURES),
    # The URL names a medicine: other sites must not learn which one a reader looks up
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}
HTML = "text/html; charset=utf-8"
#: Hexadecimal digits of a shortened hash, in entity tags and leaflets.
SHORT_HASH = 16


def allow_own_scripts(response: HttpResponseBase) -> HttpResponseBase:
    """Allow the scripts of this site on a page: for search suggestions, and for sharing a section."""
    response.headers["Content-Security-Policy"] = OWN_SCRIPT_POLICY
    return response


def with_public_headers(response: HttpResponseBase) -> HttpResponseBase:
    """Set the headers of public responses, except those the view has set."""
    if "Cache-Control" not in response.headers:
        shared = response.status_code in lifetime.SHARED_STATUSES
        response["Cache-Control"] = lifetime.CACHE_CONTROL if shared else lifetime.UNSHARED_CACHE_CONTROL
        response.headers.setdefault(surrogate_keys.HEADER, surrogate_keys.DEFAULT)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def frame_context(found: PageResult) -> dict[str, Any]:
    """Return the template context that frames a page without a document."""
    site = found.site
    return {
        "site": site,
        "site_name": site.organisation if site else "",
        "listing": ListContext(about=found.about),
    }


def entity_tag(found: PageResult, *more: str) -> str:
    """Return a strong entity tag: the edition's hash and a short hash of everything else on the page.

    That is its surroundings with the home page's texts, the release, and the settings that pages show.
    """
    shown = (
        settings.BASE_URL,
        emergency_line().number,
        repr(settings.EMERGENCY_WORDING),
        settings.BRAND.fingerprint,
    )
    context = "\n".join((found.context_hash, release_hash(), *shown, *more))
    short = hashlib.sha256(context.encode()).hexdigest()[:SHORT_HASH]
    return f'"{found.edition.sha256 if found.edition else "unsigned"}-{short}"'


def page_response(
    request: HttpRequest,
    found: PageResult,
    template: str,
    context: Callable[[], Mapping[str, Any]],
    *,
    variant: str = "",
    index: bool = True,
) -> HttpResponseBase:
    """Render a page as a conditional response. ``variant`` names what else in the URL shaped it.

    ``context`` is called only if the page is sent and its body is not kept.
    """
    etag = entity_tag(found, template, variant)
    response = cached_response(request, etag, HTML, lambda: render(template, context()).content)
    response[surrogate_keys.HEADER] = surrogate_keys.keys_of(found)
    if found.edition:
        response["X-Edition"] = found.edition.name
    if not index:
        response["X-Robots-Tag"] = "noindex"
    return response


def render(template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a template without the request, so that the page cannot depend on it."""
    return HttpResponse(render_to_string(template, dict(context)), status=status)


def absolute_url(path: str) -> str:
    """Return the absolute URL of a public path."""
    return str(settings.BASE_URL).rstrip("/") + path


def release_hash() -> str:
    """Return a hash of all code, templates and styles that shape pages: a release changes entity tags."""
    return _release_hash() if not settings.DEBUG else _release_hash.__wrapped__()


@lru_cache(maxsize=1)
def _release_hash() -> str:
    digest = hashlib.sha256()
    for file in sorted(release_files()):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def release_files() -> list[Path]:
    """Return the files of a release that shape a page or are linked from it."""
    templates = [Path(settings.BASE_DIR) / "templates" / folder for folder in ("public", "jinja2", "redline")]
    package = Path(__file__).parent
    code = [
        package,
        *(package.parent / name for name in ("document", "redline", "presentation", "core/brand")),
    ]
    static_files = (finders.find(name) for name in ("css/redline.css", "js/suggest.js", "js/share.js"))
    return [
        *(file for folder in templates for file in folder.rglob("*.html")),
        *(file for folder in code for ending in ("*.py", "*.typ", "*.mo") for file in folder.rglob(ending)),
        *style_files(),
        *(Path(str(file)) for file in static_files if file),
    ]
