"""Faults of what the service writes to: a full disk for figures, a mail server that is down."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import override_settings

from monographs.editions.models import Edition
from monographs.review.models import Notice, Submission
from monographs.review.notifications.digest import deliver_waiting
from tests.factories import get_or_make_user, make_image, make_monograph, publish, submit, with_figure
from tests.resilience.outcome import Outcome

#: Where nothing listens.
NO_MAIL_SERVER = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": 9, "EMAIL_TIMEOUT": 10}
SMTP = "django.core.mail.backends.smtp.EmailBackend"
MEMORY = "django.core.mail.backends.locmem.EmailBackend"


def people() -> tuple[Any, Any]:
    """Return a writer and a reviewer."""
    writer = get_or_make_user("writer", "Medical writers")
    return writer, get_or_make_user("reviewer", "Medical reviewers", credentials="PharmD")


def mail_server_down(times: int) -> Outcome:
    """Sign texts while no mail server answers; afterwards every email is sent."""
    writer, reviewer = people()
    before, seconds = Edition.objects.count(), []
    with override_settings(EMAIL_BACKEND=SMTP, EMAIL_TRANSPORT=SMTP, **NO_MAIL_SERVER):
        for number in range(times):
            page = make_monograph(f"mailumab{number}", by=writer)
            began = time.perf_counter()
            publish(page, writer, reviewer)
            seconds.append(time.perf_counter() - began)
    waiting = Notice.objects.filter(sent_at=None).count()
    assert waiting >= times
    began = time.perf_counter()
    with override_settings(EMAIL_BACKEND=MEMORY, EMAIL_TRANSPORT=MEMORY):
        deliver_waiting()
    lost = Notice.objects.filter(sent_at=None).count() + before + times - Edition.objects.count()
    load = f"{times} sign-offs, {waiting} emails"
    recovered = time.perf_counter() - began
    return Outcome("mail server down", load, times, 0, max(seconds), recovered, lost)


def can_fill_a_disk() -> bool:
    """Return whether this process may mount a small file system."""
    tried = subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False)
    return tried.returncode == 0 and shutil.which("mount") is not None


@contextmanager
def full_disk(folder: Path) -> Iterator[Path]:
    """A file system of 64 kB without room, with one file that can be deleted to make some."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], check=True)
    try:
        try:
            with (folder / "filler").open("wb") as filler:
                filler.write(b"0" * 2**17)
        except OSError:
            pass
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def disk_full(folder: Path) -> Outcome:
    """Submit a text with a new figure while there is no room for the figure's file, and again with room."""
    writer, _ = people()
    page = with_figure(make_monograph("figurumab", by=writer), make_image("red", by=writer), writer)
    storages = {
        **settings.STORAGES,
        settings.FIGURE_STORAGE: {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder},
        },
    }
    refused = 0
    with override_settings(STORAGES=storages):
        try:
            submit(page, writer)
        except OSError:
            refused = 1
        assert refused, "a text was submitted without its figure"
        assert not Submission.objects.filter(key=page.translation_key).exists()
        assert [file.name for file in folder.iterdir()] == ["filler"], "nothing is left half-written"
        (folder / "filler").unlink()
        began = time.perf_counter()
        submit(page, writer)
    return Outcome("disk full", "a submission with a figure", 1, refused, 0.0, time.perf_counter() - began, 0)
