"""The head is stored in a bucket with object lock, of a real S3 server on this machine."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from monographs.editions.checkpoints.head_copies import publish_head
from monographs.editions.models import TimeStamp
from tests.checkpoints.time_stamp_server import Authority, stamping
from tests.site_checks.findings import found

pytestmark = pytest.mark.usefixtures("db", "long_ledger", "signing")


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A bucket whose objects can be locked."""
    boto3 = pytest.importorskip("boto3", reason="S3 is optional")  # both take a second to import
    servers = pytest.importorskip("moto.server", reason="S3 is optional")
    server = servers.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    client = boto3.client("s3")
    urlopen(Request(f"http://{host}:{port}/moto-api/reset", method="POST")).close()  # this machine
    client.create_bucket(Bucket="heads", ObjectLockEnabledForBucket=True)
    try:
        yield client
    finally:
        server.stop()


def keys(client: Any) -> list[str]:
    return [each["Key"] for each in client.list_objects_v2(Bucket="heads").get("Contents", [])]


def test_each_head_is_a_locked_object(bucket: Any, settings: Any, add_entries: Callable[[int], None]) -> None:
    settings.LEDGER_HEAD_TO = ["s3://heads/ledger?retain_days=30"]
    for added in (0, 0, 2):
        add_entries(added)
        _, [result] = publish_head()
        assert result.problem == ""
    assert keys(bucket) == ["ledger/000000000530.checkpoint", "ledger/000000000532.checkpoint"]
    locked = bucket.head_object(Bucket="heads", Key=keys(bucket)[0])
    assert locked["ObjectLockMode"] == "COMPLIANCE"


def test_a_time_stamp_is_a_locked_object_beside_its_head(bucket: Any, settings: Any, tmp_path: Path) -> None:
    settings.LEDGER_HEAD_TO = ["s3://heads/ledger?retain_days=30"]
    authority = Authority(tmp_path / "authority")
    settings.LEDGER_TSA_CA_FILE = str(authority.ca_file)
    with stamping(authority) as settings.LEDGER_TSA_URL:
        authority.status = 500
        assert [bool(result.problem) for result in publish_head()[1]] == [True, False]
        authority.status = 200
        for _ in range(2):
            assert [result.problem for result in publish_head()[1]] == ["", ""]
    assert keys(bucket) == ["ledger/000000000530.checkpoint", "ledger/000000000530.checkpoint.tsr"]
    locked = bucket.get_object(Bucket="heads", Key=keys(bucket)[1])
    assert locked["ObjectLockMode"] == "COMPLIANCE"
    assert locked["Body"].read() == bytes(TimeStamp.objects.get().answer)


def test_a_foreign_head_in_the_bucket_and_a_missing_bucket_are_told(bucket: Any, settings: Any) -> None:
    bucket.put_object(Bucket="heads", Key="000000000001.checkpoint", Body=b"x\n")
    settings.LEDGER_HEAD_TO = ["s3://heads", "s3://none"]
    _, results = publish_head()
    assert "is no checkpoint of this ledger" in results[0].problem
    assert "NoSuchBucket" in results[1].problem


def test_doctor_names_a_bucket_that_is_not_there_or_locks_nothing(bucket: Any, settings: Any) -> None:
    settings.LEDGER_HEAD_TO = ["s3://heads/ledger?retain_days=30"]
    assert found("head_buckets") == ""
    bucket.create_bucket(Bucket="unlocked")
    settings.LEDGER_HEAD_TO = ["s3://unlocked", "s3://unlocked?retain_days=30", "s3://none"]
    unlocked, none = found("head_buckets").splitlines()
    assert "at s3://unlocked?retain_days=30: retain_days needs a bucket with object lock" in unlocked
    assert "at s3://none: NoSuchBucket" in none
