"""The real nginx and Varnish with the configurations of ``deploy/``, on free ports and without TLS."""

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.deployment.conftest import BASE_DIR, PRODUCTION
from tests.deployment.test_container import START_SECONDS, wait_until_open
from tests.ports import free_port

HOST = PRODUCTION["ALLOWED_HOSTS"]
NGINX_CONF = BASE_DIR / "deploy" / "nginx" / "nginx.conf"
DEFAULT_VCL = BASE_DIR / "deploy" / "varnish" / "default.vcl"


@dataclass(frozen=True, slots=True)
class NginxPorts:
    """Where readers and Varnish find nginx."""

    public: int
    internal: int


def replaced(text: str, replacements: Mapping[str, str]) -> str:
    """Replace each pattern; fail if one is not in the text."""
    for pattern, words in replacements.items():
        text, count = re.subn(pattern, words, text)
        assert count, pattern
    return text


@contextmanager
def nginx(
    folder: Path,
    *,
    services: Sequence[int],
    caches: Sequence[int] = (),
    internal: int = 0,
    scheme: str = "https",
    access_log: str = "access_log off;",
) -> Iterator[NginxPorts]:
    """Run nginx in front of processes of the service, and caches if there are any.

    ``scheme`` is what readers seem to use, since there is no TLS; ``access_log`` replaces the directive.
    """
    ports = NginxPorts(free_port(), internal or free_port())
    temporary = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = " ".join(f"{what}_temp_path {folder}/{what};" for what in temporary)
    servers = {
        ending: "\n".join(f"server 127.0.0.1:{port} {ending};" for port in listed)
        for ending, listed in (
            ("max_fails=0", services),
            ("max_fails=1 fail_timeout=2s", caches or services),
            ("backup", services),
        )
    }
    config = replaced(
        NGINX_CONF.read_text(),
        {
            r"listen 443 ssl;": f"listen 127.0.0.1:{ports.public};",
            r"listen 80;": f"listen 127.0.0.1:{free_port()};",
            r"listen 127\.0\.0\.1:8080;": f"listen 127.0.0.1:{ports.internal};",
            r"ssl_certificate\w* [^;]+;": "",
            r"\$scheme;": f"{scheme};",
            **{
                rf"(server 127\.0\.0\.1:\d+ {ending};\s*)+": f"{listed}\n"
                for ending, listed in servers.items()
            },
            r"/var/cache/nginx/monographs": f"{folder}/named_files",
            r"worker_processes auto;": f"user root; worker_processes 1; daemon off; pid {folder}/pid;",
            r"access_log off;": f"{access_log} {paths}",
        },
    )
    (folder / "nginx.conf").write_text(config)
    command = ["nginx", "-p", str(folder), "-e", f"{folder}/error", "-c", f"{folder}/nginx.conf"]
    with running(command, ports.public, folder / "nginx.log"):
        yield ports


@contextmanager
def varnish(folder: Path, service: int, *, host: str = HOST) -> Iterator[int]:
    """Run a Varnish node in front of ``service``; yield its port."""
    port = free_port()
    vcl = replaced(
        DEFAULT_VCL.read_text(),
        {r'\.port = "8000";': f'.port = "{service}";', r"Host: medicines\.example\.org": f"Host: {host}"},
    )
    file = folder / f"varnish-{port}.vcl"
    file.write_text(vcl)
    storage = ["-s", "main=malloc,64m", "-s", "Transient=malloc,16m"]
    threads = ["-p", "thread_pools=1", "-p", "thread_pool_min=20"]
    work = ["-n", str(folder / f"varnish-{port}")]
    # Without a jail: another user could not read a test's folder
    command = [
        "varnishd",
        "-j",
        "none",
        "-F",
        "-f",
        str(file),
        "-a",
        f"127.0.0.1:{port}",
        *storage,
        *threads,
        *work,
    ]
    with running(command, port, folder / f"varnish-{port}.log"):
        yield port


@contextmanager
def running(command: Sequence[str], port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the end of the block, which begins when ``port`` is open."""
    with log.open("w") as output, subprocess.Popen(command, stderr=output, stdout=output) as process:
        try:
            wait_until_open(port, process, log)
            yield process
        finally:
            process.terminate()
            process.wait(timeout=START_SECONDS)
