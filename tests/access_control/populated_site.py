"""A site with what every bypass route leads to: signed pages, newer drafts of them, texts in review."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from wagtail.models import Page

from home.models import InformationPage
from home.site_setup import set_up_site
from monographs.editions.models import EditionFigure
from monographs.models import ConditionPage, DrugClassPage, MonographIndexPage
from monographs.review.models import Submission
from tests.factories import (
    edit,
    make_group,
    make_image,
    make_monograph,
    make_user,
    publish,
    submit,
    with_figure,
)

#: A word of unsigned texts only.
UNSIGNED = "Unsignedword"

#: Events of the ledger that public pages read (``public/queries_sql.py``).
PUBLIC_EVENTS = {"publication"}

ROLES = ("writer", "reviewer", "editor", "superuser", "superuser who reviews")
ANONYMOUS, SHELL = "anonymous", "shell"
_ACCOUNTS = {
    "writer": (["Medical writers"], "", False),
    "other writer": (["Medical writers"], "", False),
    "reviewer": (["Medical reviewers"], "PharmD", False),
    "other reviewer": (["Medical reviewers"], "MD", False),
    "editor": (["Editors"], "", False),
    "reader": (["Admin readers"], "", False),
    "superuser": ([], "", True),
    "superuser who reviews": (["Medical reviewers"], "MD", True),
}
_BODY = '[{"type": "text", "value": "<p>Signed words.</p>"}]'
#: Response headers that are compared.
HEADERS = ("Content-Type", "ETag", "X-Edition", "Location", "Cache-Control", "X-Robots-Tag", "Vary")


class PopulatedSite:
    """The site's objects, by primary key: every test fetches its own."""

    def __init__(self) -> None:
        ContentType.objects.clear_cache()
        cache.clear()
        home = set_up_site()
        make_group("Admin readers")
        for role, (groups, credentials, superuser) in _ACCOUNTS.items():
            make_user(username_of(role), *groups, credentials=credentials, superuser=superuser)
        self._signed_pages(home)
        self._medicines()
        self._renamed_class()
        self.addresses = self._addresses()
        #: Other events of the ledger after which all public pages have been found to be the same.
        self.events_not_shown: set[str] = set()
        self.files = {path: path.read_bytes() for path in _files()}
        with transaction.atomic():
            activity = table_activity()
            self.before = self.public()
            self.public_tables = {name for name, (reads, _) in changes(activity).items() if reads}

    def _signed_pages(self, home: Any) -> None:
        writer, signer = user_of("writer"), user_of("other reviewer")
        home.organisation = "Myeloma Example Foundation"
        home.save_revision(user=writer)
        publish(home, writer, signer)
        lists = {index.collection: index for index in MonographIndexPage.objects.all()}
        publish(lists["medicines"], writer, signer)
        self.drug_class = DrugClassPage(title="Antibodies", slug="antibodies", body=_BODY)
        self.condition = ConditionPage(title="Myeloma", slug="myeloma", body=_BODY)
        about = InformationPage(title="Who pays", slug="who-pays", body=_BODY)
        for parent, page in (
            (lists["classes"], self.drug_class),
            (lists["conditions"], self.condition),
            (home, about),
        ):
            parent.refresh_from_db()
            parent.add_child(instance=page)
            page.save_revision(user=writer)
            publish(page, writer, signer)

    def _medicines(self) -> None:
        writer, signer = user_of("writer"), user_of("other reviewer")
        self.image = make_image("red", by=writer).pk
        alpha = make_monograph(
            "alphaumab", by=writer, drug_class=self.drug_class, conditions=[self.condition]
        )
        image = _image(self.image)
        publish(with_figure(alpha, image, by=writer), writer, signer)
        edit(alpha, writer, how_it_works="Second signed words.")
        publish(alpha, writer, signer)
        self.alpha = alpha.pk
        edit(alpha, writer, summary=f"{UNSIGNED} in a draft over a signed page.")
        self.draft = make_monograph(f"{UNSIGNED.lower()}umab", by=writer).pk
        gamma = make_monograph("gammaumab", by=writer)
        publish(gamma, writer, signer)
        edit(gamma, writer, how_it_works=f"{UNSIGNED} in review.")
        self.gamma = gamma.pk
        self.in_review = submit(gamma, writer).pk

    def _renamed_class(self) -> None:
        """A class that was signed with another name than its medicine says."""
        writer, signer = user_of("writer"), user_of("other reviewer")
        renamed = DrugClassPage(title="Inhibitors", slug="inhibitors", body=_BODY)
        MonographIndexPage.objects.get(collection="classes").add_child(instance=renamed)
        renamed.save_revision(user=writer)
        publish(renamed, writer, signer)
        named = make_monograph("inhibitinib", by=writer, drug_class=renamed)
        publish(named, writer, signer)
        renamed.title, renamed.change_note = "Kinase inhibitors", "Another name."
        renamed.save_revision(user=writer)
        publish(renamed, writer, signer)
        self.renamed, self.named = renamed.pk, named.pk

    def page(self, pk: int) -> Any:
        """Return a page as it is in the database."""
        return Page.objects.get(pk=pk).specific

    def submission(self) -> Submission:
        """Return the submission in review."""
        return Submission.objects.get(pk=self.in_review)

    def _addresses(self) -> list[str]:
        figure = EditionFigure.objects.values_list("file_name", flat=True)[0]
        medicines = [f"/medicines/{name}/" for name in ("alphaumab", "gammaumab", f"{UNSIGNED.lower()}umab")]
        return [
            *("/", "/medicines/", "/medicines/?letter=A", "/classes/", "/conditions/"),
            *("/classes/antibodies/", "/conditions/myeloma/", "/about/who-pays/", "/about/corrections/"),
            *medicines,
            *(f"{address}editions/" for address in medicines),
            *(f"/medicines/alphaumab/editions/{number}/" for number in (1, 2, 3)),
            *("/medicines/gammaumab/editions/1/", "/medicines/gammaumab/editions/2/"),
            *("/medicines/copied/", "/medicines/renamed/", "/medicines/alphaumab-2/"),
            *("/search/?q=umab", "/search/?q=hidden", f"/figures/{figure}"),
            *("/sitemap.xml", "/robots.txt", "/updates.atom", "/feed/", "/api/v1/monographs"),
            *("/api/v2/pages/", "/home/medicines/alphaumab/", "/home/", "/documents/1/x.pdf", "/none/"),
        ]  # fmt: skip

    def public(self, **headers: str) -> dict[str, tuple[int, dict[str, str], bytes]]:
        """Return the response of every public address to an anonymous client."""
        return {address: answer(Client(), address, **headers) for address in self.addresses}

    def files_changed(self) -> bool:
        """Return whether a test has changed files."""
        return {path: path.read_bytes() for path in _files()} != self.files

    def restore_files(self) -> None:
        """Undo a test's changes of files, which are not rolled back."""
        for path in _files() - set(self.files):
            path.unlink()
        for path, data in self.files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


