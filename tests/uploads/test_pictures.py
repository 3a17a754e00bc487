"""Uploaded pictures are stored as one upright frame without metadata, by whichever route, or refused."""

import errno
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.files.storage import FileSystemStorage
from django.urls import reverse
from PIL import Image
from wagtail.images import get_image_model
from wagtail.models import Collection, UploadedFile

from monographs.blocks.image_snapshot import ImageError, snapshot_image
from monographs.core.clean_image import ImageRefused, clean_image
from monographs.core.upload_storage import UploadStorage
from tests.conftest import as_user
from tests.factories import make_image, make_monograph, publish, with_figure
from tests.uploads import picture_files as files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("figure_files", "site")]


def images() -> Any:
    return get_image_model().objects


def stored_files() -> list[bytes]:
    """The pictures that are stored as they were cleaned; renditions are made from them."""
    root = Path(settings.MEDIA_ROOT)
    return [p.read_bytes() for f in ("original_images", "avatar_images") for p in (root / f).glob("*")]


def is_red(pixel: Any) -> bool:
    red, _, blue = pixel
    return red > 200 and blue < 60


def form(data: bytes, name: str, **more: Any) -> dict[str, Any]:
    root = Collection.get_first_root_node()
    return {"title": "Pump", "tags": "", "collection": str(root.pk), "file": files.upload(data, name), **more}


def by_form(user: Any, data: bytes, name: str) -> Any:
    return as_user(user).post(reverse("wagtailimages:add"), form(data, name))


def by_replacing(user: Any, data: bytes, name: str) -> Any:
    image = make_image("green")
    return as_user(user).post(reverse("wagtailimages:edit", args=[image.pk]), form(data, name))


def by_chooser(user: Any, data: bytes, name: str) -> Any:
    sent = {f"image-chooser-upload-{key}": value for key, value in form(data, name).items()}
    return as_user(user).post(reverse("wagtailimages_chooser:create"), sent)


def by_several(user: Any, data: bytes, name: str) -> Any:
    sent = {"title": "Pump", "files[]": files.upload(data, name)}
    return as_user(user).post(reverse("wagtailimages:add_multiple"), sent)


def by_several_unfinished(user: Any, data: bytes, name: str) -> Any:
    """With a title that is too long the file is kept aside until the form is complete."""
    client = as_user(user)
    sent = {"title": "P" * 300, "files[]": files.upload(data, name)}
    response = client.post(reverse("wagtailimages:add_multiple"), sent)
    for kept in UploadedFile.objects.all():
        prefix = f"uploaded-image-{kept.pk}-"
        fields = {"title": "Pump", "tags": "", "collection": str(Collection.get_first_root_node().pk)}
        client.post(
            reverse("wagtailimages:create_multiple_from_uploaded_image", args=[kept.pk]),
            {prefix + key: value for key, value in fields.items()},
        )
    return response


def by_profile(user: Any, data: bytes, name: str) -> Any:
    sent = {
        "name_email-first_name": user.first_name, "name_email-last_name": user.last_name,
        "name_email-email": user.email,
        "theme-theme": "system", "theme-density": "default", "theme-contrast": "system",
        "theme-keyboard_shortcuts": "on", "avatar-avatar": files.upload(data, name),
    }  # fmt: skip
    return as_user(user).post(reverse("wagtailadmin_account"), sent)


ROUTES = [by_form, by_replacing, by_chooser, by_several, by_several_unfinished, by_profile]


@pytest.mark.parametrize("route", ROUTES)
def test_a_phones_photo_is_stored_upright_and_without_its_place(route: Any, writer: Any) -> None:
    response = route(writer, files.phone_photo(), "photo.jpg")
    assert response.status_code in (200, 302)
    (stored,) = stored_files()
    with Image.open(BytesIO(stored)) as opened:
        assert (opened.format, opened.size) == ("JPEG", (20, 40))
        assert not opened.getexif()
        assert is_red(opened.getpixel((10, 3))), "what was at the left is on top"
    assert all((image.width, image.height) == (20, 40) for image in images().all())
    assert b"ell-tale" not in stored
    assert b"Exif" not in stored


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_an_animation_is_stored_as_its_first_picture(route: Any, kind: str, writer: Any) -> None:
    route(writer, files.animation(kind), f"moving.{kind.lower()}")
    (stored,) = stored_files()
    with Image.open(BytesIO(stored)) as opened:
        assert getattr(opened, "n_frames", 1) == 1
        assert is_red(opened.convert("RGB").getpixel((5, 5)))


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (files.truncated("JPEG"), "photo.jpg", "damaged, incomplete"),
        (files.truncated("PNG"), "photo.png", "damaged, incomplete|corrupted image"),
        (files.giant_png(), "giant.png", "30.0 megapixels; at most 25 are allowed"),
    ],
    ids=["truncated jpeg", "truncated png", "giant"],
)
def test_a_picture_that_cannot_be_used_is_refused_at_its_field(
    route: Any, data: bytes, name: str, words: str, writer: Any
) -> None:
    response = route(writer, data, name)
    assert response.status_code == 200
    assert re.search(words, response.content.decode())
    assert images().filter(title="Pump").count() == (route is by_replacing)
    assert len(stored_files()) == (route is by_replacing)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("data", "name"),
    [
        (files.bomb_png(), "bomb.png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "drawing.svg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "drawing.png"),
        (b"<html><script>alert(1)</script>", "page.png"),
        (b"", "empty.png"),
    ],
    ids=["bomb", "svg", "svg as png", "html as png", "empty"],
)
def test_what_is_no_picture_is_refused(route: Any, data: bytes, name: str, writer: Any) -> None:
    response = route(writer, data, name)
    assert response.status_code == 200
    assert len(stored_files()) == (route is by_replacing)


