"""The servers that are compared: this site, stock Wagtail pages, the bare server, nginx, Varnish."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from benchmarks.load import read_pages
from benchmarks.stock_site import make_stock_site
from monographs.document.models import MonographDocument

#: Sent by a proxy in front, and the encoding that shared caches ask for.
HOST = "localhost"
HEADERS = {"Host": HOST, "X-Forwarded-Proto": "https", "Accept-Encoding": "gzip"}
START_SECONDS = 120
#: Names of the peers that others are compared with.
STOCK, FILE = "stock Wagtail page", "nginx, a file"
RENDERED, KEPT = "this site, rendered each time", "this site, bodies kept"
FLOOR = "the server’s floor: gunicorn and no application"
_VCL = Path(settings.BASE_DIR) / "deploy" / "varnish" / "default.vcl"
_NGINX = """
daemon off; worker_processes {workers}; pid {folder}/pid; error_log {folder}/error; user root;
events {{ }}
http {{ access_log off; gzip_static on; types {{ text/html html; }}
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e; keepalive_requests 1000000;
  server {{ listen 127.0.0.1:{port}; root {folder}/root; }} }}
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A running server: its port and process, the pages to read, and whether it reads the database."""

    name: str
    port: int
    pid: int
    paths: list[str]
    headers: dict[str, str] = field(default_factory=lambda: dict(HEADERS))
    #: Whether it can be asked for the words without compression.
    serves_words: bool = True


def database_url(name: str) -> str:
    """Return the URL of a database on the server of the settings."""
    server = connection.settings_dict
    user, host = quote(server["USER"]), quote(server["HOST"], safe="")
    password = quote(server["PASSWORD"] or "", safe="")
    return f"postgresql://{user}:{password}@/{name}?host={host}&port={server['PORT'] or 5432}"


def server_pid() -> int:
    """Return the process of the database server, which must run on this machine."""
    from benchmarks.processes import parent  # noqa: PLC0415  # only where there is a /proc

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return parent(int(cursor.fetchone()[0]))


@contextmanager
def this_site(name: str, paths: list[str], folder: Path, workers: int, **more: str) -> Iterator[Peer]:
    """Run this site as the image does; ``more`` are settings."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cms.settings.production",
        "DATABASE_URL": database_url(connection.settings_dict["NAME"]),
        "SECRET_KEY": "only for this benchmark, and long enough to be accepted",
        "ALLOWED_HOSTS": "localhost",
        "BASE_URL": "https://localhost",
        "EMAIL_URL": "smtp://localhost",
        "ONE_DATABASE_ROLE": "true",
        "STATIC_ROOT": str(folder / "static"),
    }
    if not (folder / "static").exists():
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
        subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True)
    options = ["--config", "python:cms.gunicorn_conf", "--preload"]
    with _gunicorn("cms.wsgi", options, settings.BASE_DIR, environment | more, workers) as (port, pid):
        yield Peer(name, port, pid, paths)


@contextmanager
def stock_pages(documents: Sequence[MonographDocument], folder: Path, workers: int) -> Iterator[Peer]:
    """Run a stock Wagtail site with the words of ``documents``."""
    name = "monographs_benchmark_stock"
    with connection._nodb_cursor() as server:
        server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO")}
    environment |= {
        "STOCK_DATABASE_URL": database_url(name),
        "DJANGO_SETTINGS_MODULE": "stock.settings.production",
    }
    try:
        paths = make_stock_site(folder / "stock", documents, environment)
        options = ["--worker-class", "gthread"]
        with _gunicorn("stock.wsgi", options, folder / "stock", environment, workers) as (port, pid):
            yield Peer(STOCK, port, pid, paths)
    finally:
        with connection._nodb_cursor() as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def bare_server(compressed: bytes, folder: Path, workers: int) -> Iterator[Peer]:
    """Run the server of this site with an application that sends a page and does nothing else."""
    body = folder / "bare.gz"
    body.write_bytes(compressed)
    environment = os.environ | {"BARE_BODY": str(body)}
    options = ["--config", "python:cms.gunicorn_conf", "--preload"]
    application = "benchmarks.bare_application"
    with _gunicorn(application, options, settings.BASE_DIR, environment, workers) as (port, pid):
        yield Peer(FLOOR, port, pid, ["/"], serves_words=False)


@contextmanager
def varnish_node(service: Peer, folder: Path) -> Iterator[Peer]:
    """Run Varnish in front of ``service`` with the configuration that is shipped."""
    vcl = _VCL.read_text().replace('.port = "8000";', f'.port = "{service.port}";')
    file, port = folder / "varnish.vcl", free_port()
    file.write_text(vcl.replace("Host: medicines.example.org", f"Host: {HOST}"))
    storage = ["-s", "main=malloc,256m", "-s", "Transient=malloc,64m", "-n", str(folder / "varnish")]
    command = ["varnishd", "-j", "none", "-F", "-f", str(file), "-a", f"127.0.0.1:{port}", *storage]
    with _running(command, folder, port) as pid:
        yield Peer("this site through Varnish", port, pid, service.paths)


@contextmanager
def static_file(page: bytes, compressed: bytes, folder: Path, workers: int) -> Iterator[Peer]:
    """Run nginx with a page as a file and its compressed form beside it."""
    root = folder / "nginx" / "root"
    root.mkdir(parents=True)
    (root / "page.html").write_bytes(page)
    (root / "page.html.gz").write_bytes(compressed)
    port = free_port()
    config = folder / "nginx" / "nginx.conf"
    config.write_text(_NGINX.format(workers=workers, folder=folder / "nginx", port=port))
    with _running(["nginx", "-p", str(config.parent), "-c", str(config)], folder, port) as pid:
        yield Peer(FILE, port, pid, ["/page.html"])


def is_installed(program: str) -> bool:
    """Whether a program can be run."""
    return shutil.which(program) is not None


@contextmanager
def _gunicorn(
    application: str, options: list[str], folder: Path, environment: dict[str, str], workers: int
) -> Iterator[tuple[int, int]]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", *options]
    command += ["--workers", str(workers), "--threads", "4", "--worker-tmp-dir", "/dev/shm"]  # noqa: S108
    command += ["--no-control-socket"]
    with _running(command, folder, port, environment | {"PYTHONPATH": str(folder)}) as pid:
        yield port, pid


@contextmanager
def _running(
    command: list[str], folder: Path, port: int, environment: dict[str, str] | None = None
) -> Iterator[int]:
    """Run a server until the block ends; yield its process once it accepts connections."""
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + START_SECONDS
            while not _accepts(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"{command} does not start")
                time.sleep(0.2)
            yield process.pid
        finally:
            process.terminate()
            process.wait(timeout=60)


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """Return an unused port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def warm_up(peer: Peer, count: int) -> None:
    """Read pages before the measured ones."""
    read_pages(peer.port, peer.paths, count, peer.headers)
