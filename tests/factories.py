"""Factories of users, pages, images and submissions."""

import json
from io import BytesIO
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.files.images import ImageFile
from django.db import connection, transaction
from django.db.models import Model
from django.utils.text import slugify
from PIL import Image as Picture
from wagtail.images import get_image_model
from wagtail.log_actions import log
from wagtail.models import Page

from home.models import HomePage
from monographs.document import REQUIRED_SECTIONS, SECTION_ORDER
from monographs.editions.models import ReviewKind
from monographs.models import MonographIndexPage, MonographPage, StandardTextPage
from monographs.pages.permissions import reasons_to_keep
from monographs.review.actions import Sign, Submit
from monographs.review.models import ReviewerProfile, SectionRead, Submission, Tick
from monographs.review.policy import user_can_review
from monographs.review.progress import progress_of
from monographs.review.wagtail_integration.page_deletion import pages_with_editions_remain

PASSWORD = "correct horse battery staple"


#: Tables whose triggers keep pages that had an edition.
PAGE_TABLES = (
    "wagtailcore_page",
    "monographs_monographpage",
    "monographs_drugclasspage",
    "monographs_standardtextpage",
)


def make_group(name: str) -> Group:
    """Create a group with access to the admin."""
    group = Group.objects.create(name=name)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    return group


def make_user(username: str, *groups: str, credentials: str | None = None, superuser: bool = False) -> Any:
    """Create an account in ``groups``; a reviewer has credentials unless these are empty."""
    if credentials is None:
        credentials = "PharmD" if "Medical reviewers" in groups else ""
    user = get_user_model()(
        username=username,
        first_name=username.capitalize(),
        last_name="Tester",
        email=f"{username}@example.org",
        is_superuser=superuser,
        is_staff=superuser,
    )
    user.set_password(PASSWORD)
    user.save()
    user.groups.set(Group.objects.filter(name__in=groups))
    if credentials:
        make_signer(user, credentials)
    return user


def get_or_make_user(username: str, *groups: str, **more: Any) -> Any:
    """Return the account that the rows shared by a module have, or create it."""
    user = get_user_model().objects.filter(username=username).first()
    return user or make_user(username, *groups, **more)


def make_signer(user: Any, credentials: str, *, field: str = "") -> ReviewerProfile:
    """Create a profile as two people leave it: one entered name and credentials, another confirmed them."""
    profile = ReviewerProfile(user=user, credentials=credentials, field=field)
    proposer = {"id": None, "username": "proposer", "name": "Pat Proposer"}
    confirmer = {"id": None, "username": "confirmer", "name": "Chris Confirmer"}
    profile.confirmations = {
        name: {"value": value, "proposer": proposer, "confirmer": confirmer}
        for name, value in profile.proposal().items()
    }
    Model.save(profile)
    return profile


def text(words: str) -> dict[str, Any]:
    """Return a text block."""
    return {"type": "text", "value": f"<p>{words}</p>"}


def complete_sections(**words: str) -> dict[str, dict[str, Any]]:
    """Return the seven required sections with content; ``words`` replaces the text of a section."""
    sections: dict[str, dict[str, Any]] = {
        section.value: {
            "content": [text(words.get(section.value, f"About {section.value}."))],
            "sources": "label",
        }
        for section in REQUIRED_SECTIONS
    }
    sections["common_side_effects"] |= {
        "common_effects": [{"name": "Fever"}],
        "serious": {
            "introduction": "",
            "effects": [
                {"name": "Seizure", "urgency": "call_911", "what_to_do": "Call 911 at once."},
            ],
        },
    }
    return sections


def stream(sections: dict[str, dict[str, Any]]) -> str:
    """Return sections as StreamField data."""
    return json.dumps([{"type": name, "value": value} for name, value in sections.items()])


_NUMBERS = count(1)


def make_monograph(
    title: str = "testumab", *, by: Any = None, slug: str = "", complete: bool = True, **fields: Any
) -> MonographPage:
    """Create a draft monograph with a revision by ``by``."""
    parent = MonographIndexPage.objects.get(collection="medicines")
    page = MonographPage(title=title, slug=slug or title, summary=f"{title} is a medicine.", **fields)
    page.sources = json.dumps(
        [{"type": "source", "value": {"reference": "label", "title": "The label", "publisher": "FDA"}}]
    )
    page.sections = stream(complete_sections() if complete else {})
    parent.add_child(instance=page)
    page.save_revision(user=by, clean=False)
    return page


def make_standard_text(title: str = "Side effects", *, by: Any = None, words: str = "Tell us.") -> Any:
    """Create a draft standard text with a revision by ``by``."""
    page = StandardTextPage(title=title, slug=slugify(title))
    page.body = json.dumps([text(words)])
    HomePage.objects.get().add_child(instance=page)
    page.save_revision(user=by, clean=False)
    return page


def reword(page: Any, by: Any, words: str) -> Any:
    """Change the words of a standard text in a new revision by ``by``."""
    draft = StandardTextPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    draft.body = json.dumps([text(words)])
    draft.change_note = f"Change {next(_NUMBERS)}."
    draft.save_revision(user=by)
    return draft


