"""Rules of review: submit, recall, return, sign, read, annotate."""

from typing import Any

from hypothesis import strategies as st

from tests.factories import PASSWORD
from tests.stateful import admin_client
from tests.stateful.actors import PEOPLE
from tests.stateful.admin_client import AdminPage
from tests.stateful.base import BaseMachine, machine_rule, people, which
from tests.stateful.oracle_submissions import require

kinds = st.sampled_from(["full_review", "full_review", "correction"])


def has_submission(machine: Any) -> bool:
    """Return whether there is a submission."""
    return bool(machine.sent)


def has_open_submission(machine: Any) -> bool:
    """Return whether a submission is in review."""
    return bool(machine.open_submissions())


def has_note(machine: Any) -> bool:
    """Return whether there is a note."""
    return bool(machine.sent and admin_client.notes())


class ReviewRules(BaseMachine):
    """Actions of writers and reviewers on submissions."""

    @machine_rule(who=people, page=which, kind=kinds)
    def submit(self, who: str, page: int, kind: str) -> str:
        target = self.nth_page(page)
        self.record_submission(target, self.actor(who).submit(target, kind))
        return who

    @machine_rule(
        who=people, page=which, change=st.sampled_from(["number", "negation"]), doses=st.integers(2, 99)
    )
    def correct_a_dose(self, who: str, page: int, change: str, doses: int) -> str:
        """Submit a change of a number or a negation as a correction, which needs a full review."""
        target = self.nth_page(page)
        current = self.oracle.page(target.key).current
        if current is None or self.is_in_review(target):
            return who
        said = f"Take it {doses} times a day." if change == "number" else "Do not take it."
        before = target.draft.text
        target = self.write(who, target, text=f"<p>{said}</p>")
        went = self.actor(who).submit(target, "correction")
        self.record_submission(target, went)
        refused = said in current.canonical or not went
        require(refused, f"{target.title}: “{said}” instead of “{before}” passed as a correction")
        return who

    @machine_rule(who=people, text=which, when=has_submission)
    def recall(self, who: str, text: int) -> str:
        self.actor(who).post(f"review/{self.nth_submission(text)['id']}/recall/", reason="Wait.")
        return who

    @machine_rule(who=people, text=which, when=has_submission)
    def give_back(self, who: str, text: int) -> str:
        self.actor(who).post(f"review/{self.nth_submission(text)['id']}/return/", reason="Explain the pump.")
        return who

    @machine_rule(
        who=people,
        text=which,
        password=st.sampled_from([PASSWORD, PASSWORD, PASSWORD, "guess"]),
        stale=st.sampled_from([False, False, False, True]),
        prepared=st.sampled_from([True, True, False]),
        when=has_submission,
    )
    def sign_somehow(self, who: str, text: int, password: str, stale: bool, prepared: bool) -> str:
        """Sign as any user, with a right or wrong password and hash, read or unread."""
        sent = self.nth_submission(text)
        other = next((s["sha256"] for s in self.sent if s["sha256"] != sent["sha256"]), "0" * 64)
        sha256 = other if stale else sent["sha256"]
        self.record_signature(
            sent, self.actor(who).sign(sent, password=password, sha256=sha256, prepared=prepared)
        )
        return who

    @machine_rule(who=people, text=which, most=st.integers(0, 3), when=has_submission)
    def read_some(self, who: str, text: int, most: int) -> str:
        """Mark a few sections as read, or one as unread."""
        sent = self.nth_submission(text)
        if most:
            self.actor(who).prepare(sent, most)
        else:
            self.actor(who).unmark(sent)
        return who

    @machine_rule(who=people, text=which, when=has_submission)
    def leave_note(self, who: str, text: int) -> str:
        """Leave a note, which blocks signing. Its words must never be public."""
        self.actor(who).leave_note(self.nth_submission(text), f"Explain {self.oracle.word(who)}.")
        return who

    @machine_rule(
        who=people,
        text=which,
        note=which,
        act=st.sampled_from(["answer", "resolve", "withdraw", "reopen"]),
        when=has_note,
    )
    def settle_note(self, who: str, text: int, note: int, act: str) -> str:
        """Act on any note as any user, through any submission."""
        notes = admin_client.notes()
        chosen = notes[note % len(notes)]
        sent = self.nth_submission(text)
        done = self.actor(who).settle(sent, chosen["id"], act, "Done.")
        require(
            not done or chosen["key"] == sent["key"], f"{who} settled a note through another page's review"
        )
        return who

    @machine_rule(who=people, page=which, first=which)
    def carry_on(self, who: str, page: int, first: int) -> None:
        """Edit, submit and sign a page, as users who may."""
        target = self.nth_page(page)
        if any(sent["page"] == target.id for sent in self.open_submissions()):
            return
        self.actor(who).edit(target, target.draft.with_word("text", self.oracle.word(who)))
        self.record_page_changes(who)
        self._send_and_sign(who, self.pages[target.id], first)

    @machine_rule(text=which, when=has_open_submission)
    def sign_own(self, text: int) -> str | None:
        """Sign as a reviewer who contributed to the text."""
        sent = self.open_submissions()[text % len(self.open_submissions())]
        authors = sorted(self.oracle.authors(self.oracle.sent[sent["uuid"]].text))
        own = [
            n
            for n in authors
            if any(self.organisation.may_sign(n, step.name) for step in self.organisation.steps)
        ]
        if not own:
            return None
        self.record_signature(sent, self.actor(own[0]).sign(sent))
        return own[0]

    @machine_rule(text=which, first=which, when=has_open_submission)
    def sign_rightly(self, text: int, first: int) -> str | None:
        """Sign as a user who may, according to the oracle."""
        return self._sign(self.open_submissions()[text % len(self.open_submissions())], first)

    @machine_rule(who=people, page=which, first=which)
    def go_through(self, who: str, page: int, first: int) -> str:
        """Submit and sign in one step, so that a short example has many editions."""
        self._send_and_sign(who, self.nth_page(page), first)
        return ""

    def _send_and_sign(self, who: str, target: AdminPage, first: int) -> None:
        went = self.actor(who).submit(target, "full_review")
        self.record_submission(target, went)
        if went:
            self._sign(admin_client.submissions()[-1], first)

    def _sign(self, sent: dict[str, Any], first: int) -> str | None:
        steps = {name for name, _ in self.organisation.required_steps()}
        excluded = self.oracle.barred(self.oracle.sent[sent["uuid"]].text)
        names = sorted(PEOPLE)
        order = [*names[first:], *names[:first]]
        fit = [
            n
            for n in order
            if n not in excluded and any(self.organisation.may_sign(n, step) for step in steps)
        ]
        if not fit:
            return None
        for note in admin_client.notes():
            if note["key"] == sent["key"] and note["status"] == "open":
                self.actor(note["author"]).settle(sent, note["id"], "withdraw")
        self.record_signature(sent, self.actor(fit[0]).sign(sent))
        return fit[0]
