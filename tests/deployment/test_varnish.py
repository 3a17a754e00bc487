"""The documented Varnish configuration, run in front of a service that a test scripts."""

import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from monographs.public.shared_cache import lifetime, nodes
from tests.concurrency import wait_for
from tests.deployment.proxies import DEFAULT_VCL, HOST, varnish
from tests.public.published import SHARED_FOR_SECONDS

#: What a busy machine may take for any step, in seconds.
PATIENCE = 60
#: What the service says where a test is not about time: nothing expires while it runs.
SHARED_FOR_MINUTES = SHARED_FOR_SECONDS.replace("s-maxage=3", "s-maxage=600")

pytestmark = [
    pytest.mark.skipif(
        shutil.which("varnishd") is None and not os.environ.get("CI"),
        reason="Varnish is not installed (Debian: apt-get install varnish)",
    ),
    pytest.mark.xdist_group("varnish"),
]


class ScriptedService(ThreadingHTTPServer):
    """A service that says what a test tells it to, and notes what it was asked."""

    daemon_threads = True
    #: The name under which the test that runs asks for pages: the cache keeps them by it.
    host = HOST
    #: Where the cache in front of it works.
    folder: Path

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), ScriptedHandler)
        self.shared_for = SHARED_FOR_SECONDS
        self.asked: list[tuple[str, str]] = []
        self.headers_of: dict[str, Any] = {}
        self.status, self.version = 200, 1
        self.more: dict[str, str] = {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def count(self, path: str) -> int:
        return sum(asked == path for _, asked in self.asked)


class ScriptedHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ScriptedService

    def do_GET(self) -> None:
        service = self.server
        if not service.status:  # it is not there
            self.close_connection = True
            return
        # What the cache still asks in the background for a test before has that test's host name
        if self.command == "GET" and self.headers["Host"] == ScriptedService.host:
            service.asked.append((self.command, self.path))
            service.headers_of[self.path] = self.headers
        length = int(self.headers.get("Content-Length", 0))
        self.rfile.read(length)
        tag = f'"{service.version}"'
        fresh = service.status == 200 and self.headers.get("If-None-Match") == tag
        body = b"" if fresh else f"version {service.version} of {self.path}".encode()
        headers = {
            "Cache-Control": service.shared_for,
            "ETag": tag,
            "Surrogate-Key": f"site page-{self.path.strip('/').split('/')[-1].split('?')[0] or 'home'}",
            **service.more,
        }
        self.send_response(304 if fresh else service.status)
        for name, value in headers.items():
            self.send_header(name, value)
        if not fresh:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_POST = do_GET

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def running_node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ScriptedService, int]]:
    service = ScriptedService()
    folder = tmp_path_factory.mktemp("varnish")
    with varnish(folder, service.server_port) as port:
        service.folder = folder / f"varnish-{port}"
        yield service, port
    service.shutdown()


def say_that_the_service(service: ScriptedService, health: str) -> None:
    """Tell the cache that the service is ``healthy``, whatever it finds itself, or to look (``auto``)."""
    command = ["varnishadm", "-n", str(service.folder), "backend.set_health", "service", health]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)


@pytest.fixture
def node(running_node: tuple[ScriptedService, int]) -> tuple[ScriptedService, int]:
    """The service as it begins, and a host of which the cache has nothing; nothing expires.

    On a busy machine probes may find the service away, so the cache is told that it is there.
    """
    service, port = running_node
    say_that_the_service(service, "healthy")
    service.status, service.more, service.shared_for = 200, {}, SHARED_FOR_MINUTES
    service.version += 1
    ScriptedService.host = f"test-{service.version}.{HOST}"
    service.asked.clear()
    return service, port


@pytest.fixture
def hasty_node(node: tuple[ScriptedService, int]) -> tuple[ScriptedService, int]:
    """The same, with the lifetimes of the service."""
    node[0].shared_for = SHARED_FOR_SECONDS
    return node


def get(
    port: int, path: str, method: str = "GET", body: str = "", **headers: str
) -> tuple[HTTPResponse, str]:
    client = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    client.request(
        method, path, body or None, {"Host": ScriptedService.host, "X-Forwarded-Proto": "https", **named}
    )
    response = client.getresponse()
    text = response.read().decode()
    client.close()
    return response, text


def test_the_bounds_of_the_configuration_are_those_of_the_service() -> None:
    vcl = DEFAULT_VCL.read_text()
    stale = lifetime.REVALIDATION_SECONDS + lifetime.ERROR_SECONDS
    graces = {int(seconds) for seconds in re.findall(r"grace = (\d+)s", vcl)}
    assert max(graces - {3600}) + lifetime.FRESH_SECONDS <= lifetime.STALE_BOUND_SECONDS
    assert stale + lifetime.FRESH_SECONDS <= lifetime.STALE_BOUND_SECONDS
    assert f"req.grace = {lifetime.REVALIDATION_SECONDS}s" in vcl


