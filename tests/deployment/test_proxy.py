"""The container behind the documented proxy: slow clients, headers of forwarders, forged log entries."""

import os
import re
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from tests.concurrency import wait_for
from tests.deployment.conftest import BASE_DIR, PRODUCTION, environment, folders
from tests.deployment.proxies import nginx
from tests.deployment.test_container import START_SECONDS, container
from tests.ports import free_port

HOST = PRODUCTION["ALLOWED_HOSTS"]
#: Far more than there are threads.
UNFINISHED = 200
#: A request that the service answers at once may take this long on a busy machine, in seconds.
PATIENCE = 60
#: Seconds for which a request that is never answered is waited for.
IN_VAIN = 5

pytestmark = [
    pytest.mark.skipif(
        shutil.which("nginx") is None and not os.environ.get("CI"),
        reason="nginx is not installed (Debian: apt-get install nginx)",
    ),
    pytest.mark.xdist_group("proxy"),
]


@contextmanager
def proxy(service: int, folder: Path) -> Iterator[int]:
    """Run nginx in front of ``service``, without a cache; yield its port."""
    with nginx(folder, services=[service], scheme="http") as ports:
        yield ports.public


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """The image's command, without a database; its port and its log."""
    log = tmp_path_factory.mktemp("service") / "log"
    # A database that does not answer is not checked at start, and the requests below need none
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/none?connect_timeout=1"
    env = environment(**PRODUCTION | folders(log.parent) | {"DATABASE_URL": url})
    with container(env, log) as port:
        wait_until_answering(port)
        yield port, log


def wait_until_answering(port: int) -> None:
    """Wait until a worker answers: the port is open before the application is loaded."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if ask(port, request("/healthz", "Connection: close")).startswith(b"HTTP/1.1 200"):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("no worker answers")


def request(path: str, *headers: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {HOST}", *headers, "", ""]).encode()


def ask(port: int, data: bytes, seconds: float = PATIENCE) -> bytes:
    """Send ``data`` and return the beginning of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as client:
        client.sendall(data)
        return client.recv(4096)


def unfinished(stack: ExitStack, port: int, data: bytes, times: int) -> None:
    for _ in range(times):
        client = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
        client.sendall(data)


HEADER = request("/")[:-2]
BODY = request("/admin/login/", "Content-Length: 1000", method="POST") + b"username="


@pytest.mark.parametrize("data", [HEADER, HEADER[:8], BODY], ids=["header", "line", "body"])
def test_behind_the_proxy_unfinished_requests_keep_nobody_waiting(
    service: tuple[int, Path], tmp_path: Path, data: bytes
) -> None:
    with proxy(service[0], tmp_path) as port, ExitStack() as stack:
        unfinished(stack, port, data, UNFINISHED)
        for _ in range(5):
            assert ask(port, request("/healthz", "Connection: close")).startswith(b"HTTP/1.1 200")


def test_the_proxy_ends_a_request_that_is_not_finished_in_time(
    service: tuple[int, Path], tmp_path: Path
) -> None:
    with (
        proxy(service[0], tmp_path) as port,
        socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client,
    ):
        client.sendall(HEADER)
        with pytest.raises(OSError, match=r"pipe|reset"):  # noqa: PT012  # whichever letter it is
            for letter in b"X-Slow: " + b"1" * 52:  # each byte in time, the whole not
                client.sendall(bytes([letter]))
                time.sleep(1)


def test_without_the_proxy_they_occupy_every_thread(tmp_path: Path) -> None:
    """Why the proxy is required; if this fails, the server has deadlines of its own."""
    url = f"postgresql://nobody@127.0.0.1:{free_port()}/none?connect_timeout=1"
    with (
        container(
            environment(**PRODUCTION | folders(tmp_path) | {"DATABASE_URL": url}), tmp_path / "log"
        ) as port,
        ExitStack() as stack,
    ):
        wait_until_answering(port)
        unfinished(stack, port, HEADER, 40)
        time.sleep(1)
        with pytest.raises(TimeoutError):
            ask(port, request("/robots.txt", "Connection: close"), IN_VAIN)
        answer = ask(port, request("/healthz", "Connection: close"))
        assert answer.startswith(b"HTTP/1.1 200"), "it waits for no thread"


def test_a_request_has_one_id_of_the_proxy_whatever_the_reader_says(
    service: tuple[int, Path], tmp_path: Path
) -> None:
    with proxy(service[0], tmp_path) as port:
        answers = [
            ask(port, request("/robots.txt", "X-Request-ID: chosen-by-the-reader", "Connection: close"))
            for _ in range(2)
        ]
    ids = [re.findall(rb"X-Request-ID: (\w+)", answer) for answer in answers]
    assert [len(found) for found in ids] == [1, 1]
    assert ids[0] != ids[1]
    assert b"chosen" not in ids[0][0]


