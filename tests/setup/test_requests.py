"""WSGI requests with odd character sets and content types."""

from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import RequestFactory

from cms.wsgi_request import Utf8WSGIHandler, Utf8WSGIRequest

FORM = "application/x-www-form-urlencoded"
WORDS = "fièvre 38 °C"


def posted(content_type: str, body: bytes) -> Utf8WSGIRequest:
    """Return a request with a form."""
    environ = RequestFactory()._base_environ(
        REQUEST_METHOD="POST",
        CONTENT_TYPE=content_type,
        CONTENT_LENGTH=str(len(body)),
        **{"wsgi.input": BytesIO(body)},
    )
    return Utf8WSGIRequest(environ)


def multipart(words: str, **headers: str) -> bytes:
    """Return a multipart body with the field ``words`` and the boundary *B*."""
    head = "".join(f"{name}: {said}\r\n" for name, said in headers.items())
    return f'--B\r\nContent-Disposition: form-data; name="words"\r\n{head}\r\n{words}\r\n--B--\r\n'.encode()


@pytest.mark.parametrize("charset", ["punycode", "utf-16", "cp037", "hex", "utf-7", "nosuch", "utf-8", ""])
def test_a_form_is_read_in_utf_8_whatever_character_set_it_names(charset: str) -> None:
    named = f"; charset={charset}" if charset else ""
    simple = posted(f"{FORM}{named}", urlencode({"words": WORDS}).encode())
    assert simple.POST["words"] == WORDS
    parts = posted(f"multipart/form-data; boundary=B{named}", multipart(WORDS))
    assert parts.POST["words"] == WORDS


@pytest.mark.parametrize(
    "content_type", ["a/b; x*=nosuch''%41", "text/plain; charset=hex", ";;;", "a/b; x*=''"]
)
@pytest.mark.parametrize("path", ["/search/", "/api/v1/search", "/healthz"])
@pytest.mark.django_db
def test_a_content_type_that_makes_no_sense_is_no_failure(content_type: str, path: str) -> None:
    environ = RequestFactory()._base_environ(
        PATH_INFO=path, QUERY_STRING="q=fever", CONTENT_TYPE=content_type, SERVER_NAME="localhost"
    )
    response = Utf8WSGIHandler().get_response(Utf8WSGIRequest(environ))
    assert response.status_code == 200


def test_the_server_serves_with_these_requests(db: None, settings: Any) -> None:
    settings.DEBUG = True  # imported by a development server, it checks nothing by itself
    from cms import wsgi  # noqa: PLC0415  # importing it is what is tested

    assert isinstance(wsgi.application, Utf8WSGIHandler)
    assert wsgi.application.request_class is Utf8WSGIRequest


@pytest.mark.parametrize("path", ["/", "/healthz", "/updates.atom", "/nothing/", "/robots.txt"])
def test_the_answer_to_head_has_the_headers_of_get_and_no_body(site: Any, path: str) -> None:
    heads, bodies = {}, {}
    for method in ("GET", "HEAD"):

        def start_response(status: str, headers: list[tuple[str, str]], method: str = method) -> None:
            own = {"X-Request-ID"}
            heads[method] = status, {name: said for name, said in headers if name not in own}

        environ = RequestFactory()._base_environ(
            REQUEST_METHOD=method, PATH_INFO=path, SERVER_NAME="localhost"
        )
        bodies[method] = b"".join(Utf8WSGIHandler()(environ, start_response))
    assert bodies["GET"]
    assert bodies["HEAD"] == b""
    assert heads["HEAD"] == heads["GET"]
