"""Answers where no view got to answer: what Django refuses by itself, and what broke.

People get a page, programs a problem; by the address, since nothing else is known of them.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponseBase

from monographs.reading import errors
from monographs.reading.api import problems
from monographs.reading.responses import render, with_public_headers


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """400, for example for another host's name; Django's ``handler400``."""
    if problems.wanted(request):
        detail = "Something about this request is not as it should be: its host, its headers or its size."
        return problems.open_to_all(problems.problem(HTTPStatus.BAD_REQUEST, detail))
    return with_public_headers(render("400.html", {}, status=HTTPStatus.BAD_REQUEST))


def broken(request: HttpRequest) -> HttpResponseBase:
    """500, without a word of what went wrong; Django's ``handler500``."""
    if problems.wanted(request):
        detail = "Something went wrong on our side. Please try again in a few minutes."
        return problems.open_to_all(problems.problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail))
    return errors.broken(request)
