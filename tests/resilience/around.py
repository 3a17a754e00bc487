"""Faults around the service: full disks, a mail server that is down or hangs, a wrong clock."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import override_settings
from wagtail.images.models import Image

from monographs.core import mail
from monographs.editions.models import Edition
from monographs.review.models import Notice, Submission
from monographs.review.notifications.digest import deliver_waiting
from tests.concurrency import wait_for
from tests.factories import get_or_make_user, make_image, make_monograph, publish, submit, with_figure
from tests.resilience.outcome import Outcome, Scale, outcome_of
from tests.resilience.readers import Readers
from tests.resilience.stack import Stack, fetch, status
from tests.resilience.texts import Medicines

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


def mail_server_hangs(times: int) -> Outcome:
    """Sign texts while the mail server accepts connections and says nothing, as a web process signs them.

    No signature waits for it; once it answers, every email is sent.
    """
    writer, reviewer = people()
    before, seconds = Edition.objects.count(), []
    mail.send_in_background()
    with socket.create_server(("127.0.0.1", 0)) as silent, ExitStack() as last:
        hangs = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": silent.getsockname()[1], "EMAIL_TIMEOUT": 600}
        hangs["THREADS_SEND_EMAIL"] = True
        last.enter_context(override_settings(EMAIL_BACKEND=SMTP, EMAIL_TRANSPORT=SMTP, **hangs))
        for number in range(times):
            page = make_monograph(f"silentumab{number}", by=writer)
            began = time.perf_counter()
            publish(page, writer, reviewer)
            seconds.append(time.perf_counter() - began)
        silent.settimeout(60)
        held, _ = silent.accept()
        waiting = Notice.objects.filter(sent_at=None).count()
        assert waiting >= times
        last.close()
        began = time.perf_counter()
        with override_settings(EMAIL_BACKEND=MEMORY, EMAIL_TRANSPORT=MEMORY):
            silent.close()
            held.close()
            deliver_waiting()
            wait_for(lambda: not Notice.objects.filter(sent_at=None).exists())
    lost = before + times - Edition.objects.count()
    load = f"{times} sign-offs, {waiting} emails"
    return Outcome("mail server hangs", load, times, 0, max(seconds), time.perf_counter() - began, lost)


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


def disk_full_of_uploads(folder: Path) -> Outcome:
    """Upload an image while there is no room for its file, and again with room."""
    writer, _ = people()
    refused = 0
    with override_settings(MEDIA_ROOT=str(folder)):
        before = Image.objects.count()
        try:
            make_image("blue", by=writer)
        except OSError:
            refused = 1
        assert refused, "an image was stored without its file"
        assert Image.objects.count() == before
        assert not [path for path in folder.rglob("*") if path.is_file() and path.name != "filler"], (
            "nothing is left half-written"
        )
        (folder / "filler").unlink()
        began = time.perf_counter()
        make_image("blue", by=writer)
    return Outcome("disk full", "an upload", 1, refused, 0.0, time.perf_counter() - began, 0)


def disk_full_of_logs(stack: Stack, medicines: Medicines, scale: Scale, folder: Path) -> Outcome:
    """Read pages from processes whose log has no room left."""
    logs = [release.log for release in stack.releases]
    try:
        for number, release in enumerate(stack.releases):
            release.stop()
            release.log = folder / f"{number}.log"
            release.start()
        with Readers(stack.services, medicines.paths, scale.readers) as readers:
            time.sleep(scale.seconds / 3)
            readings = [status(port, "/search/?q=%00") for port in stack.services]
        assert 0 not in readings
    finally:
        for release, log in zip(stack.releases, logs, strict=True):
            release.stop()
            release.log = log
            release.start()
    return outcome_of("disk full of logs", readers, 0.0, medicines)


#: Where Debian's package libfaketime has its library; ``FAKETIME_LIBRARY`` names another place.
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"


def faketime_library() -> str:
    """Return the library that shows a process another time; empty where it is not installed.

    Nor where its version ends the processes: 0.9.10 does not know how Python 3.11 and later wait.
    """
    library = os.environ.get("FAKETIME_LIBRARY", FAKETIME)
    wait = [sys.executable, "-c", "import time; time.sleep(0.1)"]
    works = (
        Path(library).exists()
        and not subprocess.run(
            wait, env=os.environ | faked(library, "+400d"), capture_output=True, check=False
        ).returncode
    )
    return library if works else ""


def faked(library: str, offset: str) -> dict[str, str]:
    """Return the environment in which a process has a clock that is wrong by ``offset``."""
    return {"LD_PRELOAD": library, "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def wrong_clock(stack: Stack, medicines: Medicines, scale: Scale, offset: str) -> Outcome:
    """Read pages from a process whose clock is wrong by ``offset`` (``+400d``) beside one that is right.

    Both show the same: what is due, what is overdue and what was published when is the database's time.
    """
    skewed, right = stack.releases
    environment = dict(skewed.env)
    skewed.stop()
    skewed.env |= faked(faketime_library(), offset)
    try:
        skewed.start()
        # libfaketime slows threads down: the first answers of a process that has much to load may be late
        wait_for(lambda: all(status(skewed.port, path) == HTTPStatus.OK for path in medicines.paths), every=1)
        for path in [*medicines.paths, "/whats-new/", "/updates.atom", "/"]:
            assert fetch(skewed.port, path) == fetch(right.port, path), f"{path} depends on the clock"
        with Readers([stack.front, skewed.port], medicines.paths, scale.readers) as readers:
            time.sleep(scale.seconds / 3)
    finally:
        skewed.stop()
        skewed.env = environment
        skewed.start()
    return outcome_of(f"clock of one process {offset}", readers, 0.0, medicines)
