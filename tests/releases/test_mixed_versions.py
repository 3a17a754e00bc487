"""The release before serves, submits and signs on this release's tables, and this one goes on with that.

While servers are updated one after the other, both releases work on one database.
"""

import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from devtools.last_release import last_release
from home.site_setup import set_up_site
from monographs.document.models import SCHEMA_VERSION
from monographs.editions.roles import grant_application
from monographs.editions.verify import verify
from tests.database import connected_to, copied_database
from tests.deployment.conftest import BASE_DIR, database_url, environment, run
from tests.factories import make_monograph, make_user, publish

#: What the next release may do to tables at once (docs/releasing.md); stands for it until there is one.
NEXT_RELEASE = """
    ALTER TABLE editions_edition ADD COLUMN of_next_release text;
    ALTER TABLE review_submission ADD COLUMN of_next_release text NOT NULL DEFAULT '';
    CREATE TABLE editions_ofnextrelease (
        id bigserial PRIMARY KEY, edition_id bigint NOT NULL REFERENCES editions_edition (id));
    CREATE INDEX edition_of_next_release ON editions_edition (of_next_release);
    INSERT INTO django_migrations (app, name, applied) VALUES ('editions', '9999_of_next_release', now());
"""

#: What each release answers for these addresses of what the one before has published: status and edition.
OF_BOTH: dict[str, list[Any]] = {
    "/": [200, None],  # nobody has signed its text
    "/medicines/oldumab/": [200, "oldumab/2"],
    "/medicines/oldumab/editions/1/": [200, "oldumab/1"],
    "/api/v1/monographs/oldumab": [200, "oldumab/2"],
}
#: Lists with a medicine that this release has published.
LISTS = ["/medicines/?letter=T", "/api/v1/monographs", "/search/?q=testumab"]

#: Any release reads with it: which version of documents it writes, and its answers for the addresses.
READ = """
import json, sys, django; django.setup()
from django.test import Client
from monographs.document.models import SCHEMA_VERSION
answers = {path: Client().get(path) for path in sys.argv[1:]}
pages = {
    path: [it.status_code, it.headers.get("X-Edition"), "Retry-After" in it.headers, it.content.decode()]
    for path, it in answers.items()
}
json.dump({"documents": SCHEMA_VERSION, "pages": pages}, sys.stdout)
"""


def code_before(folder: Path) -> Path:
    """Return the folder with the code of the release before; this one's if none was before."""
    release = last_release()
    if release.version == settings.VERSION:
        return BASE_DIR
    archive = _git("archive", "--format=tar", release.commit)
    if archive.returncode and _git("rev-parse", "--is-shallow-repository").stdout == b"true\n":
        _git("fetch", "--quiet", "--depth", "1", "origin", release.commit)
        archive = _git("archive", "--format=tar", release.commit)
    assert archive.returncode == 0, (
        f"The code of {release.version} is not in this clone: git fetch --depth 1 origin {release.commit}"
    )
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        tar.extractall(folder, filter="data")
    return folder


def _git(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["git", *arguments], cwd=BASE_DIR, capture_output=True, check=False)


@contextmanager
def application_role(database: str) -> Iterator[str]:
    """A role with the privileges that this release grants, in ``database``, to which Django is connected."""
    role = f"{database}_app"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP ROLE IF EXISTS "{role}"')
        cursor.execute(f'CREATE ROLE "{role}" LOGIN')
        cursor.execute(f'GRANT CONNECT ON DATABASE "{database}" TO "{role}"')
        cursor.execute(f'REVOKE TEMPORARY ON DATABASE "{database}" FROM PUBLIC')
    grant_application(role)
    try:
        yield role
    finally:
        with psycopg.connect(database_url(database), autocommit=True) as owner:
            owner.execute(f'DROP OWNED BY "{role}"')
            owner.execute(f'DROP ROLE "{role}"')


@pytest.mark.django_db(transaction=True)
def test_the_release_before_works_on_this_releases_tables(migrated_database: str, tmp_path: Path) -> None:
    database = f"{connection.settings_dict['NAME']}_mixed"
    code = code_before(tmp_path / "before")
    with copied_database(migrated_database, database), connected_to(database):
        set_up_site()
        if code == BASE_DIR:
            connection.cursor().execute(NEXT_RELEASE)
        with application_role(database) as role:
            before = ReleaseBefore(code, database_url(database, role), tmp_path)
            done = before.everyday_work()
            assert done["ready"]["status"] == "ok"
            assert done["pages"] == OF_BOTH
            assert done["found"]
            assert done["verified"]["editions"] == 2
            # This release goes on with what the one before has signed, and it with what this one signs
            # (and counts kinds of rows that the older one does not know)
            assert verify().items() >= done["verified"].items()
            assert {path: status_and_edition(Client().get(path)) for path in OF_BOTH} == OF_BOTH
            # The one before may have users of the names that tests use, with unconfirmed credentials
            writer = make_user("writer-now", "Medical writers")
            publish(make_monograph(by=writer), writer, make_user("reviewer-now", "Medical reviewers"))
            check_reading(before)
        connection.close()


def check_reading(before: "ReleaseBefore") -> None:
    """The release before serves everything that it can read, and nothing else with a name of this release."""
    read = before.read(*OF_BOTH, *LISTS, "/medicines/testumab/")
    pages = read["pages"]
    assert {path: pages[path][:2] for path in OF_BOTH} == OF_BOTH
    for path in LISTS:
        assert pages[path][0] == 200, path
        assert "testumab" in pages[path][3].lower(), path
    page = pages["/medicines/testumab/"]
    if read["documents"] == SCHEMA_VERSION:
        assert page[:2] == [200, "testumab/1"]
    else:
        # It cannot know what a newer version of documents says (decision 22): the proxy asks the next server
        assert page[:3] == [503, None, True]
        assert "How it works" not in page[3]


def status_and_edition(answer: Any) -> list[Any]:
    """What an answer says before its text."""
    return [answer.status_code, answer.headers.get("X-Edition")]


@dataclass(frozen=True)
class ReleaseBefore:
    """The code of a release in a folder, on a database with this release's tables."""

    code: Path
    database_url: str
    folder: Path

    def everyday_work(self) -> Any:
        """Submit, sign, serve and verify as that release's own program does, and return what it reports."""
        return self._reported_by("-m", "tests.releases.everyday_work", "oldumab", "/")

    def read(self, *paths: str) -> Any:
        """Return the answers for paths."""
        return self._reported_by("-c", READ, *paths)

    def _reported_by(self, *program: str) -> Any:
        variables = {
            "DJANGO_SETTINGS_MODULE": "cms.settings.local",
            # 1.0 asks for the second one, later releases for that of Django's client
            "ALLOWED_HOSTS": "testserver,medicines.example.org",
            "DATABASE_URL": self.database_url,
            "PYTHONPATH": str(self.code),
            **{name: str(self.folder / name) for name in ("MEDIA_ROOT", "FIGURES_ROOT")},
        }
        result = run(sys.executable, *program, cwd=self.code, env=environment(**variables), timeout=600)
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)
