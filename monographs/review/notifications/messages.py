"""A letter: the words for one event and the people they are for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from monographs.review.models import Submission
from monographs.review.notifications.events import NoticeEvent

#: Characters of a subject line. Longer ones are cut off by the reader's program in any case.
LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Message:
    """What happened (``event``), which one (``about``), whom to tell, and the words.

    ``text`` and ``html`` are what stands between a mail's head and its foot, so that several fit into one.
    """

    event: NoticeEvent
    about: str
    to: tuple[Any, ...]
    subject: str
    text: str
    html: str


def compose(event: NoticeEvent, about: str, to: Iterable[Any], *, title: str, **words: Any) -> Message:
    """A letter about the page ``title`` from the templates of ``event``. The text begins with the subject."""
    context = {"title": one_line(title)} | words
    subject, _, text = render_to_string(f"emails/{event}.txt", context).strip().partition("\n")
    html = render_to_string(f"emails/{event}.html", context)
    return Message(event, about, tuple(to), one_line(subject), text.strip(), html.strip())


def one_line(words: str) -> str:
    """Words that fit into a mail's header: no line break or control character, not too long."""
    plain = "".join(letter if letter.isprintable() else " " for letter in words)
    line = " ".join(plain.split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1]}…"


def thread_of(submission: Submission) -> str:
    """What all notices of one submission share, so that their mails stand together."""
    return f"submission-{submission.uuid}"


def submission_in(about: str) -> str:
    """The submission's uuid in what a notice is about; empty when it is about none."""
    kind, _, uuid = about.partition("/")[0].partition("-")
    return uuid if kind == "submission" else ""


def address_of(name: str, *arguments: Any) -> str:
    """The whole address of a screen of the desk; it asks whoever comes to sign in."""
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse(name, args=arguments)}"


def public_address(path: str) -> str:
    """The whole address at which patients read a page."""
    return f"{settings.BASE_URL.rstrip('/')}{path}"
