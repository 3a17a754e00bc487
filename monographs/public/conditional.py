"""Conditional responses for content other than pages: the entity tag is a hash of the body."""

import hashlib

from django.http import HttpRequest, HttpResponseBase

from monographs.public.body_cache import cached_response
from monographs.public.responses import SHORT_HASH


def conditional_response(
    request: HttpRequest, body: bytes, content_type: str, *, sha256: str = ""
) -> HttpResponseBase:
    """Return ``body``, or 304 or 412 as the request's ``If-None-Match`` and ``If-Match`` say.

    The entity tag begins with ``sha256``, the hash of an edition, if the response is about one.
    """
    digest = hashlib.sha256(body).hexdigest()[:SHORT_HASH]
    etag = f'"{sha256}-{digest}"' if sha256 else f'"{digest}"'
    return cached_response(request, etag, content_type, lambda: body)
