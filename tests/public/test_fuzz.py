"""Fuzz every public URL with hostile paths, queries, headers and cookies.

Seeded, so that failures are reproducible; ``make fuzz`` accepts another seed.
"""

import os
import random
import re
import string
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from cms.wsgi_request import Utf8WSGIRequest
from monographs.checks import NON_PUBLIC_PREFIXES
from tests.public.published import (
    condition,
    drug_class,
    home,
    information,
    monograph,
    publish,
    reference,
    withdraw,
)

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "5000"))
SEED = int(os.environ.get("FUZZ_SEED", "20260101"))

#: A word that is on no page. It may be reflected as text, never as markup.
MARK = "fuzzmark"
NASTY = [
    "text/plain; charset=hex",
    "application/x-www-form-urlencoded; charset=utf-16",
    "multipart/form-data; boundary=B; charset=punycode",
    "a/b; x*=nosuch''%41",
    f"<{MARK}>",
    f'"><{MARK} onload=alert(1)>',
    f"' {MARK}='",
    f'" {MARK}="',
    f"</script><{MARK}>",
    f"</title><{MARK}>",
    f"]]><{MARK}>",
    f"javascript:{MARK}",
    f"{{{{{MARK}|safe}}}}{{% debug %}}",
    f"\r\n{MARK}: 1\r\nSet-Cookie: {MARK}=1",
    f"%0d%0a{MARK}: 1",
    f"%3C{MARK}%3E",
    f"\uff1c{MARK}\uff1e",
    "\x00",
    "%00",
    "\ud7ff\ufffe\U0010ffff",
    "é\u0301\u202e\u2028",
    "../../../../etc/passwd",
    "..%2f..%2f",
    "' OR 1=1 --",
    "%(path)s",
    "%s",
    "-1",
    "0",
    "1e9",
    "9" * 30,
    "9" * 5000,
    "NaN",
    "null",
    "",
    " ",
    "a" * 3000,
    "\\" * 50,
    "٣",
]
PARAMETERS = (
    "q letter for class condition route updated_since review_due_before cursor limit page preview edition"
).split()
HEADERS = (
    "Accept Accept-Encoding Accept-Language Authorization Content-Type If-Match If-Modified-Since"
    " If-None-Match If-Unmodified-Since Origin Range Referer User-Agent X-Forwarded-For X-Forwarded-Host"
    " X-Forwarded-Proto X-HTTP-Method-Override X-Original-URL X-Requested-With Access-Control-Request-Method"
).split()
COOKIES = "sessionid csrftoken messages django_language wagtail_preview".split()
METHODS = ["GET"] * 16 + ["HEAD"] * 2 + "OPTIONS POST PUT DELETE PATCH TRACE".split()
ALWAYS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "",
    "X-Frame-Options": "",
    "Cache-Control": "",
}


