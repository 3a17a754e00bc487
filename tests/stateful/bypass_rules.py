"""Rules that try Wagtail's own ways of publishing, as every user."""

from typing import Any

from hypothesis import strategies as st

from tests.stateful import admin_client
from tests.stateful.base import BaseMachine, machine_rule, people, which
from tests.stateful.review_rules import has_submission

BUTTONS = [
    {"action-publish": "1"},
    {"action-submit": "1"},
    {"action-cancel-workflow": "1"},
    {"action-restart-workflow": "1"},
    {"action-workflow-action": "1", "workflow-action-name": "approve"},
    {"action-workflow-action": "1", "workflow-action-name": "reject"},
    {"action-unpublish": "1"},
    {"go_live_at": "2020-01-01 00:00"},
]


class BypassRules(BaseMachine):
    """None of these may publish a word."""

    @machine_rule(who=people, page=which, button=st.sampled_from(BUTTONS), change=st.booleans())
    def press(self, who: str, page: int, button: dict[str, str], change: bool) -> str:
        """Press a button of the editor, shown or not."""
        target = self.nth_page(page)
        draft = target.draft.with_word("text", self.oracle.word(who)) if change else target.draft
        self.actor(who).edit(target, draft, **button)
        return who

    @machine_rule(
        who=people, text=which, page=which, action=st.sampled_from(["approve", "reject"]), when=has_submission
    )
    def workflow_action(self, who: str, text: int, page: int, action: str) -> str | None:
        """Approve or reject a task state by its address, perhaps with another page's id."""
        sent = self.nth_submission(text)
        state = sent["task_state"]
        if not state or not sent["page"]:
            return None
        target = self.nth_page(page).id if page else sent["page"]
        self.actor(who).post(f"pages/workflow/action/{target}/{action}/{state}/", comment="Fine.")
        return who

    @machine_rule(
        who=people, page=which, action=st.sampled_from(["publish", "unpublish", "delete", "convert_alias"])
    )
    def call_api(self, who: str, page: int, action: str) -> str:
        self.actor(who).call(self.nth_page(page).id, action)
        return who

    @machine_rule(who=people, page=which, elsewhere=st.booleans())
    def move(self, who: str, page: int, elsewhere: bool) -> str:
        target = self.nth_page(page).id
        to = self.initial_site.classes if elsewhere else self.initial_site.medicines
        if elsewhere:
            self.actor(who).call(target, "move", destination_page_id=to)
        else:
            self.actor(who).post(f"pages/{target}/move/{to}/confirm/")
        return who

    @machine_rule(who=people, page=which, view=st.sampled_from(["unpublish", "delete", "convert_alias"]))
    def confirm(self, who: str, page: int, view: str) -> str:
        """Post to a confirmation page."""
        if view == "delete" and len(self.pages) == 1:
            return who  # without pages there is nothing left to test
        self.actor(who).post(f"pages/{self.nth_page(page).id}/{view}/")
        return who

    @machine_rule(
        who=people,
        pages=st.lists(which, min_size=1, max_size=3),
        action=st.sampled_from(["publish", "unpublish", "delete", "move"]),
    )
    def bulk(self, who: str, pages: list[int], action: str) -> str:
        """Perform a bulk action."""
        chosen = {self.nth_page(page).id for page in pages}
        if action == "delete" and len(chosen) == len(self.pages):
            chosen.pop()  # without pages there is nothing left to test
        ids = "&".join(f"id={page}" for page in sorted(chosen))
        more: dict[str, Any] = {"chooser": str(self.initial_site.classes)} if action == "move" else {}
        self.actor(who).post(f"bulk/wagtailcore/page/{action}/?{ids}", **more)
        return who

    @machine_rule(who=people, page=which, back=which)
    def unschedule(self, who: str, page: int, back: int) -> str:
        target = self.nth_page(page)
        past = admin_client.revisions(target.id)
        self.actor(who).post(f"pages/{target.id}/revisions/{past[back % len(past)]['id']}/unschedule/")
        return who
