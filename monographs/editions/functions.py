"""SQL functions that need no PostgreSQL extension."""

from django.db.models import CharField, Func


class TextSha256(Func):
    """SHA-256 of a text's UTF-8 bytes in hexadecimal; Django's own needs the pgcrypto extension."""

    template = "encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')"
    output_field = CharField(max_length=64)


class BytesSha256(Func):
    """SHA-256 of bytes in hexadecimal."""

    template = "encode(sha256(%(expressions)s), 'hex')"
    output_field = CharField(max_length=64)
