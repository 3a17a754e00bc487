"""Parsed files in a signed form field, between upload and saving.

The signature ensures that only what the user was shown can be saved, and only by that user. Nothing is stored
in the database before a draft is created, so an abandoned preview leaves nothing behind.
"""

import zlib
from dataclasses import asdict, dataclass

from django.contrib.auth.models import User
from django.core import signing
from pydantic import TypeAdapter, ValidationError

from monographs.imports.errors import ImportRefused
from monographs.imports.parsed_text import ParsedMonograph
from monographs.imports.placement import placed_blocks
from monographs.imports.provenance import Provenance

_SALT = "monographs.imports.signed_state"
#: Seconds for which a preview is valid: over night, but not for weeks, as pages change meanwhile.
MAX_AGE = 2 * 24 * 60 * 60
#: The form as a whole must stay below Django's limit of 2.5 MB.
MAX_CHARACTERS = 1_500_000
#: Blocks. Each has a field of its own, and the user must be able to check them all.
MAX_BLOCKS = 1_500
_PARSED = TypeAdapter(ParsedMonograph)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file and its parsed text. ``read_as`` is the name by which it was read."""

    name: str
    parsed: ParsedMonograph
    origin: Provenance
    read_as: str = ""


def sign_state(files: list[ReadFile], user: User) -> str:
    """Serialise and sign ``files``. Raises ``ImportRefused`` when they are too large for one preview."""
    if sum(len(placed_blocks(file.parsed)) for file in files) > MAX_BLOCKS:
        raise ImportRefused(
            f"these files have more than {MAX_BLOCKS:,} paragraphs; choose fewer of them at a time"
        )
    content = [
        {
            "name": f.name,
            "parsed": _PARSED.dump_python(f.parsed, mode="json"),
            "origin": asdict(f.origin),
            "read_as": f.read_as,
        }
        for f in files
    ]
    state = signing.dumps({"user": user.pk, "files": content}, salt=_SALT, compress=True)
    if len(state) > MAX_CHARACTERS:
        raise ImportRefused("these files are too large for one preview; choose fewer of them at a time")
    return state


def read_signed_state(state: str, user: User) -> list[ReadFile]:
    """Return the files in ``state``. Raises ``ImportRefused`` unless it was signed for ``user``, recently."""
    try:
        content = signing.loads(state, salt=_SALT, max_age=MAX_AGE)
        if content["user"] != user.pk:
            raise signing.BadSignature("signed for another user")
        return [
            ReadFile(
                f["name"],
                _PARSED.validate_python(f["parsed"]),
                Provenance(**f["origin"]),
                f["read_as"],
            )
            for f in content["files"]
        ]
    except signing.SignatureExpired as error:
        raise ImportRefused(
            "this preview is more than two days old, and pages may have changed meanwhile; nothing was "
            "saved, so choose the files again"
        ) from error
    except (signing.BadSignature, ValidationError, KeyError, TypeError, ValueError, zlib.error) as error:
        raise ImportRefused("this preview is damaged or was changed; choose the files again") from error
