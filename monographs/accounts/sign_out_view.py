"""Signing out of the admin: by POST only, so that no link and no other site signs somebody out."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from wagtail.admin.views import account

_sign_out = account.LogoutView.as_view()


@never_cache
def sign_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """Sign out, or for an address that was followed or typed ask whether to.

    Wagtail's view removes the session's cookie from the browser for every method, also where it refuses it.
    """
    if request.method == "POST":
        return _sign_out(request, *args, **kwargs)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("wagtailadmin_home"), reverse("wagtailadmin_login"))
    response: HttpResponse = render(request, "accounts/sign_out.html")
    return response
