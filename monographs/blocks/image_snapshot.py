"""Snapshots of images: a figure is identified by its bytes, whatever becomes of Wagtail's image."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal, cast

from PIL import Image

from monographs.core.clean_image import ImageRefused, check_size, is_clean
from monographs.document.canonical import sha256_hex

MediaType = Literal["image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"]
_MEDIA_TYPES = {f: f"image/{f.lower()}" for f in ("PNG", "JPEG", "WEBP", "GIF", "AVIF")}
_MEDIA_TYPES["MPO"] = "image/jpeg"  # written by many phones: a JPEG with a second picture
#: A figure is loaded when the reader scrolls to it, often on a slow phone.
MAX_BYTES = 1_000_000


class ImageError(ValueError):
    """An image that cannot be shown to patients. The message says why and how to fix it."""


@dataclass(frozen=True, slots=True)
class ImageSnapshot:
    """The bytes of an image and their properties. Width and height are in pixels."""

    data: bytes
    sha256: str
    media_type: MediaType
    width: int
    height: int


def snapshot_image(image: Any) -> ImageSnapshot:
    """Read the file of a Wagtail image. Raises ``ImageError`` if it is missing, broken or too large."""
    try:
        with image.file.storage.open(image.file.name, "rb") as stored:
            data = stored.read()
    except OSError as error:
        raise ImageError(f"The file of image “{image.title}” is missing. Upload it again.") from error
    if len(data) > MAX_BYTES:
        raise ImageError(
            f"Image “{image.title}” has {len(data) / 1e6:.1f} MB; patients on slow phones need 1 MB or less. "
            "Save it smaller and upload it again."
        )
    try:
        with Image.open(BytesIO(data)) as opened:
            media_type = _MEDIA_TYPES.get(opened.format or "")
            width, height = opened.size
            check_size(opened)
            clean = is_clean(opened)
    except ImageRefused as refusal:
        raise ImageError(f"Image “{image.title}”: {refusal}") from refusal
    except Exception as error:  # decoders raise errors of every kind for damaged data
        raise ImageError(f"Image “{image.title}” cannot be read. Upload it again.") from error
    if media_type is None:
        raise ImageError(f"Image “{image.title}” must be a PNG, JPEG, WebP, GIF or AVIF file.")
    if not clean:
        raise ImageError(
            f"Image “{image.title}” was uploaded before pictures were cleaned: its file moves, lies on its "
            "side or holds a camera's data. Open the image in the admin and upload its file again."
        )
    return ImageSnapshot(data, sha256_hex(data), cast("MediaType", media_type), width, height)
