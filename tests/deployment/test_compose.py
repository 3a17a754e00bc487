"""``deploy/compose.yaml``: valid, hardened, without secrets; and what its commands start is browsed."""

import json
import os
import re
import shutil
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path

import jsonschema_rs
import pytest

from tests.deployment.compose import Services, as_written, example_variables
from tests.deployment.conftest import BASE_DIR, TwoRoles, database_url, environment, run
from tests.deployment.dockerfile import static_step
from tests.deployment.test_container import START_SECONDS
from tests.ports import free_port

pytestmark = pytest.mark.xdist_group("roles")

HOST = "medicines.example.org"
#: https://github.com/compose-spec/compose-spec (Apache-2.0), schema/compose-spec.json of 2026-06-23, without
#: its descriptions.
SCHEMA = Path(__file__).with_name("compose-spec.json")
#: Compressing every file would take longer than everything else here.
UNCOMPRESSED = {"DJANGO_SETTINGS_MODULE": "tests.deployment.uncompressed_static"}
SECRET = re.compile("PASSWORD|SECRET|_URL|KEY")
#: Not here: `database` is the tests' server, which roles.sql has prepared; `mail` is for trying.
ELSEWHERE = ("database", "mail")


def test_the_file_follows_the_specification() -> None:
    checker = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text()))
    assert [f"{list(e.instance_path)}: {e.message}" for e in checker.iter_errors(as_written())] == []
    assert [*checker.iter_errors({"services": {"web": {"imagee": "x"}}})], "the schema finds nothing"


def test_every_container_is_confined() -> None:
    for name, service in as_written()["services"].items():
        limits = service["deploy"]["resources"]["limits"]
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert str(service["user"]).partition(":")[0] not in ("", "0", "root"), name
        assert {"memory", "cpus", "pids"} <= limits.keys(), name
        own_image = service["image"].startswith("${IMAGE")
        assert own_image or re.search(r":[^:@]*\d[^:]*(@sha256:[0-9a-f]{64})?$", service["image"]), name
        assert own_image or "test" in service["healthcheck"], name


def test_the_file_has_no_secrets_and_the_example_names_them() -> None:
    example = example_variables()
    text = json.dumps(as_written())
    assert set(re.findall(r"\$\{(\w+)(?=:\?|\})", text)) == example.keys()
    assert [name for name, value in example.items() if value and name not in ("SITE_HOST", "EMAIL_URL")] == []
    for service in as_written()["services"].values():
        for name, value in service.get("environment", {}).items():
            assert not SECRET.search(name) or "${" in value or name == "CACHE_PURGE_URLS", name


@dataclass
class Site:
    """The running services, and where readers find them."""

    services: Services
    ports: dict[str, int]
    certificate: Path

    def get(self, path: str) -> HTTPResponse:
        """Ask for a page as a reader's browser does, with TLS; the certificate is checked."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        client = NamedConnection("127.0.0.1", self.ports["public"], timeout=START_SECONDS, context=context)
        client.request("GET", path, headers={"Host": HOST})
        return client.getresponse()


class NamedConnection(HTTPSConnection):
    """A connection to an address of this machine that asks for the site's certificate."""

    def connect(self) -> None:
        HTTPConnection.connect(self)
        self.sock = self._context.wrap_socket(self.sock, server_hostname=HOST)


def make_certificate(folder: Path) -> None:
    made = run(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}",
        "-keyout", str(folder / "certificate_key"), "-out", str(folder / "certificate"),
    )  # fmt: skip
    assert made.returncode == 0, made.stderr


