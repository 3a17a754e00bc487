"""The service as it is deployed: nginx, two Varnish nodes, two web processes; a gate to the database."""

import json
import re
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.concurrency import wait_for
from tests.deployment.conftest import BASE_DIR, PRODUCTION, environment, run
from tests.deployment.dockerfile import start_command, static_step
from tests.deployment.proxies import HOST, nginx, varnish
from tests.deployment.test_container import START_SECONDS
from tests.ports import free_port
from tests.resilience.gate import Gate

#: The style sheet of a release, as pages link to it.
STYLE_SHEET = re.compile(rb'href="(/static/css/public\.[0-9a-f]+\.css)"')


class Release:
    """One web process, of a release with static files of its own."""

    def __init__(self, folder: Path, port: int, database: str, static: Path) -> None:
        self.port, self.log = port, folder / f"web-{port}.log"
        self.env = environment(
            **PRODUCTION,
            **{name: str(folder / name.lower()) for name in ("MEDIA_ROOT", "FIGURES_ROOT")},
        ) | {
            "DJANGO_SETTINGS_MODULE": "tests.resilience.settings",
            "DATABASE_URL": database,
            "ONE_DATABASE_ROLE": "true",
            "WEB_CONCURRENCY": "1",
            "STATIC_ROOT": str(static),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; return when it answers."""
        command = [word.replace("0.0.0.0:8000", f"127.0.0.1:{self.port}") for word in start_command()]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=self.env, cwd=BASE_DIR, stdout=log, stderr=log)
        wait_for(lambda: status(self.port, "/healthz") == 200, START_SECONDS)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """End it; by default it finishes what it has begun."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(START_SECONDS)
            self.process = None


@dataclass
class Stack:
    """The running parts; ``front`` is where readers come in."""

    folder: Path
    gate: Gate
    releases: list[Release]
    nodes: list[int]
    node_ends: list[ExitStack]
    front: int
    #: Where Varnish comes in.
    internal: int

    @property
    def purge_urls(self) -> list[str]:
        """The value of CACHE_PURGE_URLS."""
        return [f"http://127.0.0.1:{port}" for port in self.nodes]

    @property
    def services(self) -> list[int]:
        """The ports of the web processes."""
        return [release.port for release in self.releases]


@contextmanager
def running_stack(folder: Path, database: Mapping[str, Any], host: str) -> Iterator[Stack]:
    """Run the stack on a database, given as Django's settings of it, of the server at ``host``."""
    with ExitStack() as last:
        gate = Gate(host, int(database["PORT"] or 5432))
        last.callback(gate.close)
        who = f"{database['USER']}:{database['PASSWORD']}" if database["PASSWORD"] else database["USER"]
        url = f"postgresql://{who}@127.0.0.1:{gate.port}/{database['NAME']}"
        statics = [collected(folder, name) for name in ("first", "second")]
        change_style_sheet(statics[1])
        releases = [Release(folder, free_port(), url, statics[0]) for _ in range(2)]
        for release in releases:
            last.callback(release.stop)
            release.start()
        internal = free_port()
        nodes = []
        node_ends = [last.enter_context(ExitStack()) for _ in range(2)]
        for number, end in enumerate(node_ends):
            home = folder / f"node-{number}"
            home.mkdir()
            nodes.append(end.enter_context(varnish(home, internal)))
        ports = last.enter_context(
            nginx(folder, services=[r.port for r in releases], caches=nodes, internal=internal)
        )
        yield Stack(folder, gate, releases, nodes, node_ends, ports.public, internal)


def collected(folder: Path, name: str) -> Path:
    """Collect the public static files into a folder; the second time they are copied."""
    static, other = folder / f"static-{name}", folder / "static-first"
    if other.exists():
        run("cp", "-r", str(other), str(static))
    else:
        env = environment(DJANGO_SETTINGS_MODULE="tests.resilience.settings", STATIC_ROOT=str(static))
        result = run("sh", "-c", static_step(), env=env)
        assert result.returncode == 0, result.stderr
    return static


def change_style_sheet(static: Path) -> None:
    """Make the static files those of another release: its style sheet has another content and name."""
    manifest = json.loads((static / "staticfiles.json").read_text())
    old = manifest["paths"]["css/public.css"]
    new = re.sub(r"\.[0-9a-f]+\.", ".0123456789ab.", old)
    for file in (static / "css").glob(f"{Path(old).name}*"):
        file.unlink()
    (static / new).write_text("/* the next release */")
    manifest["paths"]["css/public.css"] = new
    (static / "staticfiles.json").write_text(json.dumps(manifest))


def fetch(port: int, path: str, *, method: str = "GET", **headers: str) -> tuple[int, bytes]:
    """Return status and body of an answer; status 0 if there is none."""
    client = HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    try:
        client.request(method, path, headers={"Host": HOST, "X-Forwarded-Proto": "https", **headers})
        response = client.getresponse()
        return response.status, response.read()
    except OSError:
        return 0, b""
    finally:
        client.close()


def status(port: int, path: str) -> int:
    """Return the status of an answer."""
    return fetch(port, path)[0]
