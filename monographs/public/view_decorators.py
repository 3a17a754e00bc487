"""Decorators of public views: methods, compression, and answers while the database is away.

Their headers are set by ``cms.middleware.PublicResponseMiddleware``, with those of all other answers.
"""

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from monographs.public.body_cache import encode_response
from monographs.public.outage import View, with_outages


def public_file_view(view: View) -> View:
    """Decorate a public view: safe methods only. Without a session there is nothing to forge."""
    return csrf_exempt(require_safe(with_outages(view)))


def public_constant_view(view: View) -> View:
    """As ``public_file_view``, for what no database decides: it is answered while that is away."""
    return csrf_exempt(require_safe(view))


def public_view(view: View) -> View:
    """As ``public_file_view``, with compression."""
    return compressed_view(public_file_view(view))


def public_form_view(view: View) -> View:
    """As ``public_view``, and allows POST."""
    return compressed_view(csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(with_outages(view))))


def compressed_view(view: View) -> View:
    """Decorate a view whose responses are compressed, each body once if it has an entity tag."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return encode_response(request, view(request, *args, **kwargs))

    return wrapped
