"""Publication on a day, withdrawal, and the return of an earlier edition."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st

from monographs.review.publication.scheduled import publish_due
from tests.factories import PASSWORD
from tests.stateful import admin_client
from tests.stateful.actors import is_review
from tests.stateful.base import Frame, deed, people, which
from tests.stateful.oracle import hold

CAUSES = ["mistake", "new_safety_information", "medicine_recalled", "no_longer_available", "being_checked"]


def any_edition(machine: Any) -> bool:
    """Whether anything was ever public."""
    return any(page.editions for page in machine.oracle.pages.values())


class Timing(Frame):
    """What is signed becomes public on its day, is taken away, comes back."""

    @deed(who=people, page=which, hours=st.integers(1, 48))
    def submit_for_a_day(self, who: str, page: int, hours: int) -> str:
        target = self.nth_page(page)
        moment = timezone.now().replace(second=0, microsecond=0) + timedelta(
            hours=self.hours + hours, minutes=30
        )
        at = f"{moment:%Y-%m-%dT%H:%M}"
        went = self.someone(who).submit(target, "full_review", publish_at=at)
        self.note_submission(target, went, moment)
        return who

    @deed(hours=st.integers(0, 48))
    def let_time_pass(self, hours: int) -> None:
        """The scheduler runs, some hours later."""
        self.hours += hours
        publish_due(now=self.now())

    @deed(
        who=people,
        page=which,
        cause=st.sampled_from(CAUSES),
        password=st.sampled_from([PASSWORD, PASSWORD, "guess"]),
        when=any_edition,
    )
    def withdraw(self, who: str, page: int, cause: str, password: str) -> str:
        """Take a page from patients; a qualified reviewer must always be able to."""
        key = self._published(page)
        known = self.oracle.page(key)
        person = self.someone(who)
        answer = person.post(f"review/record/{key}/withdraw/", cause=cause, note="Wrong.", password=password)
        done = (answer.status, answer.location) == (302, f"/admin/review/record/{key}/")
        may = self.house.may_withdraw(who) and password == PASSWORD and not known.withdrawn
        hold(done <= may, f"{who} withdrew {key} without being entitled to")
        hold(may <= done, f"{who} could not withdraw {key}: {answer.status}")
        if done:
            self.oracle.withdrew(key)
        return who

    @deed(who=people, page=which, number=which, when=any_edition)
    def restore(self, who: str, page: int, number: int) -> str:
        """Put an earlier edition before reviewers again."""
        key = self._published(page)
        wanted = number % len(self.oracle.page(key).editions) + 1
        answer = self.someone(who).post(
            f"review/record/{key}/restore/", number=wanted, reason="It was right."
        )
        if is_review(answer):
            new = admin_client.submissions()[-1]
            hold(new["key"] == key, "the page that is brought back is another one")
            self.oracle.restored(new, self.house.asked_for(), wanted)
        return who

    def _published(self, n: int) -> str:
        keys = [key for key, page in self.oracle.pages.items() if page.editions]
        return keys[n % len(keys)]
