"""Bypass routes of images and documents: replaced, renamed, overwritten on disk, requested in public."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from monographs.editions.models import EditionFigure
from monographs.pages.refusals import PolicyError
from tests.access_control.attempt import Attempt, bypass_attempt, messages_of
from tests.access_control.populated_site import ANONYMOUS, SHELL, UNSIGNED, user_of
from tests.factories import make_image, replace_picture, sign, submit, with_figure


def image(attempt: Attempt) -> Any:
    return get_image_model().objects.get(pk=attempt.site.image)


def upload(colour: str) -> SimpleUploadedFile:
    with make_image(colour).file.open() as file:
        return SimpleUploadedFile("pump.png", file.read(), "image/png")


@bypass_attempt("image: another title", "writer", "editor", "superuser")
def test_retitling(attempt: Attempt) -> None:
    form = {"title": UNSIGNED, "tags": "", "collection": str(image(attempt).collection_id)}
    attempt.post("wagtailimages:edit", attempt.site.image, data=form)
    assert image(attempt).title == UNSIGNED
    attempt.harmless(logged="wagtail.edit")


@bypass_attempt("image: another file, by the images' screen", "writer", "superuser")
def test_replacing_the_file(attempt: Attempt) -> None:
    collection = str(image(attempt).collection_id)
    form = {"title": "Pump", "tags": "", "collection": collection, "file": upload("blue")}
    before = image(attempt).file_hash
    attempt.post("wagtailimages:edit", attempt.site.image, data=form)
    assert image(attempt).file_hash != before
    attempt.harmless(logged="wagtail.edit")


@bypass_attempt("image: deleted", "writer", "reviewer", "superuser")
def test_deleting(attempt: Attempt) -> None:
    attempt.post("wagtailimages:delete", attempt.site.image)
    assert not get_image_model().objects.filter(pk=attempt.site.image).exists()
    attempt.harmless(logged="wagtail.delete")


@bypass_attempt("image: file overwritten on disk", SHELL)
def test_overwriting_the_upload(attempt: Attempt) -> None:
    Path(image(attempt).file.path).write_bytes(b"not a picture")
    attempt.harmless()


@bypass_attempt("image: replaced between submitting and signing", SHELL)
def test_replacing_in_review(attempt: Attempt) -> None:
    writer = user_of("writer")
    page = with_figure(attempt.site.page(attempt.site.draft), make_image("green", by=writer), by=writer)
    submission = submit(page, writer)
    replace_picture(get_image_model().objects.latest("pk"), "yellow")
    attempt.refused_in_code(
        PolicyError, "no longer says what was submitted", lambda: sign(submission, user_of("reviewer"))
    )


@bypass_attempt("image: rendition changed", SHELL)
def test_changing_renditions(attempt: Attempt) -> None:
    rendition = image(attempt).get_rendition("width-10")
    Path(rendition.file.path).write_bytes(b"another")
    attempt.harmless()


@bypass_attempt("figure: snapshot file overwritten on disk", SHELL)
def test_overwriting_a_pinned_figure(attempt: Attempt) -> None:
    """The address of a figure is the hash of its bytes: other bytes are not served."""
    name = EditionFigure.objects.values_list("file_name", flat=True)[0]
    folder = Path(settings.STORAGES["figures"]["OPTIONS"]["location"])
    pinned = folder / name
    original = pinned.read_bytes()
    pinned.write_bytes(b"another picture")
    response = attempt.client.get(f"/figures/{name}")
    assert response.status_code == 404
    assert attempt.logged("does not match its hash")
    pinned.write_bytes(original)
    attempt.outcome = "refused"


@bypass_attempt("figure: a file that no edition shows", ANONYMOUS)
def test_a_figure_nobody_signed(attempt: Attempt) -> None:
    folder = Path(settings.STORAGES["figures"]["OPTIONS"]["location"])
    name = f"{'0' * 64}.png"
    (folder / name).write_bytes(b"unsigned")
    attempt.unreachable(
        attempt.client.get(f"/figures/{name}").status_code,
        attempt.client.get("/figures/..%2F..%2Fmedia%2Fimages%2Fpump.png").status_code,
    )


@bypass_attempt("uploads: asked for in public", ANONYMOUS)
def test_uploads_need_a_sign_in(attempt: Attempt) -> None:
    address = image(attempt).file.url
    response = attempt.client.get(address)
    assert response.url.startswith("/admin/login/")
    public = address.replace("/admin", "")
    attempt.unreachable(response.status_code, attempt.client.get(public).status_code)


@bypass_attempt("document: uploaded and asked for in public", "superuser")
def test_documents(attempt: Attempt) -> None:
    form = {"title": UNSIGNED, "tags": "", "collection": str(image(attempt).collection_id)}
    form["file"] = SimpleUploadedFile("leaflet.pdf", b"%PDF-1.7 Unsigned")  # type: ignore[assignment]
    attempt.post("wagtaildocs:add", data=form)
    document = get_document_model().objects.get()
    attempt.client.logout()
    answers = [
        attempt.client.get(address)
        for address in (f"/documents/{document.pk}/leaflet.pdf", document.file.url, document.url)
    ]
    assert not any("Unsigned" in messages_of(answer) for answer in answers)
    assert {answer.status_code for answer in answers} <= {302, 404}
    attempt.harmless(logged="wagtail.create")
