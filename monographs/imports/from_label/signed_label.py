"""The label of a preview in a signed form field: nothing is stored before the draft is made."""

import zlib
from base64 import b64decode, b64encode

from django.contrib.auth.models import User
from django.core import signing

from monographs.imports.errors import ImportRefused
from monographs.imports.from_label.label_source import FoundLabel
from monographs.imports.signed_state import MAX_AGE, MAX_CHARACTERS
from monographs.labels import LabelRefused, read_label

_SALT = "monographs.imports.from_label"


def sign_label(found: FoundLabel, user: User) -> str:
    """Serialise and sign a label. Raises ``ImportRefused`` when it is too large for a form."""
    data = b64encode(zlib.compress(found.data, 9)).decode()
    state = signing.dumps({"user": user.pk, "data": data, "origin": found.origin}, salt=_SALT)
    if len(state) > MAX_CHARACTERS:
        raise ImportRefused(
            f"this label is too large for a preview ({len(found.data):,} bytes); make the page by hand and "
            "name the set id in it"
        )
    return state


def read_signed_label(state: str, user: User) -> FoundLabel:
    """Return the label in ``state``. Raises ``ImportRefused`` unless signed for ``user``, recently."""
    try:
        content = signing.loads(state, salt=_SALT, max_age=MAX_AGE)
        if content["user"] != user.pk:
            raise signing.BadSignature("signed for another user")
        data = zlib.decompress(b64decode(content["data"]))
        return FoundLabel(data, read_label(data), content["origin"])
    except signing.SignatureExpired as error:
        raise ImportRefused(
            "this preview is more than two days old; nothing was saved, so ask for the label again"
        ) from error
    except (signing.BadSignature, LabelRefused, KeyError, TypeError, ValueError, zlib.error) as error:
        raise ImportRefused("this preview is damaged or was changed; ask for the label again") from error
