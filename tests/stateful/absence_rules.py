"""Rules of absences: who stands in for whom, which lets nobody sign what they may not sign themselves."""

from monographs.core.db_clock import database_today
from tests.stateful.base import BaseMachine, machine_rule, people
from tests.stateful.oracle_submissions import require
from tests.stateful.people_rules import reviewers


class AbsenceRules(BaseMachine):
    """People say that somebody else stands in for them today; the oracle ignores it."""

    @machine_rule(who=people, away=reviewers, delegate=people)
    def be_away(self, who: str, away: str, delegate: str) -> str:
        """Say that a reviewer is away today, and who stands in."""
        today = f"{database_today()}"
        form = {"person": self.account(away).pk, "delegate": self.account(delegate).pk}
        answer = self.actor(who).post("away/", **form, starts_on=today, ends_on=today)
        if (answer.status, answer.location) == (302, "/admin/away/"):
            may = who in (away, "alma") or "Editors" in self.organisation.members[who]
            require(may and away != delegate, f"{who} said that {delegate} stands in for {away}")
        return who