def test_a_page_is_read_once_for_all_readers_and_says_nothing_of_caches(node: Any) -> None:
    service, port = node
    for _ in range(3):
        response, text = get(port, "/medicines/a/", Cookie="sessionid=1", Authorisation="x")
        assert text.startswith(f"version {service.version}")
    assert service.count("/medicines/a/") == 1
    assert "Cookie" not in service.headers_of["/medicines/a/"]
    assert response.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    for name in ("Surrogate-Key", "X-Varnish", "Via"):
        assert name not in response.headers
    response, text = get(port, "/medicines/a/", If_None_Match=response.headers["ETag"])
    assert (response.status, text) == (304, "")


def test_a_purge_drops_what_carries_a_key_and_nothing_else(node: Any) -> None:
    service, port = node
    for path in ("/medicines/a/", "/medicines/ab/"):
        get(port, path)
    service.version += 1
    assert nodes.purge(f"http://127.0.0.1:{port}", ["page-a", "page-x"]) == ""
    assert get(port, "/medicines/a/")[1].startswith(f"version {service.version} ")
    assert get(port, "/medicines/ab/")[1].startswith(f"version {service.version - 1} ")


@pytest.mark.parametrize("keys", ["", "page-a|.*", "PAGE", "a  b", "page-a\t"])
def test_a_purge_without_proper_keys_is_refused(node: Any, keys: str) -> None:
    _, port = node
    client = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    client.request("PURGE", "/", headers={"Surrogate-Key": keys} if keys else {})
    assert client.getresponse().status == (200 if keys == "page-a\t" else 400)  # HTTP trims the end


def test_a_purge_through_the_proxy_is_refused(node: Any) -> None:
    _, port = node
    assert get(port, "/", "PURGE", Surrogate_Key="site")[0].status == 405


def test_without_any_purge_a_change_is_seen_within_the_bound(hasty_node: Any) -> None:
    """However long an answer takes: what is measured is when the last reader asked who got the old text."""
    service, port = hasty_node
    get(port, "/medicines/a/")
    service.version += 1
    new, changed, last = f"version {service.version} ", time.monotonic(), 0.0
    while True:
        began = time.monotonic() - changed
        if get(port, "/medicines/a/")[1].startswith(new):
            break
        last = began
        assert last < lifetime.WITHDRAWN_BOUND_SECONDS


def test_a_page_that_nobody_read_for_a_while_is_not_shown_stale(hasty_node: Any) -> None:
    service, port = hasty_node
    get(port, "/medicines/a/")
    service.version += 1
    time.sleep(lifetime.FRESH_SECONDS + lifetime.REVALIDATION_SECONDS + 0.2)
    assert get(port, "/medicines/a/")[1].startswith(f"version {service.version} ")


def test_an_unchanged_page_is_asked_about_and_not_sent_again(hasty_node: Any) -> None:
    service, port = hasty_node
    tag = get(port, "/medicines/a/")[0].headers["ETag"]
    time.sleep(lifetime.FRESH_SECONDS + lifetime.REVALIDATION_SECONDS + 0.2)
    assert get(port, "/medicines/a/")[1].startswith("version ")
    assert service.headers_of["/medicines/a/"]["If-None-Match"] == tag


def test_while_the_service_fails_pages_are_shown_and_what_is_gone_is_not(hasty_node: Any) -> None:
    service, port = hasty_node
    get(port, "/medicines/a/")
    service.status = 410
    get(port, "/medicines/gone/")
    service.status = 503
    say_that_the_service(service, "auto")
    time.sleep(lifetime.FRESH_SECONDS + lifetime.REVALIDATION_SECONDS + 0.2)
    for _ in range(3):
        response, text = get(port, "/medicines/a/")
        assert (response.status, text) == (200, f"version {service.version} of /medicines/a/")
    assert get(port, "/medicines/gone/")[0].status == 503, "the service's own page"
    service.status, service.version = 200, service.version + 1
    wait_for(lambda: get(port, "/medicines/a/")[1].startswith(f"version {service.version} "), PATIENCE)


def test_an_answer_from_the_services_memory_is_not_kept(node: Any) -> None:
    service, port = node
    service.more = {"Warning": '110 - "Response is Stale"'}
    for _ in range(2):
        assert get(port, "/medicines/a/")[0].status == 200
    assert service.count("/medicines/a/") > 1


