"""Rules by which a reviewer's own words, or a deletion of theirs, come back to them for a signature."""

from typing import Any

from django.db.models import Model
from hypothesis import strategies as st
from wagtail.images import get_image_model
from wagtail.log_actions import LogContext

from monographs.models import ConditionPage
from tests.stateful import admin_client
from tests.stateful.admin_client import AdminPage
from tests.stateful.attack_rules import refusal_allowed
from tests.stateful.base import BaseMachine, machine_rule, people, which
from tests.stateful.oracle_submissions import require
from tests.stateful.people_rules import reviewers
from tests.stateful.review_rules import has_note

writers = st.sampled_from(["wanda", "walter", "emil"])


class AuthorshipRules(BaseMachine):
    """Each ends with an attempt to sign that must be refused."""

    @machine_rule(writer=writers, note=which, when=has_note)
    def adopt_a_note(self, writer: str, note: int) -> None:
        """Put the words of a note into the text; its author then tries to sign."""
        notes = admin_client.notes()
        chosen = notes[note % len(notes)]
        page = next((page for page in self.pages.values() if page.key == chosen["key"]), None)
        if page is None:
            return
        self._recall(page)
        page = self.write(writer, page, text=f"<p>{chosen['body']}</p>")
        self.submit_and_try(writer, page, chosen["author"])

    @machine_rule(
        reviewer=reviewers,
        writer=writers,
        page=which,
        answer=st.sampled_from(["accept", "accept", "decline", "withdraw"]),
    )
    def suggest_and_answer(self, reviewer: str, writer: str, page: int, answer: str) -> None:
        """Suggest words for a text in review, and answer once it is recalled; their author tries to sign."""
        target = self.nth_page(page)
        if not self.is_in_review(target):
            self.record_submission(target, self.actor(writer).submit(target, "full_review"))
        sent = next(
            (s for s in admin_client.submissions() if s["page"] == target.id and s["status"] == "in_review"),
            None,
        )
        word = self.oracle.word(reviewer)
        number = self.actor(reviewer).suggest(sent, target.draft.summary, f"It is {word}.") if sent else 0
        if not sent or not number:
            return
        in_review = self.actor(writer).answer_suggestion(sent, number, "accept")
        require(not in_review, f"{writer} accepted a suggestion in a text in review")
        self._recall(target)
        by = reviewer if answer == "withdraw" else writer
        done = self.actor(by).answer_suggestion(sent, number, answer)
        again = self.actor(writer).answer_suggestion(sent, number, "accept")
        require(not (done and again), f"a suggestion was answered twice, by {by} and {writer}")
        self.record_page_changes(writer)
        self.actor(reviewer).answer_suggestion(sent, number, "withdraw")
        self.submit_and_try(writer, self.pages[target.id], reviewer)

    @machine_rule(reviewer=reviewers, writer=writers, page=which, kind=st.sampled_from(["advice", "figure"]))
    def complete_unfinished_block(self, reviewer: str, writer: str, page: int, kind: str) -> None:
        """Complete a block that a reviewer left unfinished; they then try to sign."""
        target = self.nth_page(page)
        image = self.initial_site.image
        if target.draft.kind != "monograph" or (kind == "figure" and image not in self.images):
            return
        self._recall(target)
        word = self.oracle.word(reviewer)
        begun: dict[str, Any] = {"advice": f"<p>Call us about {word}.</p>", "urgency": ""}
        ended: dict[str, Any] = {"urgency": "call_today"}
        if kind == "figure":
            begun, ended = {"image": None, "alt": f"A pump, {word}."}, {"image": image}
        target = self.write(writer, self.write(reviewer, target, **begun), **ended)
        self.submit_and_try(writer, target, reviewer)

    @machine_rule(
        who=people,
        writer=writers,
        what=st.sampled_from(["condition", "image"]),
        how=st.sampled_from(["view", "bulk", "code"]),
    )
    def delete_what_texts_name(self, who: str, writer: str, what: str, how: str) -> None:
        """Delete a condition or an image; who did it then tries to sign the text without it."""
        image, condition = self.initial_site.image, self.initial_site.condition
        pk, address, bulk = {
            "condition": (condition, f"pages/{condition}/delete/", "wagtailcore/page"),
            "image": (image, f"images/{image}/delete/", "wagtailimages/image"),
        }[what]
        present = self.images if what == "image" else set(self.things)
        naming = [page for page in self.pages.values() if pk in (*page.draft.conditions, page.draft.image)]
        if pk not in present or not naming:
            return
        if how == "code":
            rows: Any = get_image_model() if what == "image" else ConditionPage
            self._delete_in_code(rows.objects.get(pk=pk), who)
        else:
            self.actor(who).post(f"bulk/{bulk}/delete/?id={pk}" if how == "bulk" else address)
        self.record_page_changes(who)
        if pk in (self.images if what == "image" else self.things):
            return  # they may not
        page = self.pages[naming[0].id]
        self._recall(page)
        lost: dict[str, Any] = {"conditions": ()} if what == "condition" else {"image": None, "alt": ""}
        self.submit_and_try(writer, self.write(writer, page, **lost), who)

    def _delete_in_code(self, row: Model, who: str) -> None:
        with refusal_allowed(), LogContext(user=self.account(who)):
            row.delete()

    def _recall(self, page: AdminPage) -> None:
        for sent in admin_client.submissions():
            if sent["page"] == page.id and sent["status"] in ("in_review", "scheduled"):
                self.actor("emil").post(f"review/{sent['id']}/recall/", reason="Wait.")
