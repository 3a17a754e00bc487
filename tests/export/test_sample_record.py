"""The sample record that is frozen with each version of documents can be made, and verifies."""

import json
import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import override_settings

from monographs.document.models import DOCUMENT_TYPES, SCHEMA_VERSION
from tests.database import connected_to, copied_database
from tests.export.bundles import run_isolated
from tests.export.old_record import OldRecord, stored_version
from tests.export.sample_record import write_sample


@pytest.mark.extended
def test_the_sample_record_can_be_made(
    migrated_database: str, django_db_setup: None, django_db_blocker: pytest.Item, tmp_path: Path
) -> None:
    name = f"{connection.settings_dict['NAME']}_sample"
    figures = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "figures"},
    }
    with (
        django_db_blocker.unblock(),
        copied_database(migrated_database, name),
        connected_to(name),
        override_settings(MEDIA_ROOT=tmp_path / "media", STORAGES={**settings.STORAGES, "figures": figures}),
    ):
        ContentType.objects.clear_cache()
        write_sample(tmp_path / "sample")
    ContentType.objects.clear_cache()
    record = OldRecord(tmp_path / "sample")
    program = record.folder / "record" / "verify_export.py"
    result = run_isolated("--anchor", record.head, program=program, where=tmp_path / "empty")
    assert (result.returncode, result.stdout[:3]) == (0, "OK "), result.stdout
    kinds = {document_type.model_fields["kind"].default for document_type in DOCUMENT_TYPES}
    assert {row["kind"] for row in record.editions} == kinds
    assert {stored_version(row["canonical"]) for row in record.editions} == {SCHEMA_VERSION}
    parts = json.dumps([json.loads(row["canonical"]) for row in record.editions])
    for kind in ("text", "advice", "do_dont", "figure", "effects", "companions", "for_condition"):
        assert f'"kind": "{kind}"' in parts
    assert '"standard_texts": [{"key"' in parts
    if target := os.environ.get("WRITE_SAMPLE"):
        shutil.copytree(record.folder, target, dirs_exist_ok=True)