def test_code_that_saves_a_picture_stores_a_clean_one_of_the_right_size() -> None:
    image = images().create(title="Photo", file=ImageFile(BytesIO(files.phone_photo()), name="photo.jpg"))
    assert (image.width, image.height) == (20, 40)
    assert b"ell-tale" not in stored_files()[0]
    image.file.save("moving.gif", ImageFile(BytesIO(files.animation()), name="moving.gif"))
    assert image.file.name.endswith(".png")
    broken = ImageFile(BytesIO(files.truncated()), name="photo.jpg")
    with pytest.raises(ImageRefused, match="damaged"):
        image.file.save("photo.jpg", broken)


def test_what_follows_a_pictures_end_is_not_stored(writer: Any) -> None:
    by_form(writer, files.annotated_png(), "drawing.png")
    (stored,) = stored_files()
    assert b"ell-tale" not in stored
    with Image.open(BytesIO(stored)) as opened:
        assert opened.mode == "RGBA"
        assert opened.getpixel((5, 5)) == (255, 0, 0, 128)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "1"), ("PNG", "L"), ("PNG", "LA"), ("PNG", "P"), ("PNG", "I;16"), ("PNG", "RGB"),
        ("PNG", "RGBA"), ("JPEG", "L"), ("JPEG", "RGB"), ("JPEG", "CMYK"), ("GIF", "P"), ("WEBP", "RGBA"),
        ("AVIF", "RGB"), ("AVIF", "RGBA"),
    ],
)  # fmt: skip
def test_every_kind_of_picture_is_cleaned_and_then_is_clean(kind: str, mode: str) -> None:
    clean = clean_image(BytesIO(files.picture(kind, mode)), f"picture.{kind.lower()}")
    again = snapshot_image(_Stored(clean.read()))
    assert (again.width, again.height) == (20, 10)


class _Stored:
    """An image of Wagtail's whose file is given."""

    title = "Old"

    def __init__(self, data: bytes) -> None:
        self.data, self.file = data, self
        self.storage, self.name = self, "old.png"

    def open(self, _name: str, _mode: str) -> BytesIO:
        return BytesIO(self.data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (files.phone_photo(), "uploaded before pictures were cleaned"),
        (files.animation("GIF"), "uploaded before pictures were cleaned"),
        (files.animation("WEBP"), "uploaded before pictures were cleaned"),
        (files.annotated_png(), "uploaded before pictures were cleaned"),
        (files.giant_png(), "30.0 megapixels"),
        (files.bomb_png(), "cannot be read"),
        (b"<svg/>", "cannot be read"),
    ],
)
def test_no_new_document_shows_a_picture_that_was_not_cleaned(data: bytes, words: str) -> None:
    """Editions show the bytes that were signed; a picture from before this rule must be uploaded again."""
    with pytest.raises(ImageError, match=words):
        snapshot_image(_Stored(data))


def test_the_figure_of_an_edition_is_the_clean_file(writer: Any, reviewer: Any, client: Any) -> None:
    by_form(writer, files.phone_photo(), "photo.jpg")
    publish(with_figure(make_monograph(by=writer), images().get(), by=writer), writer, reviewer)
    (path,) = Path(settings.STORAGES["figures"]["OPTIONS"]["location"]).iterdir()
    assert path.read_bytes() == stored_files()[0]
    page = client.get("/medicines/testumab/").content.decode()
    assert 'width="20" height="40"' in page


def test_a_writer_is_told_at_the_block_about_an_old_picture(writer: Any) -> None:
    image = make_image("red", by=writer)
    FileSystemStorage(location=settings.MEDIA_ROOT).delete(image.file.name)
    FileSystemStorage(location=settings.MEDIA_ROOT).save(
        image.file.name, ImageFile(BytesIO(files.phone_photo()))
    )
    page = with_figure(make_monograph(by=writer), image, by=writer)
    response = as_user(writer).get(reverse("review:submit", args=[page.pk]), follow=True)
    assert "uploaded before pictures were cleaned" in response.content.decode()


class FullDisk(ContentFile):
    """A file of which a part can be written, as on a disk without room."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield from list(super().chunks(1))[:3]
        raise OSError(errno.ENOSPC, "No space left on device")


def test_an_upload_that_cannot_be_written_leaves_nothing_and_keeps_others() -> None:
    root = Path(settings.MEDIA_ROOT)
    storage = UploadStorage()
    first = storage.save("documents/label.txt", ContentFile("the first"))
    before = sorted(root.rglob("*"))
    with pytest.raises(OSError, match="No space"):
        storage.save("documents/label.txt", FullDisk(b"the second"))
    assert sorted(root.rglob("*")) == before
    third = storage.save("documents/label.txt", ContentFile(b"the third"))
    assert [Path(storage.path(name)).read_bytes() for name in (first, third)] == [b"the first", b"the third"]
    assert {Path(storage.path(name)).stat().st_mode & 0o777 for name in (first, third)} == {0o644}
