"""What was read from files, carried by the browser between upload and saving.

It is signed, so that nothing but what the person was shown can be saved, and bound to the person. The
database learns of a text only when a draft is made of it; a preview that is given up leaves nothing behind.
"""

import zlib
from dataclasses import dataclass
from typing import Any

from django.core import signing
from pydantic import TypeAdapter, ValidationError

from monographs.imports.errors import ImportRefused
from monographs.imports.parsed_text import ParsedMonograph
from monographs.imports.placement import placed_blocks

_SALT = "monographs.imports.signed_state"
#: A preview may lie open over lunch and over night, not for weeks: pages change meanwhile. Seconds.
MAX_AGE = 2 * 24 * 60 * 60
#: What the browser sends back with everything else must stay below Django's 2.5 MB for a form.
MAX_CHARACTERS = 1_500_000
#: Each has a field of its own, and somebody is to look at each.
MAX_PIECES = 1_500
_PARSED = TypeAdapter(ParsedMonograph)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file as it was read."""

    name: str
    parsed: ParsedMonograph


def sign_state(files: list[ReadFile], user: Any) -> str:
    """``files`` as a text that nobody can change unnoticed.

    Raises ``ImportRefused`` when they are too much for one preview.
    """
    if sum(len(placed_blocks(file.parsed)) for file in files) > MAX_PIECES:
        raise ImportRefused(
            f"these files have more than {MAX_PIECES:,} paragraphs; choose fewer of them at a time"
        )
    content = [{"name": f.name, "parsed": _PARSED.dump_python(f.parsed, mode="json")} for f in files]
    state = signing.dumps({"user": user.pk, "files": content}, salt=_SALT, compress=True)
    if len(state) > MAX_CHARACTERS:
        raise ImportRefused("these files are too much for one preview; choose fewer of them at a time")
    return state


def read_signed_state(state: str, user: Any) -> list[ReadFile]:
    """The files in ``state``. Raises ``ImportRefused`` when ``sign_state`` did not make it for ``user``."""
    try:
        content = signing.loads(state, salt=_SALT, max_age=MAX_AGE)
        if content["user"] != user.pk:
            raise signing.BadSignature("somebody else's")
        return [ReadFile(f["name"], _PARSED.validate_python(f["parsed"])) for f in content["files"]]
    except signing.SignatureExpired as error:
        raise ImportRefused("this preview is too old; choose the files again") from error
    except (signing.BadSignature, ValidationError, KeyError, TypeError, ValueError, zlib.error) as error:
        raise ImportRefused("this preview was changed on its way; choose the files again") from error
