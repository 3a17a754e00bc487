"""Compose the message for one event and its recipients."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.urls import reverse

from monographs.accounts.reader_language import ReaderLanguage
from monographs.review.models import Submission
from monographs.review.notifications.events import NoticeEvent

#: Characters of a subject line. Mail clients cut off longer ones in any case.
MAX_SUBJECT_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Message:
    """A message to the accounts ``to``, who read one language.

    ``about`` identifies what ``event`` happened to, so that nobody gets a message twice. ``text`` and
    ``html`` are without the email's header and footer, so that one email can contain several.
    """

    event: NoticeEvent
    about: str
    to: tuple[User, ...]
    subject: str
    text: str
    html: str
    #: The path in the admin of what it is about.
    path: str = ""


def compose(
    event: NoticeEvent, about: str, to: Iterable[User], *, title: str, **context: Any
) -> list[Message]:
    """Render the message about the page ``title`` from templates of ``event``, in the languages of ``to``.

    The first line of the text template is the subject.
    """
    context = {"title": one_line(title)} | context
    path = path_of(context.get("url", ""))
    readers: dict[ReaderLanguage, list[User]] = {}
    for user in to:
        readers.setdefault(ReaderLanguage.of(user), []).append(user)
    messages = []
    for language, users in readers.items():
        with language.active():
            subject, _, text = render_to_string(f"emails/{event}.txt", context).strip().partition("\n")
            html = render_to_string(f"emails/{event}.html", context)
        messages.append(
            Message(event, about, tuple(users), one_line(subject), text.strip(), html.strip(), path)
        )
    return messages


def one_line(words: str) -> str:
    """Return ``words`` as a header value: without line breaks and control characters, cut to a length."""
    printable = "".join(character if character.isprintable() else " " for character in words)
    line = " ".join(printable.split())
    return line if len(line) <= MAX_SUBJECT_LENGTH else f"{line[: MAX_SUBJECT_LENGTH - 1]}…"


def thread_of(submission: Submission) -> str:
    """Return the common prefix of ``about`` for one submission, by which mail clients group its emails."""
    return f"submission-{submission.uuid}"


def submission_in(about: str) -> str:
    """Return the UUID of the submission a notice is about; empty if it is about something else."""
    kind, _, uuid = about.partition("/")[0].partition("-")
    return uuid if kind == "submission" else ""


def path_of(url: str) -> str:
    """Return the path of an admin URL, with its anchor; empty for any other."""
    path = url.removeprefix(settings.WAGTAILADMIN_BASE_URL)
    return path if path != url and path.startswith("/") else ""


def admin_url(name: str, *arguments: Any) -> str:
    """Return the absolute URL of an admin screen."""
    return f"{settings.WAGTAILADMIN_BASE_URL}{reverse(name, args=arguments)}"


def public_url(path: str) -> str:
    """Return the absolute URL of a public page."""
    return f"{settings.BASE_URL.rstrip('/')}{path}"
