"""Figures and uploads in a bucket of a real S3 server: written, read, served, backed up and restored."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from wagtail.images import get_image_model

from cms.settings.environment import env
from cms.settings.object_store import object_store
from monographs.backup.archive import checked_manifest
from monographs.core.clean_image import ImageRefused
from monographs.editions.figure_files import FigureFileError, figure_bytes
from monographs.editions.models import EditionFigure
from monographs.site_checks.all_checks import CHECKS
from tests.backup.conftest import empty_database
from tests.conftest import as_user
from tests.database import connected_to
from tests.factories import make_image, make_monograph, make_user, publish, with_figure
from tests.ports import free_port

__all__ = ["empty_database"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of an object store."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def use_bucket(settings: Any, monkeypatch: Any, store: str, bucket: str) -> Any:
    """Make a private bucket and keep figures and uploads there, as production does with this environment."""
    given = {
        "S3_BUCKET": bucket, "S3_ENDPOINT_URL": store, "S3_REGION": "us-east-1", "S3_ACCESS_KEY": "key",
        "S3_SECRET_KEY": "secret",
    }  # fmt: skip
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
    client = boto3.resource("s3", endpoint_url=store, region_name="us-east-1", **keys)
    client.create_bucket(Bucket=bucket)
    stored = object_store(env, settings.MEDIA_URL)
    assert stored
    settings.STORAGES = {**settings.STORAGES, "default": stored["uploads"], "figures": stored["figures"]}
    return client.Bucket(bucket)


@pytest.fixture
def use(store: str, settings: Any, monkeypatch: Any) -> Callable[[str], Any]:
    return partial(use_bucket, settings, monkeypatch, store)


@pytest.fixture
def bucket(use: Callable[[str], Any]) -> Any:
    return use(f"files-{uuid4()}")


def contents(bucket: Any) -> dict[str, bytes]:
    return {found.key: found.get()["Body"].read() for found in bucket.objects.all()}


@pytest.fixture
def figure(site: Any, bucket: Any) -> str:
    """The name of the figure of a published edition."""
    writer = make_user("writer", "Medical writers")
    reviewer = make_user("reviewer", "Medical reviewers", credentials="PharmD")
    page = with_figure(make_monograph("testumab", by=writer), make_image("red", by=writer), writer)
    publish(page, writer, reviewer)
    return str(EditionFigure.objects.get().file_name)


def test_files_are_in_the_bucket_and_leave_through_the_service_alone(
    bucket: Any, figure: str, store: str
) -> None:
    keys = contents(bucket).keys()
    assert {key.partition("/")[0] for key in keys} == {"figures", "media"}
    assert f"figures/{figure}" in keys
    assert Client().get(f"/figures/{figure}").getvalue() == contents(bucket)[f"figures/{figure}"]

    image = get_image_model().objects.get()
    assert image.file.url.startswith("/admin/media/original_images/")
    sent = as_user(image.uploaded_by_user).get(image.file.url)
    assert sent.getvalue() == contents(bucket)[f"media/{image.file.name}"]
    assert sent["Content-Disposition"].startswith("attachment")
    assert "sandbox" in sent["Content-Security-Policy"]
    assert Client().get(image.file.url).status_code == 302, "nobody has signed in"
    assert as_user(image.uploaded_by_user).get("/admin/media/original_images/none.png").status_code == 404
    public = Client().get("/medicines/testumab/").content.decode()
    assert store not in public
    assert "Signature" not in public


def test_uploads_are_never_replaced_and_pictures_are_cleaned(bucket: Any) -> None:
    names = [default_storage.save("a.txt", ContentFile(text)) for text in (b"1", b"2")]
    assert names[0] == "a.txt" != names[1]
    assert sorted(contents(bucket).values()) == [b"1", b"2"]
    with pytest.raises(ImageRefused):
        default_storage.save("original_images/a.png", ContentFile(b"<script>"))


def test_a_damaged_or_missing_figure_is_never_shown(bucket: Any, figure: str) -> None:
    bucket.put_object(Key=f"figures/{figure}", Body=b"another picture")
    with pytest.raises(FigureFileError, match="does not match"):
        figure_bytes(figure)
    bucket.Object(f"figures/{figure}").delete()
    with pytest.raises(FigureFileError, match="is missing"):
        figure_bytes(figure)
    assert Client().get(f"/figures/{figure}").status_code in (404, 503)


def test_a_backup_has_the_buckets_files_and_fills_another(
    bucket: Any, figure: str, empty_database: str, use: Callable[[str], Any], tmp_path: Path
) -> None:
    before, file = contents(bucket), tmp_path / "a.backup"
    call_command("backup", file)
    assert {f"{name}" for name in checked_manifest(file, None).files} == before.keys()
    other = use("restored")
    with connected_to(empty_database):
        call_command("restore", file)
    assert contents(other) == before


def found() -> str:
    """What the doctor's check of the store says."""
    (check,) = [check for check in CHECKS if check.name == "object_store"]
    return "\n".join(f"{message.msg} {message.hint}" for message in check.run())


def test_doctor_names_a_bucket_that_anybody_can_read(bucket: Any) -> None:
    assert found() == ""
    assert contents(bucket) == {}, "the doctor leaves its probe"
    bucket.Acl().put(ACL="public-read")
    files = f"arn:aws:s3:::{bucket.name}/*"
    anybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": files}
    policy = {"Version": "2012-10-17", "Statement": [anybody]}
    bucket.Policy().put(Policy=json.dumps(policy))
    assert "anybody can read" in found()


def test_doctor_names_a_store_that_does_not_answer(bucket: Any, settings: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("S3_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    stored = object_store(env, settings.MEDIA_URL)
    assert stored
    settings.STORAGES = {**settings.STORAGES, "default": stored["uploads"], "figures": stored["figures"]}
    assert "cannot be used" in found()
    assert "S3_ENDPOINT_URL" in found()


def test_the_packages_are_asked_for_by_name(monkeypatch: Any) -> None:
    monkeypatch.setenv("S3_BUCKET", "files")
    monkeypatch.setattr("cms.settings.object_store.find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r"requirements-s3\.txt"):
        object_store(env, "/admin/media/")
