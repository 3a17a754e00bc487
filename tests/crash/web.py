"""The web server of the service, to be killed, and its clients."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import psutil  # type: ignore[import-untyped]

from tests.deployment.conftest import BASE_DIR, PRODUCTION
from tests.deployment.dockerfile import start_command
from tests.deployment.test_container import START_SECONDS, wait_until_open
from tests.factories import PASSWORD
from tests.ports import free_port

HOST = PRODUCTION["ALLOWED_HOSTS"]


class Web:
    """gunicorn with the command of the image, with one or several workers."""

    def __init__(self, env: dict[str, str], log: Path, *, workers: int = 1, threads: int = 4) -> None:
        self.env = env | {"WEB_CONCURRENCY": str(workers)}
        self.log = log
        self.log.write_text("")
        self.port = free_port()
        command = [word.replace("0.0.0.0:8000", f"127.0.0.1:{self.port}") for word in start_command()]
        extra = [
            "--config",
            "python:tests.crash.wsgi_server",
            "--max-requests",
            "0",
            "--threads",
            str(threads),
        ]
        self.command = [*command, *extra]
        self.start()

    def start(self) -> None:
        """Start the server; return when it accepts connections."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, env=self.env, cwd=BASE_DIR, stdout=log, stderr=log, start_new_session=True
            )
        wait_until_open(self.port, self.process, self.log)
        self.worker()

    def worker(self, *, after: int = 0) -> int:
        """Return the id of a worker process, other than ``after`` if that was killed."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            alive = [child.pid for child in psutil.Process(self.process.pid).children()]
            found = [pid for pid in alive if pid != after]
            if found:
                return found[0]
            time.sleep(0.005)
        raise TimeoutError(f"gunicorn has no worker:\n{self.log.read_text()}")

    def kill(self, *, everything: bool = False) -> int:
        """Send SIGKILL to the worker, or to every process of the web server; return the worker's id."""
        pid = self.worker()
        if everything:
            workers = psutil.Process(self.process.pid).children(recursive=True)
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(START_SECONDS)
            # A worker that is still dying holds the port, and would reset the connections of the next start
            assert not psutil.wait_procs(workers, timeout=START_SECONDS)[1]
        else:
            os.kill(pid, signal.SIGKILL)
        return pid

    def restart(self, **env: str) -> None:
        """Kill the server and start it with a changed environment."""
        self.kill(everything=True)
        self.env |= env
        self.start()

    def log_tail(self) -> str:
        """Return the end of the log, for failure messages."""
        return self.log.read_text()[-10_000:]

    def recover(self, killed: int) -> None:
        """Wait for a worker in place of ``killed``."""
        if self.process.poll() is None:
            self.worker(after=killed)
        else:
            self.start()

    def stop(self) -> None:
        """Stop the server, in whatever state it is."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(START_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill(everything=True)


@dataclass(frozen=True, slots=True)
class WebResponse:
    """A response."""

    status: int
    body: bytes


#: The form was accepted, and the browser is redirected.
REDIRECTED = 302
#: The server ended before it answered.
NO_RESPONSE = WebResponse(0, b"")


@dataclass(frozen=True, slots=True)
class PendingSubmission:
    """A medicine in review: what is to be signed, and its public addresses."""

    submission: int
    key: str
    sha256: str
    path: str
    figures: list[str]


class WebUser:
    """An HTTP client with cookies, as behind a proxy that terminates TLS."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> WebResponse:
        """Return the response to a GET request."""
        return self._request("GET", path)

    def post(self, path: str, **fields: str) -> WebResponse:
        """Return the response to a form."""
        fields |= {"csrfmiddlewaretoken": self.cookies.get("csrftoken", "")}
        return self._request("POST", path, urlencode(fields))

    def sign_in(self, username: str) -> "WebUser":
        """Sign in through the admin's form."""
        self.get("/admin/login/")
        answer = self.post("/admin/login/", username=username, password=PASSWORD, next="/admin/")
        if answer.status != 302:
            raise RuntimeError(f"{username} cannot sign in: {answer}")
        return self

    def sign(self, medicine: PendingSubmission) -> WebResponse:
        """Sign the text of a submission."""
        address = f"/admin/review/{medicine.submission}/sign/"
        return self.post(address, sha256=medicine.sha256, password=PASSWORD)

    def sign_bundle(self, bundle: int, seen: str) -> WebResponse:
        """Sign all texts of a bundle."""
        return self.post(f"/admin/bundles/{bundle}/sign/", sha256=seen, password=PASSWORD)

    def withdraw(self, medicine: PendingSubmission) -> WebResponse:
        """Withdraw the current edition of a medicine."""
        address = f"/admin/review/record/{medicine.key}/withdraw/"
        return self.post(address, cause="mistake", note="The dose is wrong.", password=PASSWORD)

    def submit(self, page: int) -> WebResponse:
        """Submit a page for review."""
        return self.post(f"/admin/review/submit/{page}/", review_kind="full_review", reason="A new label.")

    def _request(self, method: str, path: str, body: str | None = None) -> WebResponse:
        headers = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "Referer": f"https://{HOST}/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Connection": "close",
        }
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        client = HTTPConnection("127.0.0.1", self.port, timeout=START_SECONDS)
        try:
            client.request(method, path, body, headers)
            return self._read(client.getresponse())
        except (HTTPException, ConnectionError):
            return NO_RESPONSE
        finally:
            client.close()

    def _read(self, response: HTTPResponse) -> WebResponse:
        body = response.read()
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return WebResponse(response.status, body)
