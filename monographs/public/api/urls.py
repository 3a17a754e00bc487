"""Addresses for programs."""

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, re_path

from monographs.public.api import problems
from monographs.public.api.decorators import answer, for_programs, unknown
from monographs.public.api.endpoints import api
from monographs.public.json_encoding import encode

app_name = "public-api"


def openapi(request: HttpRequest) -> HttpResponseBase:
    """The OpenAPI document."""
    return unknown(request) or answer(request, encode(api.described()))


def nowhere(request: HttpRequest) -> HttpResponseBase:
    """404 that programs can read, for whatever else begins like an address of theirs."""
    return problems.missing()


urlpatterns = [
    *(
        path(f"v1/{found.pattern}", for_programs(found.callback), name=str(found.name))
        for found in api.urls[0]
        # The library's own root is no address of ours
        if isinstance(found, URLPattern) and found.name not in (None, "api-root")
    ),
    path("v1/openapi.json", for_programs(openapi), name="openapi"),
    re_path(r"^", for_programs(nowhere)),
]
