"""Loads a record that an earlier release exported, and the drafts it was made from, into the database."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management.color import no_style
from django.db import connection
from PIL import Image as Picture
from wagtail.images import get_image_model
from wagtail.models import Page

from home.models import HomePage
from monographs.editions.export.record_tables import TABLES
from monographs.models import MonographIndexPage, ReviewedPage
from monographs.public.search.text_index_sync import index_missing_editions
from tests.database import APPEND_ONLY
from tests.factories import PASSWORD, make_signer

#: Rows in the order in which they refer to one another.
_ORDER = ("ledger", "editions", "signatures", "contributions", "figures", "withdrawals", "publications")


@dataclass(frozen=True)
class OldRecord:
    """A folder in which an earlier release left its record."""

    folder: Path

    @property
    def head(self) -> str:
        """The head of its ledger."""
        return (self.folder / "head").read_text().strip()

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of one table."""
        lines = (self.folder / "record" / f"{name}.jsonl").read_bytes().splitlines()
        return [json.loads(line) for line in lines]

    @property
    def editions(self) -> list[dict[str, Any]]:
        """The rows of its editions."""
        return self.rows("editions")

    def drafts(self) -> list[dict[str, Any]]:
        """The drafts that its newest editions were made from."""
        return json.loads((self.folder / "drafts.json").read_text())

    def load(self) -> None:
        """Fill the database of a site that is set up: accounts, pages with drafts, then the record."""
        self._create_accounts()
        pages = self._create_pages()
        self._load_rows()
        # Refused unless the draft says what its newest edition says; the other pages need not be Wagtail's
        pages["examplinib"].get_latest_revision().publish(skip_permission_checks=True)

    def _create_accounts(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(pg_get_serial_sequence('auth_user', 'id'), 1000)")
        for row in [*self.rows("contributions"), *self.rows("signatures")]:
            if User.objects.filter(pk=row["user_id"]).exists():
                continue
            first, last = row["name"].split()
            user = User(
                id=row["user_id"],
                username=row["username"],
                first_name=first,
                last_name=last,
                email=f"{row['username']}@example.org",
            )
            user.set_password(PASSWORD)
            user.save()
            if credentials := row.get("credentials"):
                make_signer(user, credentials)
            user.groups.add(Group.objects.get(name="Medical reviewers" if credentials else "Medical writers"))

    def _create_pages(self) -> dict[str, ReviewedPage]:
        drafts, pages = self.drafts(), {"home": HomePage.objects.get()}
        for draft in drafts:
            content = draft["content"]
            model = apps.get_model(draft["model"])
            if model is MonographIndexPage:
                page = MonographIndexPage.objects.get(collection=content["collection"])
            elif model is HomePage:
                page = pages["home"]
            else:
                page = model(title=content["title"], slug=content["slug"], translation_key=draft["key"])
                pages[draft["parent"]].add_child(instance=page)
            Page.objects.filter(pk=page.pk).update(translation_key=draft["key"])
            pages[content["slug"]] = model.objects.get(pk=page.pk)
        image = self._create_image()
        for draft in drafts:
            _fill(pages[draft["content"]["slug"]], draft["content"], pages, image)
        return pages

    def _create_image(self) -> Any:
        """Create the image with its file as that release stored it, which is not encoded anew."""
        (figure,) = (self.folder / "record" / "figures").iterdir()
        file = Path(settings.MEDIA_ROOT) / "original_images" / "pump.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(figure.read_bytes())
        with Picture.open(file) as picture:
            width, height = picture.size
        return get_image_model().objects.create(
            title="pump", file="original_images/pump.png", width=width, height=height
        )

    def _load_rows(self) -> None:
        models = {table.name: table.model for table in TABLES}
        with without_triggers():
            for name in reversed(_ORDER):
                models[name]._base_manager.all().delete()
            for name in _ORDER:
                for row in self.rows(name):
                    models[name](**row).save_base(raw=True, force_insert=True)  # times as they were
            with connection.cursor() as cursor:
                for statement in connection.ops.sequence_reset_sql(no_style(), list(models.values())):
                    cursor.execute(statement)
        for file in (self.folder / "record" / "figures").iterdir():
            storages["figures"].save(file.name, ContentFile(file.read_bytes()))
        index_missing_editions()


#: The record of the release before version 2.
VERSION_1 = OldRecord(Path(__file__).parent / "version_1")


def stored_version(text: str) -> int:
    """The version that a stored text names."""
    return int(json.loads(text)["schema_version"])


@contextmanager
def without_triggers() -> Iterator[None]:
    """Switch the triggers of the record off, as an owner of the database can."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in APPEND_ONLY:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in APPEND_ONLY:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _fill(page: Any, content: dict[str, Any], pages: dict[str, ReviewedPage], image: Any) -> None:
    """Give a page the content of its draft, and store it as a revision."""
    text = json.dumps(content, ensure_ascii=False)
    for slug, other in pages.items():
        # As a number where it is a value, within a text where it is in a link
        text = text.replace(f'"page:{slug}"', str(other.pk)).replace(
            f'\\"page:{slug}\\"', f'\\"{other.pk}\\"'
        )
    for name, value in json.loads(text.replace('"image:pump"', str(image.pk))).items():
        field = page._meta.get_field(name)
        if field.many_to_many:
            getattr(page, name).set(field.related_model.objects.filter(pk__in=value))
        elif field.many_to_one:
            setattr(page, field.attname, value)
        elif field.get_internal_type() == "JSONField":
            setattr(page, name, json.dumps(value))
        else:
            setattr(page, name, value)
    page.save_revision(clean=False)
