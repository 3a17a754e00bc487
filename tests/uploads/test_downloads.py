"""Uploaded files leave as attachments that cannot run, whoever asks; nobody but superusers adds documents."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import Collection, GroupCollectionPermission

from home.site_setup import set_up_site
from tests.conftest import as_user
from tests.factories import make_image

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("figure_files", "site")]

ACTIVE = b"<script>fetch('/admin/')</script>"


def add_document(user: Any, name: str) -> Any:
    root = Collection.get_first_root_node()
    form = {"title": "Page", "tags": "", "collection": str(root.pk)}
    form["file"] = SimpleUploadedFile(name, ACTIVE)  # type: ignore[assignment]
    return as_user(user).post(reverse("wagtaildocs:add"), form)


def assert_cannot_act(response: Any) -> None:
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"].split(";")[0]
    assert response["Content-Type"].startswith(("application/octet-stream", "image/"))
    assert "svg" not in response["Content-Type"]


@pytest.mark.parametrize(
    "name",
    [
        "page.html",
        "page.htm",
        "page.xhtml",
        "drawing.svg",
        "page.xml",
        "page.pdf",
        "page.js",
        "page",
        "x.mht",
    ],
)
def test_a_document_leaves_as_an_attachment_also_for_a_superuser(name: str, superuser: Any) -> None:
    add_document(superuser, name)
    document = get_document_model().objects.get()
    client = as_user(superuser)
    assert_cannot_act(client.get(document.url))
    assert_cannot_act(client.get(document.file.url))


@pytest.mark.parametrize(
    "folder", ["", "images", "original_images", "avatar_images", "uploaded_files", "documents"]
)
@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.png", "a.svgz", "a.html.gz", "a"])
def test_any_file_below_the_uploads_leaves_as_an_attachment(folder: str, name: str, reviewer: Any) -> None:
    path = Path(settings.MEDIA_ROOT, folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(ACTIVE)
    assert_cannot_act(as_user(reviewer).get(settings.MEDIA_URL + f"{folder}/{name}".lstrip("/")))


def test_a_picture_is_still_shown_in_the_admin(writer: Any) -> None:
    image = make_image("red", by=writer)
    response = as_user(writer).get(image.get_rendition("width-10").url)
    assert_cannot_act(response)  # browsers show an attachment that a page embeds as a picture
    assert response["Content-Type"] == "image/png"


@pytest.mark.parametrize("role", ["writer", "reviewer", "editor"])
def test_no_role_may_add_documents(role: str, request: Any) -> None:
    user = request.getfixturevalue(role)
    add_document(user, "page.html")
    as_user(user).post(
        reverse("wagtaildocs:add_multiple"),
        {"title": "Page", "files[]": SimpleUploadedFile("a.html", ACTIVE)},
    )
    assert not get_document_model().objects.exists()
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.html"))


def test_set_up_takes_away_the_document_permissions_that_wagtail_grants() -> None:
    from django.contrib.auth.models import Permission  # noqa: PLC0415

    editors, root = Group.objects.get(name="Editors"), Collection.get_first_root_node()
    for permission in Permission.objects.filter(content_type__app_label="wagtaildocs"):
        GroupCollectionPermission.objects.get_or_create(group=editors, collection=root, permission=permission)
    set_up_site()
    assert not GroupCollectionPermission.objects.filter(
        permission__content_type__app_label="wagtaildocs"
    ).exists()