#: Bytes of a body that nginx refuses of a reader, and takes from the admin (pictures).
TOO_LARGE_FOR_READERS = (64 << 10) + 1


def sent(path: str, size: int) -> bytes:
    """A form of so many bytes for ``path``."""
    form = "Content-Type: application/x-www-form-urlencoded"
    return request(path, form, f"Content-Length: {size}", "Connection: close", method="POST") + size * b"x"


def wait_for_line(log: Path, words: str) -> None:
    """Wait until the log has these words."""
    wait_for(lambda: words in log.read_text(), PATIENCE)


def test_the_proxy_refuses_large_bodies_of_readers_only(service: tuple[int, Path], tmp_path: Path) -> None:
    """The service is not asked: its threads do not wait for what nobody reads."""
    path, log = "/medicines/testumab/helpful/", service[1]
    with proxy(service[0], tmp_path) as port:
        refused = ask(port, sent(path, TOO_LARGE_FOR_READERS))
        assert refused.startswith(b"HTTP/1.1 413")
        assert b"nginx</center>" in refused
        assert path not in log.read_text()
        for taken in (sent(path, TOO_LARGE_FOR_READERS - 1), sent("/admin/login/", TOO_LARGE_FOR_READERS)):
            assert not ask(port, taken).startswith(b"HTTP/1.1 413")
        wait_for_line(log, path)


def test_the_documented_log_of_the_proxy_names_nobody(service: tuple[int, Path], tmp_path: Path) -> None:
    text = (BASE_DIR / "docs" / "privacy.md").read_text("utf-8")
    (block,) = re.findall(r"^```nginx\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    log = tmp_path / "access.log"
    assert "/var/log/nginx/access.log" in block
    block = block.replace("/var/log/nginx/access.log", str(log))
    told = ["User-Agent: a-browser", "Referer: https://elsewhere.example/", "Cookie: known=one-person"]
    with nginx(tmp_path, services=[service[0]], scheme="http", access_log=block) as ports:
        ask(ports.public, request("/robots.txt?q=depression", *told, "Connection: close"))
        wait_for_line(log, "/robots.txt")
    (line,) = log.read_text().splitlines()
    when, method, path, *numbers = line.split()
    assert (method, path, len(numbers)) == ("GET", "/robots.txt", 3)
    assert datetime.fromisoformat(when).tzinfo
    telling = ("127.0.0.1", "depression", "browser", "elsewhere", "person")
    assert [words for words in telling if words in line] == []


#: Headers by which a forwarder says where the service is.
CLAIMS = ["SCRIPT_NAME: /x", "PATH_INFO: /healthz", "Script_Name: /x", "X_Forwarded_Proto: https"]


@pytest.mark.parametrize("claim", CLAIMS)
def test_the_container_refuses_headers_with_underscores(service: tuple[int, Path], claim: str) -> None:
    answer = ask(service[0], request("/robots.txt", claim, "Connection: close"))
    assert answer.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "claim",
    [*CLAIMS, "Script-Name: /x", "X-Script-Name: /x", "X-Forwarded-Prefix: /x", "X-Forwarded-Proto: https",
     "X-Forwarded-Ssl: on", "X-Forwarded-Protocol: ssl", "Forwarded: proto=https;host=x",
     "X-Forwarded-Host: x"],
)  # fmt: skip
def test_no_claim_through_the_proxy_changes_the_scheme_or_the_path(
    service: tuple[int, Path], tmp_path: Path, claim: str
) -> None:
    with proxy(service[0], tmp_path) as port:
        answer = ask(port, request("/admin/login/", claim, "Connection: close"))
    location = f"Location: https://{HOST}/admin/login/".encode()
    assert answer.startswith(b"HTTP/1.1 301")
    assert location in answer, "the scheme is the connection's, and the path is the request's"


@pytest.mark.parametrize("end", ["%0a", "%0d%0a", "%0d", "%0b", "%0c", "%1c", "%85", "%c2%85", "%e2%80%a8"])
def test_no_request_forges_a_line_of_the_containers_log(service: tuple[int, Path], end: str) -> None:
    port, log = service
    before = len(log.read_bytes().decode().splitlines())
    forged = f"FORGED{end.replace('%', 'x')}."
    ask(port, request(f"/{end}{forged}%20200", f"Referer: /%0a{forged}", "Connection: close"))
    wait_for_line(log, forged)
    lines = log.read_bytes().decode().splitlines()[before:]
    assert any(forged in line for line in lines)
    assert not [line for line in lines if line.lstrip().startswith("FORGED")]
