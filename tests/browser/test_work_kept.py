"""Nothing typed is lost: a table of faults, each driven in Chromium against a real server."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Browser, expect

from tests.browser import lost_session_cases as sessions
from tests.browser import work_kept_cases as cases
from tests.browser.conftest import CHROMIUM_FLAGS, chromium_path
from tests.browser.killable_server import KillableServer
from tests.browser.work_kept import PATIENCE, Ward, kept_records, open_note, type_note, wait_until_kept
from tests.concurrency import wait_for
from tests.factories import get_or_make_user

pytestmark = pytest.mark.django_db(transaction=True)

#: The fault, and the case that drives it.
TABLE: list[tuple[str, Callable[[Ward, str], str]]] = [
    ("session lost while writing, then Save draft", sessions.session_lost_in_the_editor),
    (
        "session lost, signed in with a recovery code",
        sessions.session_lost_and_signed_in_by_recovery_code,
    ),
    ("session lost with a note", sessions.session_lost_with_a_note),
    ("CSRF token stale with a note", sessions.stale_token_with_a_note),
    ("session lost with a reason to return", sessions.session_lost_with_a_return),
    ("session lost with an answer to a note", sessions.session_lost_with_an_answer),
    ("session lost with a reason to overrule", sessions.session_lost_with_a_reason_to_overrule),
    ("page reloaded", cases.reload),
    ("browser back", cases.back_and_forward),
    ("network away", cases.network_away),
    ("server restarted", cases.server_restarted),
    ("secret key replaced", cases.secret_key_replaced),
    ("worker killed in the middle of a save", cases.worker_killed_in_a_save),
    ("two tabs of one person", cases.two_tabs),
    ("two people on one page", cases.two_people),
    ("another person signs in over the page", cases.another_person_signs_in),
    ("blocks moved and removed, then reloaded", cases.blocks_moved_and_removed),
    ("private window without a database", cases.without_a_database_in_the_browser),
]
#: The rows that are driven without ``WORK_KEPT=all``: one of each kind of fault.
SOME = (
    sessions.session_lost_in_the_editor,
    sessions.session_lost_with_a_note,
    sessions.stale_token_with_a_note,
    sessions.session_lost_with_a_return,
    cases.network_away,
    cases.worker_killed_in_a_save,
    cases.two_tabs,
    cases.another_person_signs_in,
)
ROWS = TABLE if os.environ.get("WORK_KEPT") == "all" else [row for row in TABLE if row[1] in SOME]


class KillableBrowser:
    """Chromium with a profile that outlives it."""

    def __init__(self, chromium: Browser, profile: Path, address: str) -> None:
        self.profile = profile
        self.context = chromium.browser_type.launch_persistent_context(
            str(profile),
            executable_path=chromium_path(),
            args=CHROMIUM_FLAGS,
            headless=True,
            base_url=address,
            timeout=2 * PATIENCE,
        )
        self.context.set_default_timeout(PATIENCE)
        self.pages = self.context.pages
        self.set_offline = self.context.set_offline

    def kill(self) -> None:
        """Send SIGKILL to every process of this browser, and wait until all are gone from its profile."""
        ours = [
            process
            for process in psutil.process_iter(["cmdline"])
            if f"--user-data-dir={self.profile}" in (process.info["cmdline"] or [])
        ]
        for process in ours:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(ours, timeout=PATIENCE / 1000)
        (self.profile / "SingletonLock").unlink(missing_ok=True)

    def close(self) -> None:
        """Close the browser."""
        self.context.close()


@pytest.fixture(scope="module")
def server(django_db_setup: None, tmp_path_factory: Any) -> Iterator[KillableServer]:
    """One server for all cases."""
    server = KillableServer(tmp_path_factory.mktemp("server"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def lines() -> Iterator[list[str]]:
    """The rows of the table, printed after the last case."""
    found = [f"{'fault':<48} | {'words typed':<34} | words kept"]
    yield found
    print("\n" + "\n".join(found))  # noqa: T201  # the table is what the module is for


@pytest.fixture
def ward(chromium: Browser, server: KillableServer, site: Any) -> Iterator[Ward]:
    """The browser, the server, and three people."""
    writer, writer2 = (get_or_make_user(name, "Medical writers") for name in ("writer", "writer2"))
    reviewer = get_or_make_user("reviewer", "Medical reviewers", credentials="PharmD")
    ward = Ward(chromium, server, writer, writer2, reviewer)
    yield ward
    for context in chromium.contexts:
        context.close()
    server.kill_file.unlink(missing_ok=True)
    if server.process.poll() is not None:
        server.start()
    server.wait_until_idle()
    assert [error for person in ward.people for error in person.script_errors.unexpected()] == []


@pytest.mark.parametrize(("fault", "case"), ROWS, ids=[case.__name__ for _, case in ROWS])
def test_words_typed_are_words_kept(
    ward: Ward, lines: list[str], fault: str, case: Callable[[Ward, str], str]
) -> None:
    words = f"Take it with water, {len(lines)}."
    kept = "lost"
    try:
        kept = case(ward, words)
    finally:
        lines.append(f"{fault:<48} | {words:<34} | {kept}")
    assert kept == words


def test_words_outlive_the_browser(ward: Ward, lines: list[str], chromium: Browser, tmp_path: Path) -> None:
    """The network is away, every process of the browser is killed, and later both are back."""

    def start() -> KillableBrowser:
        return KillableBrowser(chromium, tmp_path / "profile", ward.server.address)

    test_words_typed_are_words_kept(
        ward, lines, "browser killed while the network is away", partial(cases.browser_killed, start=start)
    )


def test_kept_text_is_forgotten(ward: Ward) -> None:
    """At sign-out, also in another tab, and after a day; and nobody else can read it before."""
    submission, screen = ward.in_review(), ward.open(ward.reviewer)
    type_note(open_note(screen, submission), "Which label says so?")
    wait_until_kept(screen)
    [record] = kept_records(screen)
    assert record["user"] == ward.reviewer.pk
    assert "label" not in record["text"]
    screen.evaluate(
        """() => new Promise((resolve) => {
          const request = indexedDB.open("kept-text", 1);
          request.onsuccess = () => {
            const change = request.result.transaction("texts", "readwrite");
            const texts = change.objectStore("texts");
            texts.getAll().onsuccess = ({ target }) => {
              texts.put({ ...target.result[0], at: Date.now() - 25 * 60 * 60 * 1000 });
            };
            change.oncomplete = resolve;
          };
        })"""
    )
    screen.goto("/admin/review/")
    wait_for(lambda: kept_records(screen) == [])

    type_note(open_note(screen, submission), "Which label says so?")
    wait_until_kept(screen)
    other = screen.context.new_page()
    other.goto("/admin/")
    assert len(kept_records(other)) == 1
    other.evaluate(
        """() => {
          const make = (tag, values) => Object.assign(document.createElement(tag), values);
          const form = make("form", { method: "post", action: "/admin/logout/" });
          const value = document.cookie.match(/csrftoken=([^;]+)/)[1];
          form.append(make("input", { name: "csrfmiddlewaretoken", value }));
          document.body.append(form);
          form.requestSubmit();
        }"""
    )
    other.wait_for_url("**/admin/login/")
    expect(screen).to_have_url(re.compile("/admin/login/"), timeout=PATIENCE)
    wait_for(lambda: kept_records(other) == [])
