"""Uploaded pictures, decoded and encoded anew: one frame, upright, in sRGB, and nothing else of the file.

A file that is kept as it came can change after minutes (an animation), tell where it was taken (EXIF), lie on
its side (EXIF orientation), carry a page that a browser runs, or fail only when it is shown.
"""

from io import BytesIO
from pathlib import PurePath
from typing import IO, Any

from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image, ImageCms, ImageOps

#: Formats that are read, as Pillow names them, and the one in which each is written.
FORMATS = {"PNG": "PNG", "GIF": "PNG", "JPEG": "JPEG", "MPO": "JPEG", "WEBP": "WEBP", "AVIF": "WEBP"}
_READERS = ("PNG", "GIF", "JPEG", "WEBP", "AVIF")  # Pillow's JPEG reader recognises MPO
_SUFFIXES = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}
#: Modes that each format stores as they are.
_MODES = {"PNG": ("1", "L", "LA", "P", "RGB", "RGBA"), "JPEG": ("L", "RGB"), "WEBP": ("RGB", "RGBA")}
#: Encoder settings. Photographs at 90 show no difference; drawings are stored without loss.
_QUALITY: dict[str, dict[str, Any]] = {
    "PNG": {"optimize": True},
    "JPEG": {"quality": 90, "subsampling": 0, "optimize": True},
    "WEBP": {"quality": 90, "method": 4},
}
_LOSSLESS_WEBP = b"VP8L"
_WEBP_HEADER_BYTES = 64
_SIXTEEN_BITS = ("I", "I;16", "I;16B", "I;16L", "F")
#: What Pillow may report of a clean file besides its pixels: no descriptions, places or comments.
_TECHNICAL = frozenset(
    "adobe adobe_transform aspect background chromaticity dpi duration gamma icc_profile interlace jfif "
    "jfif_density jfif_unit jfif_version loop progression progressive srgb timestamp transparency".split()
)
_PIXELS_IN_A_MEGAPIXEL = 1_000_000


class ImageRefused(ValueError):
    """A picture that cannot be used. The message says why and how to fix it."""


class CleanImage(ContentFile):
    """The file of a picture that ``clean_image`` made."""


def clean_image(file: IO[bytes], name: str) -> CleanImage:
    """Return the picture in ``file`` as a new file, named ``name`` with the suffix of its format.

    Raises ``ImageRefused`` for what is no picture, is damaged or incomplete, or has too many pixels.
    """
    file.seek(0)
    data = file.read()
    try:
        with Image.open(BytesIO(data), formats=_READERS) as opened:
            written = FORMATS[opened.format or ""]
            check_size(opened)
            opened.load()
            picture = _upright(opened)
            lossless = _LOSSLESS_WEBP in data[:_WEBP_HEADER_BYTES]
            encoded = _encode(_in_srgb(picture, written), written, lossless=lossless)
    except ImageRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageRefused(_too_large("more than 89")) from error
    except Exception as error:  # decoders raise errors of every kind for damaged data
        raise ImageRefused(
            "This picture cannot be read: the file is damaged, incomplete, or no PNG, JPEG, WebP, GIF or "
            "AVIF picture. Open it in a picture program, save it as PNG or JPEG, and upload that file."
        ) from error
    return CleanImage(encoded, name=str(PurePath(name).with_suffix(_SUFFIXES[written])))


def check_size(opened: Image.Image) -> None:
    """Raise ``ImageRefused`` for a picture of more than ``IMAGE_MAX_MEGAPIXELS``, before it is decoded."""
    megapixels = opened.width * opened.height / _PIXELS_IN_A_MEGAPIXEL
    if megapixels > settings.IMAGE_MAX_MEGAPIXELS:
        raise ImageRefused(_too_large(f"{megapixels:,.1f}"))


def _too_large(megapixels: str) -> str:
    return (
        f"This picture has {megapixels} megapixels; at most {settings.IMAGE_MAX_MEGAPIXELS} are allowed. "
        "Save it smaller (2,000 pixels wide is enough for every page) and upload it again."
    )


def is_clean(opened: Image.Image) -> bool:
    """Whether an opened picture could have been written by ``clean_image``, judged by its headers."""
    return (
        opened.format in _SUFFIXES
        and getattr(opened, "n_frames", 1) == 1
        and not opened.getexif()
        and _TECHNICAL.issuperset(opened.info)
    )


def _upright(opened: Image.Image) -> Image.Image:
    """Return the first frame, turned as its EXIF orientation says."""
    return ImageOps.exif_transpose(opened)


def _in_srgb(picture: Image.Image, written: str) -> Image.Image:
    """Return the picture in sRGB, in a mode that the format can store, without anything but its pixels."""
    profile = picture.info.get("icc_profile")
    transparency = picture.info.get("transparency")
    if picture.mode in _SIXTEEN_BITS:
        picture = picture.convert("F").point(lambda value: value / 256).convert("L")
        transparency = None
    if profile or picture.mode not in _MODES[written]:
        has_alpha = "A" in picture.mode or "a" in picture.mode or transparency is not None
        wanted = "RGBA" if has_alpha and written != "JPEG" else "RGB"
        picture = _converted(picture, profile, wanted)
        transparency = None
    bare = picture.copy()
    bare.info = {} if transparency is None else {"transparency": transparency}
    return bare


def _converted(picture: Image.Image, profile: bytes | None, wanted: str) -> Image.Image:
    if picture.mode in ("P", "PA", "1", "LA"):
        picture = picture.convert("RGBA" if wanted == "RGBA" else "RGB")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(
                picture, source, ImageCms.createProfile("sRGB"), outputMode=wanted
            )
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that is damaged or of other channels: as browsers do, it is ignored
    return picture.convert(wanted)


def _encode(picture: Image.Image, written: str, *, lossless: bool) -> bytes:
    out = BytesIO()
    options = {**_QUALITY[written], **({"lossless": True} if lossless and written == "WEBP" else {})}
    picture.save(out, written, **options)
    return out.getvalue()
