"""Whether a form was sent from our own page, told without a cookie."""

from django.http import HttpRequest

_OWN = "same-origin"


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the browser says that the request began on a page of ours.

    Fetch Metadata first, else ``Origin`` (Fetch Standard, 3.2: browsers send it with every cross-site post).
    What sends neither is no browser that another site could use: without cookies it may be believed.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == _OWN
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}"
