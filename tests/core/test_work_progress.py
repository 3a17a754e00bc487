"""Long work tells of itself by a bar on a terminal and by whole lines elsewhere, and can be interrupted."""

import os
import pty
import signal
import subprocess
import sys
from io import StringIO
from typing import Any

import pytest
from django.core.management.base import CommandError, OutputWrapper

from monographs.core.work_progress import INTERRUPTED, NoProgress, progress_on

#: A command with long work, without a database.
PROGRAM = """
import os, signal, sys, time
from django.core.management.base import BaseCommand
from django.conf import settings
signal.signal(signal.SIGINT, signal.default_int_handler)  # shells let background processes ignore it
settings.configure()
from monographs.core.work_progress import progress_on

class Command(BaseCommand):
    requires_system_checks = []
    def handle(self, **options):
        with progress_on(self.stderr, "Two files are left.") as progress:
            progress.step("copying", 4, "files")
            for number in range(4):
                progress.advance()
                with progress.aside():
                    self.stdout.write(f"file {number}")
                if "interrupt" in sys.argv and number == 1:
                    os.kill(os.getpid(), getattr(signal, sys.argv[-1]))
Command().run_from_argv(["manage.py", "work"])
"""


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def run(*arguments: str, **streams: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", PROGRAM, *arguments]
    return subprocess.run(command, text=True, check=False, timeout=600, **streams)


def test_elsewhere_each_tenth_is_a_line() -> None:
    stream = StringIO()
    with progress_on(OutputWrapper(stream)) as progress:
        progress.step("reading the ledger")
        progress.step("checking", 40, "pages")
        for _ in range(40):
            progress.advance()
        progress.step("copying", unit="MB")
        progress.advance(7)
        progress.say("Beginning again.")
    lines = stream.getvalue().splitlines()
    assert lines[:3] == ["reading the ledger", "checking: 4 of 40 pages", "checking: 8 of 40 pages"]
    assert lines[10:] == ["checking: 40 of 40 pages", "copying", "Beginning again.", "copying: 7 MB"]
    assert "\r" not in stream.getvalue()


def test_a_terminal_gets_a_bar_with_rate_and_time_left() -> None:
    stream = Terminal()
    with progress_on(OutputWrapper(stream)) as progress:
        progress.step("checking", 40, "pages")
        progress.advance(40)
        progress.step("copying", unit="MB")
        progress.advance(7)
        progress.say("Beginning again.")
    shown = stream.getvalue()
    assert "\rchecking: 100%" in shown
    assert " pages/s]" in shown
    assert "<" in shown, "the time left"
    assert "Beginning again.\n" in shown


def test_a_command_whose_output_has_its_lines_adds_none() -> None:
    stream = StringIO()
    with progress_on(OutputWrapper(stream), lines=False) as progress:
        assert isinstance(progress, NoProgress)


def test_an_interruption_says_what_is_left() -> None:
    message = r"^Interrupted\. Run it again\.$"
    with pytest.raises(CommandError, match=message) as refusal, progress_on(StringIO(), "Run it again."):
        raise KeyboardInterrupt
    assert refusal.value.returncode == INTERRUPTED


def test_the_signal_handler_is_as_before() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with progress_on(StringIO()):
        pass
    assert signal.getsignal(signal.SIGTERM) is before


def test_ctrl_c_ends_a_command_with_a_message() -> None:
    done = run("interrupt", "SIGINT", capture_output=True)
    assert done.returncode == INTERRUPTED
    assert done.stderr.splitlines()[-1] == "CommandError: Interrupted. Two files are left."
    assert "Traceback" not in done.stderr
    assert run("interrupt", "SIGTERM", capture_output=True).returncode == 128 + signal.SIGTERM


def test_a_real_terminal_shows_bar_and_lines() -> None:
    leader, follower = pty.openpty()
    try:
        done = run(stdout=follower, stderr=follower, stdin=follower)
        shown = os.read(leader, 100_000).decode()
    finally:
        os.close(follower)
        os.close(leader)
    assert done.returncode == 0
    assert "copying: 100%" in shown
    for number in range(4):
        assert f"file {number}\r\n" in shown
