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
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from devtools.last_release import last_release
from home.site_setup import set_up_site
from monographs.editions.roles import grant_application
from monographs.editions.verify import verify
from tests.database import connected_to, copied_database
from tests.deployment.conftest import BASE_DIR, database_url, environment, run
from tests.factories import publish_medicine

#: What the next release may do to tables at once (docs/releasing.md); stands for it until there is one.
NEXT_RELEASE = """
    ALTER TABLE editions_edition ADD COLUMN of_next_release text;
    ALTER TABLE review_submission ADD COLUMN of_next_release text NOT NULL DEFAULT '';
    CREATE TABLE editions_ofnextrelease (
        id bigserial PRIMARY KEY, edition_id bigint NOT NULL REFERENCES editions_edition (id));
    CREATE INDEX edition_of_next_release ON editions_edition (of_next_release);
    INSERT INTO django_migrations (app, name, applied) VALUES ('editions', '9999_of_next_release', now());
"""

#: What each release answers for these addresses on tables of both: status and edition. This one has published
#: `testumab`, and the one before two editions of `oldumab`.
ANSWERS: dict[str, list[Any]] = {
    "/": [200, None],  # nobody has signed its text
    "/medicines/testumab/": [200, "testumab/1"],
    "/medicines/oldumab/": [200, "oldumab/2"],
    "/medicines/oldumab/editions/1/": [200, "oldumab/1"],
    "/api/v1/monographs/oldumab": [200, "oldumab/2"],
}


def code_before(folder: Path) -> Path:
    """Return the folder with the code of the release before; this one's if none was before."""
    release = last_release()
    if release.version == settings.VERSION:
        return BASE_DIR
    archive = subprocess.run(
        ["git", "archive", "--format=tar", release.commit], cwd=BASE_DIR, capture_output=True, check=False
    )
    assert archive.returncode == 0, (
        f"The code of {release.version} is not in this clone: git fetch --depth 1 origin {release.commit}"
    )
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        tar.extractall(folder, filter="data")
    return folder


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
        publish_medicine()
        if code == BASE_DIR:
            connection.cursor().execute(NEXT_RELEASE)
        with application_role(database) as role:
            done = everyday_work(code, database_url(database, role), tmp_path)
        assert done["ready"]["status"] == "ok"
        assert done["pages"] == ANSWERS
        assert done["found"]
        assert done["verified"]["editions"] == 3
        # This release goes on with what the one before has signed
        assert verify() == done["verified"]
        for path, expected in ANSWERS.items():
            answer = Client().get(path)
            assert [answer.status_code, answer.headers.get("X-Edition")] == expected, path
        connection.close()


def everyday_work(code: Path, url: str, folder: Path) -> Any:
    """Let the code in a folder work on the database, and return what it reports."""
    variables = {
        "DJANGO_SETTINGS_MODULE": "cms.settings.test",
        "DATABASE_URL": url,
        "PYTHONPATH": str(code),
        **{name: str(folder / name) for name in ("MEDIA_ROOT", "FIGURES_ROOT")},
    }
    result = run(
        sys.executable,
        "-m",
        "tests.releases.everyday_work",
        "oldumab",
        "/",
        "/medicines/testumab/",
        cwd=code,
        env=environment(**variables),
        timeout=600,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)
