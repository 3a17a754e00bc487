"""URLs below /api/."""

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, re_path

from monographs.public import problem_details
from monographs.public.api.decorators import api_view, json_response, parameter_errors
from monographs.public.api.endpoints import api
from monographs.public.json_encoding import encode

app_name = "public-api"


def openapi(request: HttpRequest) -> HttpResponseBase:
    """Return the OpenAPI document."""
    return parameter_errors(request) or json_response(request, encode(api.openapi_document()))


def not_found(request: HttpRequest) -> HttpResponseBase:
    """Return a 404 problem for any other path below /api/."""
    return problem_details.not_found()


urlpatterns = [
    *(
        path(f"v1/{pattern.pattern}", api_view(pattern.callback), name=str(pattern.name))
        for pattern in api.urls[0]
        # django-ninja's own root is left out
        if isinstance(pattern, URLPattern) and pattern.name not in (None, "api-root")
    ),
    path("v1/openapi.json", api_view(openapi), name="openapi"),
    re_path(r"^", api_view(not_found)),
]