#: Table → scans and written rows, as counted by PostgreSQL.
Activity = dict[str, tuple[int, int]]


def table_activity() -> Activity:
    """Return what this transaction has done to each table so far, triggers and functions included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, seq_scan + coalesce(idx_scan, 0), n_tup_ins + n_tup_upd + n_tup_del"
            " FROM pg_stat_xact_user_tables"
        )
        return {name: (reads, writes) for name, reads, writes in cursor.fetchall()}


def changes(before: Activity) -> Activity:
    """Return what this transaction has done to each table since ``before``."""
    return {
        name: (reads - before.get(name, (0, 0))[0], writes - before.get(name, (0, 0))[1])
        for name, (reads, writes) in table_activity().items()
    }


def answer(client: Client, address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, compared headers and body of a response."""
    response: Any = client.get(address, headers=headers)
    body = response.getvalue() if response.streaming else response.content
    kept = {name: response.headers[name] for name in HEADERS if name in response.headers}
    cookies = {f"cookie {name}": morsel.value for name, morsel in response.cookies.items()}
    return response.status_code, {**kept, **cookies}, body


def username_of(role: str) -> str:
    """Return the username of a role."""
    return role.replace(" ", "-")


def user_of(role: str) -> Any:
    """Return the account of a role, newly fetched."""
    return get_user_model().objects.get(username=username_of(role))


def _image(pk: int) -> Any:
    from wagtail.images import get_image_model  # noqa: PLC0415  # a model's getter

    return get_image_model().objects.get(pk=pk)


def _files() -> set[Path]:
    roots = (Path(settings.MEDIA_ROOT), Path(settings.STORAGES["figures"]["OPTIONS"]["location"]))
    return {path for root in roots for path in root.rglob("*") if path.is_file()}


@contextmanager
def file_storage_in(folder: Path) -> Iterator[None]:
    """Keep uploads and figures below ``folder``."""
    from django.test import override_settings  # noqa: PLC0415

    storage = "django.core.files.storage.FileSystemStorage"
    figures = {"BACKEND": storage, "OPTIONS": {"location": folder / "figures"}}
    storages = {**settings.STORAGES, settings.FIGURE_STORAGE: figures}
    with override_settings(MEDIA_ROOT=folder / "media", STORAGES=storages):
        yield
