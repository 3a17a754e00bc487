"""Django's storages of figures and uploads in an S3-compatible object store, from the environment."""

from importlib.util import find_spec
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import Env

#: A reader or a signature must not wait long for a store that hangs. In seconds.
CONNECT_SECONDS, READ_SECONDS = 3, 15


def object_store(env: Env, media_url: str) -> dict[str, dict[str, Any]] | None:
    """Return the storages by what is stored there, or None without ``S3_BUCKET``.

    Without ``S3_ACCESS_KEY`` the keys are those of the machine's own role, as boto3 finds them.
    """
    bucket = env.str("S3_BUCKET", "")
    if not bucket:
        return None
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured(
            "S3_BUCKET needs packages that are not installed: pip install --require-hashes -r "
            "requirements-s3.txt (image: docker build --build-arg REQUIREMENTS=requirements-s3.txt)."
        )
    from botocore.config import Config  # noqa: PLC0415  # optional

    common = {
        "bucket_name": bucket,
        "endpoint_url": env.str("S3_ENDPOINT_URL", "") or None,
        "region_name": env.str("S3_REGION", "") or None,
        "access_key": env.str("S3_ACCESS_KEY", "") or None,
        "secret_key": env.str("S3_SECRET_KEY", "") or None,
        "default_acl": None,  # the bucket's own rule, which must be private
        "client_config": Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": 2},
            signature_version="s3v4",
            s3={"addressing_style": "path" if env.str("S3_ENDPOINT_URL", "") else "auto"},
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
