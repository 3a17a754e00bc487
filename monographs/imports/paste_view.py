"""The view that reads what was pasted into the editor. Stores nothing."""

import json
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.views import View
from wagtail.permission_policies.pages import PagePermissionPolicy

from monographs.imports.pasted_content import Clipboard, PasteTarget, pasted_content

#: Bytes of a request: a long document with its styles, without pictures.
MAX_LENGTH = 2_000_000
_TOO_LONG = (
    "This is too much for one paste. Paste it in parts, or import the file: Import, in the menu on the left."
)
_NOT_ALLOWED = "You may not edit pages, so you cannot paste here. Ask an editor."
_UNREADABLE = "The paste could not be read. Copy it again, or paste it as plain text (Ctrl+Shift+V)."


class PasteView(View):
    """Answers with what the editor inserts. The request is JSON: ``html``, ``text``, ``rtf``, ``target``."""

    http_method_names = ["post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not PagePermissionPolicy().user_has_any_permission(request.user, {"add", "change"}):
            return JsonResponse({"message": _NOT_ALLOWED}, status=403)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest) -> JsonResponse:
        """Return the pasted content, or a message that says why there is none."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_LENGTH:
            return JsonResponse({"message": _TOO_LONG}, status=413)
        try:
            sent = json.loads(request.body)
            clipboard = Clipboard(
                html=_text(sent, "html"), text=_text(sent, "text"), rtf=bool(sent.get("rtf"))
            )
            allowed = sent.get("target") or {}
            target = PasteTarget(**{name: bool(allowed.get(name)) for name in PasteTarget.__slots__})
        except (ValueError, TypeError, AttributeError):
            return JsonResponse({"message": _UNREADABLE}, status=400)
        return JsonResponse(pasted_content(clipboard, target))


def _text(sent: dict[str, Any], name: str) -> str:
    value = sent.get(name) or ""
    if not isinstance(value, str):
        raise TypeError
    # PostgreSQL and JSON take neither
    return value.replace("\x00", "").encode("utf-8", "replace").decode()
