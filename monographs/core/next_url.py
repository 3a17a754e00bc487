"""The address to which a form of the admin asks to return."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def next_url(request: HttpRequest, default: str = "") -> str:
    """Return the URL of the ``next`` parameter if it is one of the admin, else ``default``.

    Without a default, that is the admin's home.
    """
    url = request.POST.get("next") or request.GET.get("next") or ""
    home = reverse("wagtailadmin_home")
    safe = url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if safe and url.startswith(home) else default or home
