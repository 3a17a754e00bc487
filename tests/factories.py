"""Things tests are about, made as their users would make them."""

import json
from io import BytesIO
from itertools import count
from typing import Any

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.files.images import ImageFile
from PIL import Image as Picture
from wagtail.images import get_image_model
from wagtail.log_actions import log

from monographs.document import REQUIRED_SECTIONS
from monographs.editions.models import ReviewKind
from monographs.models import MonographIndexPage, MonographPage
from monographs.review.actions import MarkRead, Sign, Submit, TickStatement
from monographs.review.models import ReviewerProfile, Submission
from monographs.review.policy import user_can_review
from monographs.review.progress import progress_of

PASSWORD = "correct horse battery staple"


class UserFactory(factory.django.DjangoModelFactory):
    """An account with the tests' password."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    first_name = factory.LazyAttribute(lambda o: o.username.capitalize())
    last_name = "Tester"
    email = factory.LazyAttribute(lambda o: f"{o.username}@example.org")


def make_group(name: str) -> Group:
    """A group to which the desk is open."""
    group = Group.objects.create(name=name)
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    return group


def make_user(username: str, *groups: str, credentials: str | None = None, superuser: bool = False) -> Any:
    """An account in ``groups``; a reviewer has credentials unless they are given as empty."""
    if credentials is None:
        credentials = "PharmD" if "Medical reviewers" in groups else ""
    user = UserFactory.build(username=username, is_superuser=superuser, is_staff=superuser)
    user.set_password(PASSWORD)
    user.save()
    user.groups.set(Group.objects.filter(name__in=groups))
    if credentials:
        ReviewerProfile.objects.create(user=user, credentials=credentials)
    return user


def text(words: str) -> dict[str, Any]:
    """A text part."""
    return {"type": "text", "value": f"<p>{words}</p>"}


def complete_sections(**words: str) -> dict[str, dict[str, Any]]:
    """The seven required sections with something in each; ``words`` replaces the text of one."""
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
    """Sections as StreamField data."""
    return json.dumps([{"type": name, "value": value} for name, value in sections.items()])


_NUMBERS = count(1)


def make_monograph(
    title: str = "testumab", *, by: Any = None, slug: str = "", complete: bool = True, **fields: Any
) -> MonographPage:
    """A monograph's draft, with a revision by ``by``."""
    parent = MonographIndexPage.objects.get(collection="medicines")
    page = MonographPage(title=title, slug=slug or title, summary=f"{title} is a medicine.", **fields)
    page.sources = json.dumps(
        [{"type": "source", "value": {"reference": "label", "title": "The label", "publisher": "FDA"}}]
    )
    page.sections = stream(complete_sections() if complete else {})
    parent.add_child(instance=page)
    page.save_revision(user=by, clean=False)
    return page


def edit(page: MonographPage, by: Any, *, change_note: str | None = None, **words: str) -> MonographPage:
    """Replace the words of sections, or fields of the page, in a new revision by ``by``."""
    draft = MonographPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    draft.change_note = f"Change {next(_NUMBERS)}." if change_note is None else change_note
    sections = {child["type"]: child["value"] for child in draft.sections.get_prep_value()}
    for name, value in words.items():
        if name in sections:
            sections[name]["content"] = [text(value)]
        else:
            setattr(draft, name, value)
    draft.sections = stream(sections)
    draft.save_revision(user=by)
    return draft


def submit(
    page: Any,
    by: Any,
    *,
    kind: ReviewKind = ReviewKind.FULL_REVIEW,
    reason: str = "New label.",
    **terms: Any,
) -> Submission:
    """Put ``page`` before reviewers. ``terms``: publish_at, reviewers, due_on."""
    return Submit(by, page, review_kind=kind, reason=reason, **terms).execute()


def read_all(submission: Submission, by: Any) -> None:
    """Mark what changed as read and tick the checklist, as the reviewer's screen does."""
    progress = progress_of(by, submission)
    for section in progress.unread:
        MarkRead(by, submission, section=section.anchor, digest=section.digest).execute()
    for statement in progress.unticked:
        TickStatement(by, submission, statement=statement).execute()


def sign(submission: Submission, by: Any, *, password: str = PASSWORD, sha256: str = "") -> Any:
    """Read, tick and sign as the reviewer's screen does; who may not review signs unread, and is refused."""
    now = Submission.objects.get(pk=submission.pk)
    if user_can_review(by, now).allowed:
        read_all(now, by)
    return Sign(by, submission, password=password, seen_sha256=sha256 or submission.sha256).execute()


def publish(page: Any, writer: Any, reviewer: Any, **kwargs: Any) -> Submission:
    """Take ``page`` through to its next edition."""
    submission = submit(page, writer, **kwargs)
    sign(submission, reviewer)
    return submission


def make_image(colour: str, *, by: Any = None, kind: str = "PNG") -> Any:
    """A picture of 20 by 10 pixels on the desk."""
    return get_image_model().objects.create(title="Pump", file=_picture(colour, kind), uploaded_by_user=by)


def replace_picture(image: Any, colour: str) -> None:
    """Replace a picture's file as the images' own screen does, which notes who did it."""
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
    """Show ``image`` in *How it works*."""
    sections = complete_sections()
    sections["how_it_works"]["content"].append(
        {"type": "figure", "value": {"image": image.pk, "alt": "A pump.", "caption": ""}}
    )
    page.sections = stream(sections)
    page.save_revision(user=by)
    return page
