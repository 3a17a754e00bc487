"""Django's storages of figures and uploads in an S3-compatible object store, from the environment."""

import re
from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from cms.settings.environment import Environment
from monographs.core.web_address import why_no_web_address

#: Settings of a bucket, by the option of the storage.
OPTIONS = {
    "endpoint_url": "S3_ENDPOINT_URL",
    "region_name": "S3_REGION",
    "access_key": "S3_ACCESS_KEY",
    "secret_key": "S3_SECRET_KEY",
}
#: The name of a bucket (Amazon S3, Bucket naming rules), or the ARN of an access point.
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|arn:[\w:/.-]+")
#: A reader or a signature must not wait long for a store that hangs. In seconds.
CONNECT_SECONDS, READ_SECONDS = 3, 15


def object_store(env: Environment, media_url: str) -> dict[str, dict[str, Any]] | None:
    """Return the storages by what is stored there, or None without ``S3_BUCKET``.

    Without ``S3_ACCESS_KEY`` the keys are those of the machine's own role, as boto3 finds them. Raises
    ``ImproperlyConfigured``, also for settings without a bucket: files would be in folders that nobody keeps.
    """
    bucket = env.str("S3_BUCKET", "")
    options = {option: env.str(name, "") or None for option, name in OPTIONS.items()}
    _check(bucket, options)
    return _storages(bucket, options, media_url) if bucket else None


def _check(bucket: str, options: dict[str, str | None]) -> None:
    """Raise ``ImproperlyConfigured`` for options that make no sense, or without the packages they need."""
    if not bucket:
        if given := " and ".join(name for option, name in OPTIONS.items() if options[option]):
            raise ImproperlyConfigured(
                f"S3_BUCKET is not set, and {given} is: files would be in folders of this machine. "
                f"Set S3_BUCKET to the bucket's name, or remove {given}."
            )
        return
    if not BUCKET.fullmatch(bucket):
        raise ImproperlyConfigured(
            f"S3_BUCKET: {bucket!r} is no name of a bucket: lower-case letters, digits, hyphens and full "
            "stops, without an address around it. The store's address is S3_ENDPOINT_URL."
        )
    if options["endpoint_url"] and (reason := why_no_web_address(options["endpoint_url"])):
        raise ImproperlyConfigured(
            f"S3_ENDPOINT_URL: {options['endpoint_url']!r} is no web address: {reason}. Leave it out for "
            "Amazon's own store."
        )
    if bool(options["access_key"]) != bool(options["secret_key"]):
        raise ImproperlyConfigured(
            "Of S3_ACCESS_KEY and S3_SECRET_KEY one is set. Set both, or none to use those of the "
            "machine's role."
        )
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured(
            "S3_BUCKET needs packages that are not installed: pip install --require-hashes -r "
            "requirements-s3.txt (image: docker build --build-arg REQUIREMENTS=requirements-s3.txt)."
        )


def _storages(bucket: str, options: dict[str, str | None], media_url: str) -> dict[str, dict[str, Any]]:
    from botocore.config import Config  # noqa: PLC0415  # optional

    common = {
        "bucket_name": bucket,
        **options,
        "default_acl": None,  # the bucket's own rule, which must be private
        "client_config": Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": 2},
            signature_version="s3v4",
            s3={"addressing_style": "path" if options["endpoint_url"] else "auto"},
        ),
    }
    return {
        # A figure's name is the hash of its bytes: the same name is the same file
        "figures": {
            "BACKEND": "monographs.core.s3_storage.BucketStorage",
            "OPTIONS": {**common, "location": "figures", "file_overwrite": True, "base_url": "/figures/"},
        },
        "uploads": {
            "BACKEND": "monographs.core.s3_storage.BucketUploads",
            "OPTIONS": {**common, "location": "media", "file_overwrite": False, "base_url": media_url},
        },
    }
