"""A WSGI request and handler that ignore the character set and the script name that a client may send.

The handler sends no body with the answer to HEAD.
"""

from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


class Utf8WSGIRequest(WSGIRequest):
    """A request that is always decoded as UTF-8, in which browsers send our forms.

    Django decodes a request with the character set named in its header. That lets a client choose any of
    Python's codecs; some are not character sets, and one takes minutes for a form.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (LookupError, ValueError):  # a parameter in an unknown character set
            self.content_type, self.content_params = "", {}
        self.content_params.pop("charset", None)


#: Keys from which Django takes the part of the path that belongs to the server. This service is always at the
#: root of its host, so nothing legitimate sets them; a server may fill them from a request's headers.
_SCRIPT_NAME_KEYS = ("SCRIPT_URL", "REDIRECT_URL")


class Utf8WSGIHandler(WSGIHandler):
    """Django's WSGI handler with ``Utf8WSGIRequest``, for a service at the root of its host.

    The answer to HEAD has the headers of GET and no body: gunicorn would drop it and log a warning each time.
    """

    request_class = Utf8WSGIRequest

    def __call__(self, environ: Any, start_response: Any) -> Any:
        environ["SCRIPT_NAME"] = ""
        for key in _SCRIPT_NAME_KEYS:
            environ.pop(key, None)
        response = super().__call__(environ, start_response)
        if environ.get("REQUEST_METHOD") == "HEAD":
            response.close()
            return ()
        return response
