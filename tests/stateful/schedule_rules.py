"""Rules of scheduling, withdrawal and restoration."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from wagtail.models import Page

from monographs.review.publication.scheduled import publish_due
from tests.factories import PASSWORD
from tests.stateful import admin_client
from tests.stateful.actors import is_review_redirect
from tests.stateful.base import BaseMachine, machine_rule, people, which
from tests.stateful.oracle_submissions import require

RETIREMENT_CAUSE = "retired"
CAUSES = ["mistake", "new_safety_information", "medicine_recalled", "no_longer_available", "being_checked"]


def has_edition(machine: Any) -> bool:
    """Return whether there is an edition."""
    return any(page.editions for page in machine.oracle.pages.values())


class ScheduleRules(BaseMachine):
    """Scheduled publication, withdrawal and restoration."""

    @machine_rule(who=people, page=which, hours=st.integers(1, 48))
    def submit_for_a_day(self, who: str, page: int, hours: int) -> str:
        target = self.nth_page(page)
        moment = self.now().replace(second=0, microsecond=0) + timedelta(hours=hours, minutes=30)
        at = f"{moment:%Y-%m-%dT%H:%M}"
        went = self.actor(who).submit(target, "full_review", publish_at=at)
        self.record_submission(target, went, moment)
        return who

    @machine_rule(hours=st.integers(0, 48))
    def let_time_pass(self, hours: int) -> None:
        """Advance the time and run the scheduler."""
        self.hours += hours
        publish_due(now=self.now())

    @machine_rule(days=st.sampled_from([-2, 2]))
    def run_the_scheduler(self, days: int) -> None:
        """Run the scheduler where the clock is wrong: what is due is decided by the database's."""
        with self.web_clock.wrong_by(timedelta(days=days)):
            publish_due()

    @machine_rule(seconds=st.sampled_from([-400, 0, 400]))
    def set_web_clock(self, seconds: int) -> None:
        """Set the web server's clock wrong for all that follows, within the life of a session."""
        self.web_clock.error = timedelta(seconds=seconds)

    @machine_rule(
        who=people,
        page=which,
        cause=st.sampled_from(CAUSES),
        password=st.sampled_from([PASSWORD, PASSWORD, "guess"]),
        when=has_edition,
    )
    def withdraw(self, who: str, page: int, cause: str, password: str) -> str:
        """Withdraw a page, which a qualified reviewer must always be able to do."""
        key = self._published(page)
        known = self.oracle.page(key)
        person = self.actor(who)
        answer = person.post(f"review/record/{key}/withdraw/", cause=cause, note="Wrong.", password=password)
        done = (answer.status, answer.location) == (302, f"/admin/review/record/{key}/")
        may = self.organisation.may_withdraw(who) and password == PASSWORD and not known.withdrawn
        require(done <= may, f"{who} withdrew {key} without being entitled to")
        require(may <= done, f"{who} could not withdraw {key}: {answer.status}")
        if done:
            self.oracle.withdrew(key)
        return who

    @machine_rule(who=people, page=which, bulk=st.booleans(), when=has_edition)
    def delete_in_admin(self, who: str, page: int, bulk: bool) -> str:
        """Delete a page that ever had an edition, which nobody can."""
        key = self._published(page)
        pk = Page.objects.filter(translation_key=key).values_list("pk", flat=True).first()
        person = self.actor(who)
        person.post(f"bulk/wagtailcore/page/delete/?id={pk}" if bulk else f"pages/{pk}/delete/")
        require(Page.objects.filter(pk=pk).exists(), f"{who} deleted {key}, which had an edition")
        return who

    @machine_rule(
        who=st.sampled_from(["emil", "emil", "alma", "wanda", "rita"]),
        signer=people,
        page=which,
        password=st.sampled_from([PASSWORD, PASSWORD, "guess"]),
        when=has_edition,
    )
    def retire(self, who: str, signer: str, page: int, password: str) -> None:
        """Propose to retire a page that had an edition, and sign that."""
        key = self._published(page)
        record = f"/admin/review/record/{key}/"
        form = {"cause": RETIREMENT_CAUSE, "note": "Old."}
        proposed = self.actor(who).post(f"review/record/{key}/retire/", **form)
        require(
            (proposed.status, proposed.location) != (302, record) or who == "emil",
            f"{who} proposed to retire {key} and is no editor",
        )
        for proposal in admin_client.open_proposals(key):
            address = f"review/record/{key}/retire/{proposal}/sign/"
            answer = self.actor(signer).post(address, password=password)
            if (answer.status, answer.location) == (302, record):
                may = self.organisation.may_withdraw(signer) and password == PASSWORD
                require(may, f"{signer} retired {key} without being entitled to")
                self.oracle.withdrew(key)

    @machine_rule(who=people, page=which, number=which, when=has_edition)
    def restore(self, who: str, page: int, number: int) -> str:
        """Submit an earlier edition again."""
        key = self._published(page)
        wanted = number % len(self.oracle.page(key).editions) + 1
        answer = self.actor(who).post(f"review/record/{key}/restore/", number=wanted, reason="It was right.")
        if is_review_redirect(answer):
            new = admin_client.submissions()[-1]
            require(new["key"] == key, "the page that is brought back is another one")
            self.oracle.restored(new, self.organisation.required_steps(), wanted)
        return who

    def _published(self, n: int) -> str:
        keys = [key for key, page in self.oracle.pages.items() if page.editions]
        return keys[n % len(keys)]
