"""How what a client sends is read, whatever it says of itself."""

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


class Utf8WSGIRequest(WSGIRequest):
    """A request in UTF-8, as browsers send what our pages ask for.

    Django reads a request in the character set that it names. That is a stranger's choice among all of
    Python's codecs, of which some are no character sets, and one takes minutes for a form.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (LookupError, ValueError):  # a parameter in a character set that there is not
            self.content_type, self.content_params = "", {}
        self.content_params.pop("charset", None)


class Utf8WSGIHandler(WSGIHandler):
    """Django's own, with our requests."""

    request_class = Utf8WSGIRequest
