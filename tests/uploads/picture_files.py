"""Picture files as people upload them, and as an attacker might."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

ORIENTATION, MAKE, GPS_IFD, GPS_LATITUDE = 0x0112, 0x010F, 0x8825, 2
#: EXIF: the picture is to be turned by a quarter to the right.
ON_ITS_SIDE = 6


def _encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def phone_photo() -> bytes:
    """A photo stored on its side, 40 by 20, red at its left: shown 20 by 40, red on top; with its place."""
    picture = Image.new("RGB", (40, 20), "blue")
    picture.paste("red", (0, 0, 10, 20))
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = ON_ITS_SIDE, "Tell-tale phone"
    exif.get_ifd(GPS_IFD)[GPS_LATITUDE] = (52.0, 31.0, 12.0)
    return _encoded(picture, "JPEG", exif=exif, comment=b"Tell-tale comment", quality=95)


def animation(kind: str = "GIF") -> bytes:
    """A picture that is red for eleven minutes, then blue."""
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "blue")]
    return _encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=655_350, loop=0)


def annotated_png() -> bytes:
    """A PNG with text, as image programs write it, and a page after its end."""
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Tell-tale author")
    png = _encoded(Image.new("RGBA", (20, 10), (255, 0, 0, 128)), "PNG", pnginfo=info)
    return png + b"<html><script>tell-tale</script>"


def picture(kind: str = "PNG", mode: str = "RGB", size: tuple[int, int] = (20, 10)) -> bytes:
    """A plain picture."""
    return _encoded(Image.new(mode, size), kind)


def truncated(kind: str = "JPEG") -> bytes:
    """A picture whose upload broke off: its header is whole."""
    whole = _encoded(Image.effect_noise((200, 200), 80).convert("RGB"), kind)
    return whole[: len(whole) // 2]


def giant_png() -> bytes:
    """A small file of 30 megapixels."""
    return _encoded(Image.new("1", (6000, 5000)), "PNG")


def bomb_png() -> bytes:
    """A header that claims 400 megapixels."""
    data = bytearray(picture())
    data[16:24] = (20_000).to_bytes(4) * 2
    import zlib  # noqa: PLC0415

    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4)
    return bytes(data)


def upload(data: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    """Return ``data`` as an uploaded file."""
    return SimpleUploadedFile(name, data, "image/jpeg")