def public_patterns(patterns: Any = None, prefix: str = "") -> Iterator[str]:
    """Yield the pattern of every public URL."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        address = prefix + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            yield from public_patterns(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern) and not address.startswith(NON_PUBLIC_PREFIXES):
            yield "/" + address.replace("(?:/|$)", "/")


def publish_pages() -> list[str]:
    """Publish pages that are current, superseded, moved and withdrawn, and return parts of URLs."""
    group, disease = drug_class(), condition()
    testumab = monograph(drug_class=reference(group), conditions=(reference(disease),))
    moved = monograph("oldumab")
    for document in (home(), information(), group, disease, testumab, moved):
        publish(document)
    publish(testumab.model_copy(update={"summary": "New."}))
    publish(moved.model_copy(update={"slug": "newumab"}))
    withdraw(publish(monograph("goneumab")))
    return (
        "testumab oldumab newumab goneumab noumab testing-antibodies test-leukemia how-we-write 1 2 3".split()
    )


class Fuzz:
    """Generates requests from a seed."""

    def __init__(self, seed: int, patterns: list[str], parts: list[str]) -> None:
        self.random = random.Random(seed)  # noqa: S311  # reproducible, not secret
        self.patterns = patterns
        self.parts = parts

    def request(self) -> dict[str, Any]:
        """Return the WSGI environment of a request."""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.random.choice(METHODS),
            "PATH_INFO": self._raw(self._path()),
            "QUERY_STRING": self._query(),
        }
        for name in self.random.sample(HEADERS, self.random.randint(0, 4)):
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = self._header(self._value())
        if self.random.random() < 0.1:
            environ["HTTP_HOST"] = self._header(self._value())
        if self.random.random() < 0.5:
            environ["HTTP_COOKIE"] = self._header(
                "; ".join(f"{self._cookie()}={self._value()}" for _ in range(self.random.randint(1, 3)))
            )
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            body = self._value().encode("utf-8", "surrogatepass")
            environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return environ

    def _path(self) -> str:
        path = re.sub(r"<[^>]*>|\(\?P<[^)]*\)", lambda _: self._part(), self.random.choice(self.patterns))
        match self.random.randint(0, 9):
            case 0:
                place = self.random.randint(1, len(path))
                return path[:place] + self._value() + path[place:]
            case 1:
                return path.replace("/", self.random.choice(["//", "/./", "/../", "\\", ";/"]))
            case 2:
                return path.rstrip("/") + self.random.choice(["", "/", "//", "\n", ".json", "?"])
            case 3:
                return path.swapcase()
        return path

    def _part(self) -> str:
        return self.random.choice(self.parts) if self.random.random() < 0.8 else self._value()

    def _value(self) -> str:
        if self.random.random() < 0.6:
            return self.random.choice(NASTY)
        if self.random.random() < 0.5:
            return self.random.choice(self.parts)
        length = self.random.randint(0, 40)
        return "".join(self.random.choice(string.printable + "éß漢\u0378😀") for _ in range(length))

    def _query(self) -> str:
        pairs = []
        for _ in range(self.random.choice([0, 0, 1, 1, 2, 3])):
            name = self.random.choice(PARAMETERS) if self.random.random() < 0.9 else self._value()
            value = self._value()
            pairs.append(
                "=".join(quote(text, safe=self.random.choice(["", "<>\"'%&=/"])) for text in (name, value))
            )
        query = "&".join(pairs)
        return query.encode().decode("latin-1")

    def _cookie(self) -> str:
        return self.random.choice([*COOKIES, MARK])

    @staticmethod
    def _raw(path: str) -> str:
        """Encode a path as WSGI does (PEP 3333)."""
        return path.encode("utf-8", "surrogatepass").decode("latin-1")

    @staticmethod
    def _header(value: str) -> str:
        """Limit a header value to what servers accept: no line ends, at most 4000 characters."""
        return re.sub(r"[\r\n\x00]", "", value).encode("utf-8", "surrogatepass").decode("latin-1")[:4000]


def faults(response: Any) -> Iterator[str]:
    """Yield what is wrong with a response, whatever the request was."""
    if response.status_code >= 500:
        yield f"status {response.status_code}"
    if response.cookies or "Set-Cookie" in response.headers:
        yield "sets a cookie"
    for name, beginning in ALWAYS.items():
        if not response.headers.get(name, "").startswith(beginning) or name not in response.headers:
            yield f"no {name}"
    if "Cookie" in response.get("Vary", ""):
        yield "varies by cookie"
    yield from (f"header {name} is not one line" for name, text in response.headers.items() if "\n" in text)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    yield from reflected(body.decode("utf-8", "replace"), response.get("Content-Type", ""))
    where = response.headers.get("Location", "/")
    if not re.fullmatch(r"/(?![/\\])[\x21-\x7e]*", where) or re.search(f'[<"]{MARK}', where):
        yield "sends elsewhere"


def reflected(body: str, content_type: str) -> Iterator[str]:
    """Yield the ways in which the mark was reflected as markup, attribute or script URL."""
    if f"<{MARK}" in body or f"<{MARK}".casefold() in body.casefold():
        yield "the mark is an element"
    if "json" not in content_type and re.search(rf"""["']\s*{MARK}\s*=\s*["']""", body):
        yield "the mark is an attribute"
    if re.search(rf"""(?:href|src|action)=["']?\s*javascript:{MARK}""", body):
        yield "the mark is run"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (f"<p>{MARK}</p>", 0),
        (f"<p>&lt;{MARK}&gt;</p>", 0),
        (f"<{MARK}>", 1),
        (f'<input value="" {MARK}="">', 1),
        (f'<a href="javascript:{MARK}">', 1),
    ],
)
def test_reflected_markup_is_detected(body: str, found: int) -> None:
    assert len(list(reflected(body, "text/html"))) == found


@pytest.mark.extended
def test_hostile_requests_find_no_fault(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.test.client.WSGIRequest", Utf8WSGIRequest)
    parts = publish_pages()
    patterns = sorted(set(public_patterns()))
    assert {"/medicines/<slug:slug>/", "/search/", "/updates.atom", "/api/v1/monographs"} <= set(patterns)
    fuzz = Fuzz(SEED, patterns, parts)
    client = Client(raise_request_exception=False)
    statuses: Counter[int] = Counter()
    found: dict[str, dict[str, Any]] = {}
    for _ in range(REQUESTS):
        request = fuzz.request()
        response = client.request(**request)
        statuses[response.status_code] += 1
        for fault in faults(response):
            found.setdefault(fault, request)
        client.cookies.clear()
    print(f"{REQUESTS} requests, seed {SEED}: {dict(sorted(statuses.items()))}")  # noqa: T201  # with -s
    assert not found, "\n".join(f"{fault}: {request!r:.600}" for fault, request in found.items())
    assert {200, 301, 404, 410} <= set(statuses)