def test_an_answer_from_the_services_memory_replaces_nothing(hasty_node: Any) -> None:
    """Of two processes, one may have the page in its memory and the other not."""
    service, port = hasty_node
    get(port, "/medicines/a/")
    time.sleep(lifetime.FRESH_SECONDS + lifetime.REVALIDATION_SECONDS + 0.2)
    service.more = {"Warning": '110 - "Response is Stale"'}
    assert get(port, "/medicines/a/")[0].status == 200
    service.status, service.more = 503, {}
    assert get(port, "/medicines/a/")[0].status == 200


def test_a_page_renewed_before_the_probe_notices_is_kept_for_the_next_failure(hasty_node: Any) -> None:
    """A database comes back for a few seconds, and hangs again."""
    service, port = hasty_node
    get(port, "/medicines/a/")
    say_that_the_service(service, "sick")
    time.sleep(lifetime.FRESH_SECONDS + 0.2)
    service.version += 1
    renewed = f"version {service.version} "
    wait_for(lambda: get(port, "/medicines/a/")[1].startswith(renewed), PATIENCE)
    service.status = 503
    time.sleep(lifetime.FRESH_SECONDS + lifetime.REVALIDATION_SECONDS + 0.2)
    response, text = get(port, "/medicines/a/")
    assert (response.status, text.startswith(renewed)) == (200, True)


@pytest.mark.parametrize(
    ("asked", "passed_on"),
    [
        ("/medicines/a/?utm_source=x", "/medicines/a/"),
        ("/medicines/a/?for=x&utm=1&q=2", "/medicines/a/?for=x"),
        ("/medicines/?page=2&letter=B&x=", "/medicines/?letter=B&page=2"),
        ("/search/?x=1&q=fever+chills&y", "/search/?q=fever+chills"),
        ("/classes/a/?q=1", "/classes/a/"),
        ("/updates.atom?1", "/updates.atom"),
        ("/?", "/"),
        ("/api/v1/monographs?limit=2&after=x&wrong=1", "/api/v1/monographs?after=x&limit=2&wrong=1"),
    ],
)
def test_parameters_are_filtered_and_sorted(node: Any, asked: str, passed_on: str) -> None:
    service, port = node
    get(port, asked)
    get(port, passed_on)
    assert service.asked == [("GET", passed_on)]


@pytest.mark.parametrize("path", ["/search/?q=a&q=b", f"/search/?q={'a' * 700}", "/admin/", "/healthz"])
def test_what_one_reader_alone_asks_for_is_not_kept(node: Any, path: str) -> None:
    service, port = node
    for _ in range(2):
        get(port, path)
    assert service.count(path) == 2


def test_forms_and_the_admins_cookies_are_passed_on(node: Any) -> None:
    service, port = node
    get(port, "/medicines/a/helpful/", "POST", "answer=yes", Content_Type="application/x-www-form-urlencoded")
    get(port, "/admin/", Cookie="sessionid=1")
    assert service.headers_of["/admin/"]["Cookie"] == "sessionid=1"
    assert [path for _, path in service.asked] == ["/admin/"], "the form came as POST"


@pytest.mark.parametrize(
    "more",
    [
        {"Set-Cookie": "a=b"},
        {"Cache-Control": "no-store"},
        {"Cache-Control": "public, max-age=0, must-revalidate, s-maxage=0"},
        {"Vary": "Cookie"},
    ],
)
def test_what_is_not_for_everybody_is_not_kept(node: Any, more: dict[str, str]) -> None:
    service, port = node
    service.more = more
    path = f"/medicines/{abs(hash(str(more)))}/"
    for _ in range(2):
        get(port, path)
    assert service.count(path) == 2


def test_the_id_of_a_request_is_not_given_to_another_one(node: Any) -> None:
    service, port = node
    service.more = {"X-Request-ID": "of-this-request"}
    for _ in range(2):
        assert "X-Request-ID" not in get(port, "/medicines/a/")[0].headers
    assert get(port, "/healthz")[0].headers["X-Request-ID"] == "of-this-request"


def test_redirects_to_https_are_kept_apart(node: Any) -> None:
    service, port = node
    get(port, "/medicines/a/", X_Forwarded_Proto="http")
    get(port, "/medicines/a/")
    assert service.count("/medicines/a/") == 2


def test_without_the_service_there_is_a_calm_page(tmp_path: Path) -> None:
    service = ScriptedService()
    with varnish(tmp_path, service.server_port) as port:
        service.folder = tmp_path / f"varnish-{port}"
        say_that_the_service(service, "healthy")
        get(port, "/medicines/a/")
        say_that_the_service(service, "auto")
        service.status = 0
        time.sleep(lifetime.FRESH_SECONDS + lifetime.REVALIDATION_SECONDS + 0.5)
        assert get(port, "/medicines/a/")[0].status == 200
        response, text = get(port, "/medicines/b/")
        assert (response.status, response.headers["Retry-After"]) == (503, "10")
        assert "try again" in text
        assert response.headers["Cache-Control"] == "no-store"
