"""The link checker, against a real server on this machine."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from monographs.presentation.moments import long_day_text
from monographs.rules.draft_check import findings_of
from monographs.rules.linkcheck import runner
from monographs.rules.linkcheck.client import ClientSettings, LinkResponse, fetch_link
from monographs.rules.linkcheck.runner import NetworkDown, check_links
from monographs.rules.models import LinkCheck, LinkOutcome
from tests.factories import complete_sections, edit, make_monograph, publish, stream
from tests.ports import free_port

#: So patient that whatever is answered arrives in time, however busy the machine is.
PATIENT = ClientSettings(step_timeout=60, request_timeout=120, address_timeout=240)
INSIDE, OUTSIDE = replace(PATIENT, allow_private=True), PATIENT
#: For servers that do not answer, or not completely: these limits are waited for.
HASTY = ClientSettings(step_timeout=0.5, request_timeout=1, allow_private=True)
#: Seconds between two letters of a header that never ends, well within a step; and how many letters.
DRIP, LETTERS = 0.05, 2_000


class Site(BaseHTTPRequestHandler):
    """Responds according to the path, and records the requests."""

    requests: list[tuple[str, str]]

    def answer(self) -> None:
        self.server.requests.append((self.command, self.path))
        match self.path.strip("/").split("/"):
            case ["status", code]:
                self.reply(int(code))
            case ["head-refused", code]:
                self.reply(405 if self.command == "HEAD" else int(code))
            case ["moved", "0"]:
                self.reply(200)
            case ["moved", times]:
                self.reply(302, f"/moved/{int(times) - 1}")
            case ["to", *address]:
                self.reply(301, "//".join(address).replace("//", "://", 1))
            case ["silent"]:
                self.server.ended.wait()
            case ["dripping"]:
                self.drip()
            case _:
                self.reply(200)

    do_HEAD = do_GET = answer

    def reply(self, code: int, location: str = "") -> None:
        self.send_response(code)
        if location:
            self.send_header("Location", location)
        self.end_headers()

    def drip(self) -> None:
        """Send a header that never ends, one letter at a time, each well within the step timeout."""
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
            for _ in range(LETTERS):
                self.wfile.write(b"x")
                time.sleep(DRIP)
        except OSError:
            self.server.cut.set()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Any]:
    """A web server for one test."""
    httpd: Any = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    httpd.requests, httpd.daemon_threads = [], True
    httpd.cut, httpd.ended = threading.Event(), threading.Event()
    httpd.address = f"http://127.0.0.1:{httpd.server_port}"
    threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield httpd
    httpd.ended.set()
    httpd.shutdown()
    httpd.server_close()


@pytest.mark.parametrize(
    ("path", "outcome", "status"),
    [
        ("/fine?a=b c", LinkOutcome.ANSWERS, 200),
        ("/status/204", LinkOutcome.ANSWERS, 204),
        ("/status/404", LinkOutcome.GONE, 404),
        ("/status/410", LinkOutcome.GONE, 410),
        ("/status/403", LinkOutcome.UNCLEAR, 403),
        ("/status/429", LinkOutcome.UNCLEAR, 429),
        ("/status/500", LinkOutcome.SILENT, 500),
        ("/head-refused/200", LinkOutcome.ANSWERS, 200),
        ("/head-refused/404", LinkOutcome.GONE, 404),
        ("/moved/5", LinkOutcome.ANSWERS, 200),
        ("/moved/6", LinkOutcome.UNCLEAR, 302),
        ("/to/ftp/example.org", LinkOutcome.NOT_ASKED, None),
    ],
)
def test_responses_are_classified(server: Any, path: str, outcome: str, status: int | None) -> None:
    answer = fetch_link(f"{server.address}{path}", INSIDE)
    assert (answer.outcome, answer.status) == (outcome, status)
    assert bool(answer.detail) is (outcome != LinkOutcome.ANSWERS)


def test_get_is_sent_only_where_head_fails(server: Any) -> None:
    fetch_link(f"{server.address}/fine", INSIDE)
    fetch_link(f"{server.address}/head-refused/200", INSIDE)
    assert server.requests == [("HEAD", "/fine"), ("HEAD", "/head-refused/200"), ("GET", "/head-refused/200")]


def test_a_server_that_says_nothing_is_silent(server: Any) -> None:
    answer = fetch_link(f"{server.address}/silent", HASTY)
    assert answer == LinkResponse(LinkOutcome.SILENT, detail="it did not answer in time")


def test_a_server_that_drips_is_cut_off(server: Any) -> None:
    answer = fetch_link(f"{server.address}/dripping", replace(HASTY, step_timeout=60))
    assert (answer.outcome, answer.status) == (LinkOutcome.SILENT, None)
    assert answer.detail
    assert server.cut.wait(60), "all letters were waited for"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[fd00::1]", "0.0.0.0",  # noqa: S104  # requested, not bound to
     "100.64.0.1", "[::ffff:127.0.0.1]", "2130706433", "224.0.0.1"],
)  # fmt: skip
def test_nothing_inside_a_network_is_requested(host: str) -> None:
    answer = fetch_link(f"http://{host}/", OUTSIDE)
    assert answer.outcome == LinkOutcome.NOT_ASKED
    assert "inside a network" in answer.detail


def test_a_refused_address_is_not_even_connected_to(server: Any) -> None:
    assert fetch_link(server.address, OUTSIDE).outcome == LinkOutcome.NOT_ASKED
    assert server.requests == []


@pytest.mark.parametrize("address", ["ftp://example.org/", "file:///etc/passwd", "gopher://x/", "http:///x"])
def test_only_web_addresses_are_requested(address: str) -> None:
    assert fetch_link(address, INSIDE) == LinkResponse(
        LinkOutcome.NOT_ASKED, detail="it is not a web address"
    )


@pytest.mark.parametrize(
    "address", ["http://[::1", "http://example.org:99999/", "http://exa mple.org/\r\nX: y"]
)
def test_a_malformed_address_raises_nothing(address: str) -> None:
    assert fetch_link(address, OUTSIDE).outcome in {LinkOutcome.SILENT, LinkOutcome.NOT_ASKED}


def test_a_closed_port_is_silent() -> None:
    assert fetch_link(f"http://127.0.0.1:{free_port()}/", INSIDE).outcome == LinkOutcome.SILENT


@pytest.fixture
def inside(settings: Any) -> None:
    """Addresses of this machine may be checked."""
    settings.LINK_CHECKS_REACH_PRIVATE = True


def page_with(server: Any, *paths: str) -> Any:
    """A medicine with links to these paths of the server."""
    words = " ".join(f'<a href="{server.address}{path}">The page at {path}</a>.' for path in paths)
    page = make_monograph()
    page.sections = stream(complete_sections(how_it_works=words))
    page.save_revision()
    return page


def saved_outcomes() -> dict[str, str]:
    """The saved outcome for each path."""
    return {c.address.partition("/status")[2] or c.address[-5:]: c.outcome for c in LinkCheck.objects.all()}


@pytest.mark.django_db
@pytest.mark.usefixtures("site", "inside")
class TestRounds:
    def test_links_in_drafts_and_public_texts_are_checked_and_used_by_the_rules(
        self, server: Any, writer: Any, reviewer: Any
    ) -> None:
        page = page_with(server, "/status/404", "/fine")
        publish(page, writer, reviewer)
        words = f'<a href="{server.address}/status/200">Now this page</a>.'
        draft = edit(page, writer, how_it_works=words)
        done = check_links(pause=0)
        assert (done.known, done.checked) == (3, 3)
        assert saved_outcomes() == {"/404": "gone", "/200": "answers", "/fine": "answers"}
        assert "shaky-link" not in {f.rule for f in findings_of(draft, published=None)}

    def test_a_result_is_valid_for_a_while(self, server: Any) -> None:
        page_with(server, "/status/404", "/fine")
        assert check_links(pause=0).checked == 2
        assert check_links(pause=0).checked == 0
        assert check_links(everything=True, pause=0).checked == 2
        LinkCheck.objects.update(checked_at=timezone.now() - timedelta(hours=7))
        assert check_links(pause=0).checked == 1, "what failed is checked again sooner"

    def test_a_link_is_dead_after_failing_for_a_day_in_two_checks(self, server: Any) -> None:
        page = page_with(server, "/status/404")

        def rules() -> set[str]:
            draft = page.get_latest_revision_as_object()
            return {
                f.rule for f in findings_of(draft, published=None) if f.rule in {"dead-link", "shaky-link"}
            }

        check_links(pause=0)
        assert rules() == {"shaky-link"}
        LinkCheck.objects.update(
            checked_at=timezone.now() - timedelta(days=3), first_failed_at=timezone.now() - timedelta(days=3)
        )
        assert rules() == {"shaky-link"}, "a single failed check long ago proves nothing"
        check_links(pause=0)
        assert rules() == {"dead-link"}
        findings = findings_of(page.get_latest_revision_as_object(), published=None)
        (said,) = [finding.message for finding in findings if finding.rule == "dead-link"]
        failed_on = long_day_text(LinkCheck.objects.get().first_failed_at)
        assert f"has not answered since {failed_on}: " in said

    def test_a_link_that_answers_again_is_no_longer_failing(self, server: Any) -> None:
        page_with(server, "/fine")
        LinkCheck.objects.create(
            address=f"{server.address}/fine", outcome="gone", checked_at=timezone.now() - timedelta(days=9),
            first_failed_at=timezone.now() - timedelta(days=20),
        )  # fmt: skip
        check_links(pause=0)
        check = LinkCheck.objects.get()
        assert (check.outcome, check.first_failed_at) == ("answers", None)

    @pytest.mark.parametrize("status", [429, 403])
    def test_what_a_program_may_not_see_does_not_bring_a_dead_link_back(
        self, server: Any, status: int
    ) -> None:
        page_with(server, f"/status/{status}")
        long_ago = timezone.now() - timedelta(days=20)
        LinkCheck.objects.create(
            address=f"{server.address}/status/{status}", outcome="gone", detail="it answers 404 (not found)",
            checked_at=timezone.now() - timedelta(days=9), first_failed_at=long_ago,
        )  # fmt: skip
        check_links(pause=0)
        check = LinkCheck.objects.get()
        assert (check.dead, check.first_failed_at, check.detail) == (
            True,
            long_ago,
            "it answers 404 (not found)",
        )
        assert check_links(pause=0).checked == 0

    @pytest.mark.parametrize(
        ("path", "days", "kept"),
        [("429", 0, True), ("500", 0, True), ("404", 0, True), ("404", 3, False), ("204", 0, False)],
    )
    def test_where_it_moved_to_holds_until_it_answers_otherwise_or_is_dead(
        self, server: Any, path: str, days: int, kept: bool
    ) -> None:
        page_with(server, f"/status/{path}")
        before = timezone.now() - timedelta(days=days)
        LinkCheck.objects.create(
            address=f"{server.address}/status/{path}", outcome="gone" if days else "answers",
            checked_at=timezone.now() - timedelta(days=9), first_failed_at=before if days else None,
            moved_to="https://example.org/new",
        )  # fmt: skip
        check_links(pause=0)
        assert bool(LinkCheck.objects.get().moved_to) is kept

    def test_results_for_addresses_in_no_text_are_deleted(self, server: Any) -> None:
        page_with(server, "/fine")
        for days in (10, 100):
            LinkCheck.objects.create(
                address=f"https://example.org/{days}", outcome="answers",
                checked_at=timezone.now() - timedelta(days=days),
            )  # fmt: skip
        check_links(pause=0)
        assert not LinkCheck.objects.filter(address__endswith="/100").exists()
        assert LinkCheck.objects.filter(address__endswith="/10").exists()

    def test_when_nothing_at_all_answers_no_link_is_marked_as_failing(self, capsys: Any) -> None:
        page = make_monograph()
        page.sections = stream(
            complete_sections(
                how_it_works='<a href="http://one.invalid/">One page</a> <a href="http://two.invalid/">Two</a>'
            )
        )
        page.save_revision()
        with pytest.raises(NetworkDown, match="no result was saved"):
            check_links(pause=0)
        with pytest.raises(CommandError, match="network seems to be down"):
            call_command("check_links")
        assert not LinkCheck.objects.exists()

    def test_the_command_prints_what_fails(self, server: Any, capsys: Any, monkeypatch: Any) -> None:
        monkeypatch.setattr(runner, "PAUSE_SECONDS", 0)
        page_with(server, "/status/404", "/fine")
        call_command("check_links")
        lines = capsys.readouterr().out.splitlines()
        assert lines[-1] == "2 addresses in texts, 2 checked now, 1 failing."
        assert lines[0].startswith(f"{server.address}/status/404: it answers 404 (not found) (since ")
