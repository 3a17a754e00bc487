"""Decorators of public views: methods, headers, compression, and answers while the database is away."""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from monographs.public.body_cache import encode_response
from monographs.public.outage import View, with_outages
from monographs.public.responses import with_public_headers


def public_file_view(view: View) -> View:
    """Decorate a public view: safe methods only, public headers, no session or user."""
    return _without_session(require_safe(with_outages(view)))


def public_constant_view(view: View) -> View:
    """As ``public_file_view``, for what no database decides: it is answered while that is away."""
    return _without_session(require_safe(view))


def public_view(view: View) -> View:
    """As ``public_file_view``, with compression."""
    return compressed_view(public_file_view(view))


def public_form_view(view: View) -> View:
    """As ``public_view``, and allows POST."""
    return compressed_view(
        _without_session(require_http_methods(["GET", "HEAD", "POST"])(with_outages(view)))
    )


def compressed_view(view: View) -> View:
    """Decorate a view whose responses are compressed, each body once if it has an entity tag."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return encode_response(request, view(request, *args, **kwargs))

    return wrapped


def _without_session(view: View) -> View:
    @csrf_exempt  # without a session there is nothing to forge
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return with_public_headers(view(request, *args, **kwargs))

    return wrapped
