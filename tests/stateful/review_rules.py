"""The way through review: submit, recall, return, sign."""

from typing import Any

from hypothesis import strategies as st

from tests.factories import PASSWORD
from tests.stateful import admin_client
from tests.stateful.actors import PEOPLE
from tests.stateful.admin_client import DeskPage
from tests.stateful.base import Frame, deed, people, which
from tests.stateful.oracle import hold

kinds = st.sampled_from(["full_review", "full_review", "correction"])


def any_sent(machine: Any) -> bool:
    """Whether there is anything to sign."""
    return bool(machine.sent)


def any_open(machine: Any) -> bool:
    """Whether something waits for a signature."""
    return bool(machine.open_ones())


def any_note(machine: Any) -> bool:
    """Whether anybody left a note on anything."""
    return bool(machine.sent and admin_client.notes())


class Reviewing(Frame):
    """Texts go before reviewers."""

    @deed(who=people, page=which, kind=kinds)
    def submit(self, who: str, page: int, kind: str) -> str:
        target = self.nth_page(page)
        self.note_submission(target, self.someone(who).submit(target, kind))
        return who

    @deed(who=people, text=which, when=any_sent)
    def recall(self, who: str, text: int) -> str:
        self.someone(who).post(f"review/{self.nth_sent(text)['id']}/recall/", reason="Wait.")
        return who

    @deed(who=people, text=which, when=any_sent)
    def give_back(self, who: str, text: int) -> str:
        self.someone(who).post(f"review/{self.nth_sent(text)['id']}/return/", reason="Explain the pump.")
        return who

    @deed(
        who=people,
        text=which,
        password=st.sampled_from([PASSWORD, PASSWORD, PASSWORD, "guess"]),
        stale=st.sampled_from([False, False, False, True]),
        prepared=st.sampled_from([True, True, False]),
        when=any_sent,
    )
    def sign_somehow(self, who: str, text: int, password: str, stale: bool, prepared: bool) -> str:
        """Anybody, with any password, for the text on the screen or for another one, read or not."""
        sent = self.nth_sent(text)
        other = next((s["sha256"] for s in self.sent if s["sha256"] != sent["sha256"]), "0" * 64)
        sha256 = other if stale else sent["sha256"]
        self.note_signature(
            sent, self.someone(who).sign(sent, password=password, sha256=sha256, prepared=prepared)
        )
        return who

    @deed(who=people, text=which, most=st.integers(0, 3), when=any_sent)
    def read_some(self, who: str, text: int, most: int) -> str:
        """Somebody marks a few sections, and takes the first mark back when they mark none."""
        sent = self.nth_sent(text)
        if most:
            self.someone(who).prepare(sent, most)
        else:
            self.someone(who).unmark(sent)
        return who

    @deed(who=people, text=which, when=any_sent)
    def leave_note(self, who: str, text: int) -> str:
        """A note keeps the text from being signed. Its words are nobody's but the desk's."""
        self.someone(who).leave_note(self.nth_sent(text), f"Explain {self.oracle.word(who)}.")
        return who

    @deed(
        who=people,
        text=which,
        note=which,
        act=st.sampled_from(["answer", "resolve", "withdraw", "reopen"]),
        when=any_note,
    )
    def settle_note(self, who: str, text: int, note: int, act: str) -> str:
        """Anybody does anything to a note of any page, through the review of any text."""
        notes = admin_client.notes()
        chosen = notes[note % len(notes)]
        sent = self.nth_sent(text)
        done = self.someone(who).settle(sent, chosen["id"], act, "Done.")
        hold(not done or chosen["key"] == sent["key"], f"{who} settled a note through another page's review")
        return who

    @deed(who=people, page=which, first=which)
    def carry_on(self, who: str, page: int, first: int) -> None:
        """A day at the office: somebody changes a page and submits it, and somebody who may signs it."""
        target = self.nth_page(page)
        if any(sent["page"] == target.id for sent in self.open_ones()):
            return
        self.someone(who).edit(target, target.draft.with_word("text", self.oracle.word(who)))
        self.settle_pages(who)
        self._send_and_sign(who, self.pages[target.id], first)

    @deed(text=which, when=any_open)
    def sign_own(self, text: int) -> str | None:
        """Somebody who wrote in the text and is a reviewer too."""
        sent = self.open_ones()[text % len(self.open_ones())]
        authors = sorted(self.oracle.authors(self.oracle.sent[sent["uuid"]].text))
        own = [n for n in authors if any(self.house.entitles(n, step.name) for step in self.house.steps)]
        if not own:
            return None
        self.note_signature(sent, self.someone(own[0]).sign(sent))
        return own[0]

    @deed(text=which, first=which, when=any_open)
    def sign_rightly(self, text: int, first: int) -> str | None:
        """Somebody who may, as far as this test knows."""
        return self._sign(self.open_ones()[text % len(self.open_ones())], first)

    @deed(who=people, page=which, first=which)
    def go_through(self, who: str, page: int, first: int) -> str:
        """Submit and sign in one go, so that a short example holds many editions."""
        self._send_and_sign(who, self.nth_page(page), first)
        return ""

    def _send_and_sign(self, who: str, target: DeskPage, first: int) -> None:
        went = self.someone(who).submit(target, "full_review")
        self.note_submission(target, went)
        if went:
            self._sign(admin_client.submissions()[-1], first)

    def _sign(self, sent: dict[str, Any], first: int) -> str | None:
        steps = {name for name, _ in self.house.asked_for()}
        barred = self.oracle.authors(self.oracle.sent[sent["uuid"]].text)
        names = sorted(PEOPLE)
        order = [*names[first:], *names[:first]]
        fit = [n for n in order if n not in barred and any(self.house.entitles(n, step) for step in steps)]
        if not fit:
            return None
        for note in admin_client.notes():
            if note["key"] == sent["key"] and note["status"] == "open":
                self.someone(note["author"]).settle(sent, note["id"], "withdraw")
        self.note_signature(sent, self.someone(fit[0]).sign(sent))
        return fit[0]
