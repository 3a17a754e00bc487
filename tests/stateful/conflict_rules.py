"""Rules of conflicts of interest: who declares one, who ends it, and that nobody signs with one."""

import re

from monographs.core.db_clock import database_today
from tests.stateful import admin_client
from tests.stateful.base import BaseMachine, machine_rule, people, which
from tests.stateful.oracle_submissions import require
from tests.stateful.people_rules import reviewers


class ConflictRules(BaseMachine):
    """Conflicts of interest are declared and ended during reviews."""

    @machine_rule(who=people, owner=reviewers, page=which)
    def declare_conflict(self, who: str, owner: str, page: int) -> None:
        """Declare that a reviewer has an interest in a medicine, as themselves or anybody else."""
        key = self.nth_page(page).key
        form = {
            "person": self.account(owner).pk,
            "reason": "A study.",
            "starts_on": f"{database_today()}",
            "ends_on": "",
        }
        answer = self.actor(who).post(f"review/record/{key}/conflicts/", **form)
        if not answer.is_accepted:
            return
        require(
            who == owner or "Editors" in self.organisation.members[who],
            f"{who} declared a conflict of {owner} and is no editor",
        )
        self.oracle.conflicts.add((key, owner))
        for sent in self.oracle.sent.values():
            if sent.text.key == key and any(seen.who == owner for seen in sent.signed):
                sent.disturbed = True

    @machine_rule(who=people, page=which)
    def end_conflicts(self, who: str, page: int) -> None:
        """End every conflict with a page that this user is offered to end, and any other they can name."""
        key = self.nth_page(page).key
        address = f"review/record/{key}/conflicts/"
        actor = self.actor(who)
        screen = actor.client.get(f"/admin/{address}").text
        for number, owner in self._declared(key):
            answer = actor.post(f"{address}{number}/end/", reason="Over.")
            if not answer.is_accepted:
                continue
            require(who != owner, f"{who} ended their own conflict of interest")
            require("Editors" in self.organisation.members[who], f"{who} ended a conflict and is no editor")
            require(re.search(rf"{number}/end/", screen), f"{who} ended a conflict without being offered to")
            if not any(name == owner for _, name in self._declared(key)):
                self.oracle.conflicts.discard((key, owner))

    @staticmethod
    def _declared(key: str) -> list[tuple[int, str]]:
        rows = admin_client.rows(
            "SELECT id, username FROM editions_conflictofinterest c WHERE key = %s AND NOT EXISTS "
            "(SELECT 1 FROM editions_conflictend e WHERE e.conflict_id = c.id) ORDER BY id",
            key,
        )
        return [(row["id"], row["username"]) for row in rows]