def standard_text_block(edition: Any) -> dict[str, Any]:
    """Return a block that includes an edition of a standard text."""
    return {"type": "standard_text", "value": f"{edition.key}/{edition.number}/{edition.sha256}"}


def edit(page: MonographPage, by: Any, *, change_note: str | None = None, **words: str) -> MonographPage:
    """Change texts of sections, or fields of the page, in a new revision by ``by``."""
    draft = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    draft.change_note = f"Change {next(_NUMBERS)}." if change_note is None else change_note
    sections = {child["type"]: child["value"] for child in draft.sections.get_prep_value()}
    for name, value in words.items():
        if name in SECTION_ORDER:
            sections.setdefault(name, {"sources": "label"})["content"] = [text(value)]
        else:
            setattr(draft, name, value)
    draft.sections = stream(sections)
    draft.save_revision(user=by)
    return draft


def set_parts(page: MonographPage, by: Any, section: str, content: list[dict[str, Any]]) -> MonographPage:
    """Replace the content of one section in a new revision by ``by``; it may be unfinished."""
    draft: MonographPage = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    sections = {child["type"]: child["value"] for child in draft.sections.get_prep_value()}
    sections[section]["content"] = content
    draft.sections = stream(sections)
    draft.save_revision(user=by, clean=False)
    return draft


def submit(
    page: Any,
    by: Any,
    *,
    kind: ReviewKind = ReviewKind.FULL_REVIEW,
    reason: str = "New label.",
    **terms: Any,
) -> Submission:
    """Submit ``page`` for review. ``terms``: publish_at, reviewers, due_on."""
    return Submit(by, page, review_kind=kind, reason=reason, **terms).execute()


def read_all(submission: Submission, *readers: Any) -> None:
    """Mark changed sections as read and tick the checklist, as the actions do but in two statements.

    All ``readers`` have read as much as the first one.
    """
    progress = progress_of(readers[0], submission)
    SectionRead.objects.bulk_create(
        [
            SectionRead(key=submission.key, user=by, section=section.anchor, digest=section.digest)
            for by in readers
            for section in progress.unread
        ],
        update_conflicts=True,  # a mark from before the current edition is renewed
        unique_fields=["key", "user", "section", "digest"],
        update_fields=["at"],
    )
    Tick.objects.bulk_create(
        Tick(submission=submission, user=by, statement=statement)
        for by in readers
        for statement in progress.unticked
    )


def sign(submission: Submission, by: Any, *, password: str = PASSWORD, sha256: str = "") -> Any:
    """Read, tick and sign; a user who may not review signs unread, and is refused."""
    now = Submission.objects.get(pk=submission.pk)
    if user_can_review(by, now).allowed:
        read_all(now, by)
    return Sign(by, submission, password=password, seen_sha256=sha256 or submission.sha256).execute()


def publish(page: Any, writer: Any, reviewer: Any, **kwargs: Any) -> Submission:
    """Submit and sign ``page``, which publishes its next edition."""
    submission = submit(page, writer, **kwargs)
    sign(submission, reviewer)
    return submission


def publish_medicine() -> None:
    """Create the medicine of the fixture ``published_medicine``, its writer and its reviewer."""
    writer = get_or_make_user("writer", "Medical writers")
    reviewer = get_or_make_user("reviewer", "Medical reviewers", credentials="PharmD")
    publish(make_monograph(by=writer), writer, reviewer)


def delete_as_before(page: Any) -> None:
    """Delete a page that had an edition, as versions before the rule against it allowed."""
    uid = {"dispatch_uid": "pages_with_editions_remain"}
    reasons_to_keep.disconnect(**uid)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no trigger may be pending
            for table in PAGE_TABLES:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            Page.objects.get(pk=page.pk).delete()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in PAGE_TABLES:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    finally:
        reasons_to_keep.connect(pages_with_editions_remain, **uid)


def make_image(colour: str, *, by: Any = None, kind: str = "PNG") -> Any:
    """Create an image of 20 by 10 pixels."""
    return get_image_model().objects.create(title="Pump", file=_picture(colour, kind), uploaded_by_user=by)


def replace_picture(image: Any, colour: str) -> None:
    """Replace an image's file and log it, as Wagtail's view does."""
    image.file = _picture(colour, "PNG")
    image.save()
    log(instance=image, action="wagtail.edit")


def _picture(colour: str, kind: str) -> ImageFile:
    out = BytesIO()
    picture = Picture.new("RGB", (20, 10), colour)
    more = {"save_all": True, "append_images": [picture.copy()]} if kind == "MPO" else {}
    picture.save(out, kind, **more)
    return ImageFile(BytesIO(out.getvalue()), name="pump.jpg" if kind == "MPO" else "pump.png")


def with_figure(page: MonographPage, image: Any, by: Any = None) -> MonographPage:
    """Add ``image`` to *How it works*."""
    sections = complete_sections()
    sections["how_it_works"]["content"].append(
        {"type": "figure", "value": {"image": image.pk, "alt": "A pump.", "caption": ""}}
    )
    page.sections = stream(sections)
    page.save_revision(user=by)
    return page
