"""Rules of reviews after which nothing changes."""

import re

from hypothesis import strategies as st

from tests.factories import PASSWORD
from tests.stateful import admin_client
from tests.stateful.base import BaseMachine, machine_rule, people, which
from tests.stateful.label_rules import readable
from tests.stateful.oracle_submissions import OracleSignature, OracleText, require, words

_HIDDEN = re.compile(r'name="sha256" value="([0-9a-f]{64})"')
_STATEMENT = re.compile(r'name="statements" value="([^"]*)"')


class UnchangedRules(BaseMachine):
    """A reviewer signs the text that patients read as it is."""

    @machine_rule(
        who=people,
        page=which,
        password=st.sampled_from([PASSWORD, PASSWORD, "guess"]),
        all_ticked=st.sampled_from([True, True, True, False]),
        when=readable,
    )
    def review_unchanged(self, who: str, page: int, password: str, all_ticked: bool) -> str:
        """Read a page as patients do, tick the checklist and sign, as any user."""
        target, actor = self.nth_page(page), self.actor(who)
        address = f"due-reviews/{target.id}/"
        screen = actor.client.get(f"/admin/{address}").text
        shown = _HIDDEN.search(screen)
        ticked = _STATEMENT.findall(screen)[0 if all_ticked else 1 :]
        form = {"sha256": shown[1] if shown else "0" * 64, "password": password, "statements": ticked}
        seen = words(actor.client.get(f"/admin/{address}text/").text)
        answer = actor.client.post(f"/admin/{address}", form)
        if (answer.status, answer.location) != (302, "/admin/due-reviews/"):
            return who
        sent = max(
            (each for each in admin_client.submissions() if each["page"] == target.id),
            key=lambda each: each["id"],
        )
        require(all_ticked or not sent["checklist"], f"{who} signed {target.title} with a statement unticked")
        self.oracle.reviewed_unchanged(sent, self.organisation.required_steps(), who)
        self.record_signature(sent, self._signature(who, sent, password, seen))
        return who

    def _signature(
        self, who: str, sent: dict[str, object], password: str, seen: frozenset[str]
    ) -> OracleSignature:
        uuid, text = str(sent["uuid"]), OracleText.of(str(sent["canonical"]))
        step = next(s for name, s, _ in reversed(admin_client.signatures(uuid)) if name == who)
        named = admin_client.signed_as(uuid, who)
        right = (
            password == PASSWORD
            and self.organisation.may_sign(who, step)
            and named == self.organisation.signers.known[who].named
        )
        as_read = text.shown <= seen <= text.allowed | self.oracle.listed()
        return OracleSignature(who, step, text.sha256, text.shown if as_read else seen, right, named)
