"""Starter texts of the pages that every service needs: drafts in plain words with gaps to fill.

Each gap is in square brackets and begins with “your”, which the house rule *No placeholders* refuses to
submit. A text becomes public as any other does: filled in, submitted, and signed by somebody else.
"""

import json
import re
import tomllib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from home.models import HomePage, InformationPage
from home.set_up_items import made_by, once

_FOLDER = Path(__file__).with_name("texts")
GAP = re.compile(r"\[your [^\]]+\]")


@dataclass(frozen=True)
class StarterText:
    """The draft of an information page. ``html`` has one text per part."""

    slug: str
    title: str
    summary: str
    html: tuple[str, ...]

    @property
    def gaps(self) -> list[str]:
        """What its writer must fill in, each once, in order."""
        return list(dict.fromkeys(GAP.findall("\n".join((self.summary, *self.html)))))


def _read(path: Path) -> StarterText:
    data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    return StarterText(path.stem, data["title"], data["summary"], tuple(data["html"]))


#: In order of their slugs.
STARTER_TEXTS = tuple(_read(path) for path in sorted(_FOLDER.glob("*.toml")))


def starter_item(slug: str) -> str:
    """Return the set-up item of a starter text."""
    return f"starter text {slug}"


def user_can_make_drafts(user: User) -> bool:
    """Whether the user may add pages below the home page."""
    home = HomePage.objects.first()
    return home is not None and bool(home.permissions_for_user(user).can_add_subpage())


@transaction.atomic
def make_drafts(user: User) -> list[InformationPage]:
    """Make the drafts that were never made, in the name of ``user``, and return them."""
    made = [
        text.slug for text in STARTER_TEXTS if once(starter_item(text.slug), partial(_make_page, text, user))
    ]
    return list(InformationPage.objects.filter(pk__in=[made_by(starter_item(slug)) for slug in made]))


def _make_page(text: StarterText, user: User) -> InformationPage:
    """Return the page with the text's slug, made if there is none."""
    page = InformationPage.objects.filter(slug=text.slug).first()
    if page is None:
        body = [{"type": "text", "value": html} for html in text.html]
        page = InformationPage(
            title=text.title,
            slug=text.slug,
            summary=text.summary,
            change_note="First edition.",
            body=json.dumps(body),
            owner=user,
        )
        HomePage.objects.get().add_child(instance=page)
        page.save_revision(user=user, log_action="wagtail.create")
    return page
