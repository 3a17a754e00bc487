"""The demonstration site of the last release, restored, migrated and verified by this one."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from devtools.last_release import BACKUP, MOST_BYTES, last_release
from monographs.backup.archive import checked_manifest
from monographs.core.migration_history import pending_migrations, unfinished_release
from monographs.document.canonical import canonical_json, sha256_hex

#: Read as they are, whatever the models say: what was signed, what is shown, and every entry.
RECORD = {
    "editions": "SELECT number, path, slug, canonical, sha256 FROM editions_edition ORDER BY id",
    "signatures": "SELECT sha256, name, statement, signed_at FROM editions_signature ORDER BY id",
    "publications": "SELECT path, state, edition_id, flipped_at FROM editions_publication ORDER BY path",
    "ledger": "SELECT seq, at, prev_hash, hash, event, subject, body FROM editions_ledgerentry ORDER BY seq",
}


def record() -> dict[str, list[Any]]:
    """Every row of the record."""
    found = {}
    with connection.cursor() as cursor:
        for name, query in RECORD.items():
            cursor.execute(query)
            found[name] = cursor.fetchall()
    return found


@pytest.mark.django_db(transaction=True)
def test_the_last_releases_site_goes_on_with_this_release(elsewhere: Path) -> None:
    said = StringIO()
    call_command("restore", BACKUP, stdout=said)
    assert unfinished_release() == ""
    before = record()
    assert len(before["editions"]) > 30, "the demonstration site has every page"

    call_command("migrate", verbosity=0)
    call_command("setup_site", stdout=StringIO())
    assert pending_migrations() == []
    call_command("ledger", "verify", stdout=said)
    verified = said.getvalue().splitlines()[-1]
    assert verified.startswith("OK ")
    assert f"{len(before['editions'])} editions" in verified

    after = record()
    for name in RECORD:
        assert after[name][: len(before[name])] == before[name], name
    _compare_what_patients_read(before)


def _compare_what_patients_read(before: dict[str, list[Any]]) -> None:
    """Every page answers with its edition, and the API with the bytes that were signed."""
    client = Client()
    editions = {row[:2]: row for row in before["editions"]}
    newest = {path: max(number for number, other in editions if other == path) for _, path in editions}
    for path, state, *_ in before["publications"]:
        page = client.get(path)
        # Standard texts have no page of their own: patients read them in those that include them
        found = not path.startswith("/standard-texts/")
        expected = {"current": 200, "withdrawn": 410, "moved": 301}[state] if found else 404
        assert page.status_code == expected, path
        if state == "current" and path.startswith("/medicines/") and path.count("/") == 3:
            slug = path.split("/")[2]
            assert page.headers["X-Edition"] == f"{slug}/{newest[path]}"
    read = 0
    for number, path, slug, canonical, sha256 in before["editions"]:
        if path.startswith("/medicines/") and slug and path != "/medicines/":
            answer = client.get(f"/api/v1/monographs/{slug}/editions/{number}").json()
            assert answer["sha256"] == sha256 == sha256_hex(canonical_json(answer["document"]))
            assert answer["document"] == json.loads(canonical)
            read += 1
    assert read >= 9, "eight medicines, and a second edition of one"


def test_the_backup_is_of_the_release_that_is_named() -> None:
    release = last_release()
    assert len(release.commit) == 40
    assert BACKUP.stat().st_size <= MOST_BYTES
    applied = checked_manifest(BACKUP, None).migrations
    assert "editions.0001_release_1_0" in applied
