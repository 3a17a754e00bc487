"""Answers that are no pages: their bytes decide whether somebody has them already."""

import hashlib

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from monographs.public.responses import SHORT_HASH


def conditional(
    request: HttpRequest, body: bytes, content_type: str, *, sha256: str = ""
) -> HttpResponseBase:
    """``body``, or 304 for whoever has it, or 412.

    The tag begins with an edition's ``sha256`` if the answer is of one.
    """
    digest = hashlib.sha256(body).hexdigest()[:SHORT_HASH]
    etag = f'"{sha256}-{digest}"' if sha256 else f'"{digest}"'
    response = get_conditional_response(request, etag=etag) or HttpResponse(body, content_type=content_type)
    response["ETag"] = etag
    return response