def places_here(two_roles: TwoRoles, folder: Path, ports: dict[str, int]) -> dict[str, str]:
    """Everything that differs on this machine: addresses, ports and folders."""
    of_nginx = {
        "listen 443": f"listen 127.0.0.1:{ports['public']}",
        "listen 80;": f"listen 127.0.0.1:{ports['plain']};",
        ":8080;": f":{ports['internal']};",
        ":6081": f":{ports['cache']}",
        "/var/cache/nginx/monographs": f"{folder}/named_files",
        "worker_processes auto;": "user root; worker_processes 1;",
    }
    edits = " ".join(f"-e 's#{words}#{here}#'" for words, here in of_nginx.items())
    database = "@database:5432/monographs"
    return {
        # First: paths of this machine may begin in the same way
        "(/tmp|/run/secrets)/": f"{folder}/",
        f"postgresql://monographs_app:app{database}": database_url(two_roles.name, two_roles.app),
        f"postgresql://monographs_owner:owner{database}": database_url(two_roles.name, two_roles.owner),
        r"10\.57\.0\.11:8000": f"127.0.0.1:{ports['web1']}",
        r"10\.57\.0\.12:8000": f"127.0.0.1:{ports['web2']}",
        r"(10\.57\.0\.10|0\.0\.0\.0):6081": f"127.0.0.1:{ports['cache']}",
        r"127\.0\.0\.1/healthz": f"127.0.0.1:{ports['public']}/healthz",
        r'"8080\\"': f'"{ports["internal"]}\\"',
        "/etc/monographs/nginx.conf": f"{BASE_DIR}/deploy/nginx/nginx.conf",
        "/etc/monographs/default.vcl": f"{BASE_DIR}/deploy/varnish/default.vcl",
        "/var/lib/varnish": f"{folder}/varnish",
        "/srv/backups": f"{folder}/backups",
        "exec nginx": f"sed -i {edits} {folder}/nginx.conf; exec nginx -p {folder} -e {folder}/error",
        "exec varnishd": "exec varnishd -j none",
    }


@pytest.fixture
def site(two_roles: TwoRoles, tmp_path: Path) -> Iterator[Site]:
    """Start every service in its order, each when those before it are as it asks."""
    names = ("public", "plain", "internal", "cache", "web1", "web2")
    ports = {name: free_port() for name in names}
    production = {"DJANGO_SETTINGS_MODULE": "cms.settings.production", "WEB_CONCURRENCY": "1"}
    production["PUBLIC_READ_SECONDS"] = "60"  # the first read of a busy machine is not cut
    folders = {name: str(tmp_path / name.lower()) for name in ("STATIC_ROOT", "MEDIA_ROOT", "FIGURES_ROOT")}
    collected = run("sh", "-c", static_step(), env=environment(**folders | UNCOMPRESSED))
    assert collected.returncode == 0, collected.stderr
    make_certificate(tmp_path)
    (tmp_path / "backups").mkdir()
    variables = example_variables() | {
        "SITE_HOST": HOST, "POSTGRES_PASSWORD": "x", "OWNER_PASSWORD": "owner", "APP_PASSWORD": "app",
        "SECRET_KEY": "q8Zr2-Lw0xNcV7bTy5uJm3sPd9fGh4kA1eQoRiXz6WnYjBtMvCl",
    }  # fmt: skip
    services = Services(
        variables, places_here(two_roles, tmp_path, ports), production | folders, tmp_path / "log"
    )
    try:
        for name, waits in services.in_order():
            if name in ELSEWHERE or services.is_unknown(name):
                continue
            for other, condition in waits.items():
                services.wait(other, condition)
            services.start(name, ports.get(name))
        yield Site(services, ports, tmp_path / "certificate")
    finally:
        failed = services.stop()
    assert failed == [], services.log.read_text()


@pytest.mark.skipif(
    not all(map(shutil.which, ("nginx", "varnishd", "openssl", "curl"))) and not os.environ.get("CI"),
    reason="nginx, varnish, openssl or curl is not installed",
)
def test_its_commands_start_a_site_that_can_be_browsed(site: Site) -> None:
    for name in site.services.running:
        site.services.wait(name, "service_healthy")
    assert site.get("/").status == 200
    assert site.get("/admin/login/").status == 200
    page = site.get("/medicines/otherumab/")
    text = page.read().decode()
    assert (page.status, page.headers["X-Edition"]) == (200, "otherumab/1")
    styles = re.search(r'href="(/static/[^"]+\.css)"', text)
    assert styles
    assert site.get(styles[1]).status == 200
    assert "Age" in site.get("/medicines/otherumab/").headers, "the cache is not used"
    assert site.get("/medicines/renamed/").status == 410
    ready = json.loads(site.get("/readyz").read())
    assert ready["status"] == "ok", ready
