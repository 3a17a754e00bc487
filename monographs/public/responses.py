"""Headers, entity tags and rendering shared by everything the public reads."""

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from monographs.public.list_context import ListContext
from monographs.public.queries import PageResult
from monographs.public.stylesheet import style_files

#: Caches may keep a page but must ask whether it is still the one; a withdrawal takes effect at once.
CACHE_CONTROL = "public, max-age=0, must-revalidate"
#: Nothing runs. ``connect-src`` lets tools that look at a page from within it fetch our ``robots.txt``.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
#: What a browser can do and a page about a medicine never needs; nobody may ask for it in the page's name.
_NEVER_NEEDED = (
    "accelerometer autoplay browsing-topics camera display-capture encrypted-media geolocation gyroscope "
    "magnetometer microphone midi payment publickey-credentials-get usb xr-spatial-tracking"
).split()
#: For pages whose search field suggests names; they run our own script, which asks our own server.
SUGGESTING_POLICY = f"{CONTENT_SECURITY_POLICY}; script-src 'self'"
HEADERS = {
    "Cache-Control": CACHE_CONTROL,
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    # No window that opened the page, or was opened by it, can reach into it …
    "Cross-Origin-Opener-Policy": "same-origin",
    # … and no other site can load it, or a figure of it, as its own.
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _NEVER_NEEDED),
    # The address names a medicine: no other site is to learn which one somebody reads about.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}
#: Hexadecimal digits of the hash of a page's surroundings that its entity tag carries.
SHORT_HASH = 16

View = Callable[..., HttpResponseBase]


def public_file(view: View) -> View:
    """A view for anybody: read-only, with the public headers, and blind to who is asking."""
    return _for_anybody(require_safe(view))


def public(view: View) -> View:
    """As ``public_file``, compressed."""
    return gzip_page(public_file(view))


def public_form(view: View) -> View:
    """As ``public``, and takes what is posted."""
    return gzip_page(_for_anybody(require_http_methods(["GET", "HEAD", "POST"])(view)))


def _for_anybody(view: View) -> View:
    @csrf_exempt  # without a session there is nothing that another site could make use of
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return with_public_headers(view(request, *args, **kwargs))

    return wrapped


def with_suggestions(response: HttpResponseBase) -> HttpResponseBase:
    """A page whose search field may suggest names."""
    response.headers["Content-Security-Policy"] = SUGGESTING_POLICY
    return response


def with_public_headers(response: HttpResponseBase) -> HttpResponseBase:
    """The headers of every public answer, where the view has not set its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def frame(found: PageResult) -> dict[str, Any]:
    """Names the templates use for what surrounds a page that is no document."""
    site = found.site
    return {
        "site": site,
        "site_name": site.organisation if site else "",
        "listing": ListContext(about=found.about),
    }


def entity_tag(found: PageResult, *more: str) -> str:
    """A strong tag: the edition's hash, and a short hash of everything around it."""
    around = "\n".join((found.surroundings, template_version(), settings.BASE_URL, *more))
    short = hashlib.sha256(around.encode()).hexdigest()[:SHORT_HASH]
    return f'"{found.edition.sha256 if found.edition else "unsigned"}-{short}"'


def answer(
    request: HttpRequest,
    found: PageResult,
    template: str,
    context: Callable[[], Mapping[str, Any]],
    *,
    variant: str = "",
    index: bool = True,
) -> HttpResponseBase:
    """The page, or 304 when the reader has it. ``variant`` is what else in the address shaped it.

    ``context`` is called only for a page that is sent.
    """
    etag = entity_tag(found, template, variant)
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = render(template, context())
    response["ETag"] = etag
    if found.edition:
        response["X-Edition"] = found.edition.name
    if not index:
        response["X-Robots-Tag"] = "noindex"
    return response


def render(template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """A template without the request: what it cannot see it cannot vary by."""
    return HttpResponse(render_to_string(template, dict(context)), status=status)


def public_address(path: str) -> str:
    """The whole address of a public path, for paper, search engines and other programs."""
    return str(settings.BASE_URL).rstrip("/") + path


def template_version() -> str:
    """A hash of all that makes a page of a text and comes with a release: a new release is a new answer."""
    return _version() if not settings.DEBUG else _version.__wrapped__()


@lru_cache(maxsize=1)
def _version() -> str:
    digest = hashlib.sha256()
    for file in sorted(made_from()):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def made_from() -> list[Path]:
    """The files of a release that shape a page, or whose names stand in it."""
    templates = [Path(settings.BASE_DIR) / "templates" / folder for folder in ("public", "redline")]
    room = Path(__file__).parent
    code = [room, *(room.with_name(name) for name in ("document", "redline", "presentation"))]
    served = (finders.find(name) for name in ("css/redline.css", "js/suggest.js"))
    return [
        *(file for folder in templates for file in folder.rglob("*.html")),
        *(file for folder in code for ending in ("*.py", "*.typ", "*.mo") for file in folder.rglob(ending)),
        *style_files(),
        *(Path(str(file)) for file in served if file),
    ]
