"""Serves uploads, so that none of them can act in the session of the person who opens it."""

from mimetypes import guess_type
from pathlib import PurePath

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from django.views.static import serve

#: Types in which uploads are sent; anything else is sent as bytes. Pages show these as pictures all the same.
PICTURE_TYPES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"})
#: If a browser shows a file nevertheless: without scripts, forms, and the origin of the admin.
SANDBOX = "sandbox; default-src 'none'"


@require_safe
def uploaded_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """Send an upload as an attachment."""
    response: HttpResponseBase
    if isinstance(default_storage, FileSystemStorage):
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    else:
        response = _from_object_store(path)
    if response.headers.get("Content-Type") not in PICTURE_TYPES:
        response.headers["Content-Type"] = "application/octet-stream"
    response.headers["Content-Disposition"] = (
        content_disposition_header(True, PurePath(path).name) or "attachment"
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _from_object_store(path: str) -> HttpResponseBase:
    try:
        return FileResponse(default_storage.open(path), content_type=guess_type(path)[0])
    except FileNotFoundError as error:
        raise Http404(path) from error
