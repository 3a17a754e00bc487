"""Rules of outside experts: invited, prevented, and signing by a code that is sent to them."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tests.stateful import admin_client
from tests.stateful.actors import EDITORS
from tests.stateful.authorship_rules import writers
from tests.stateful.base import BaseMachine, machine_rule, people, which
from tests.stateful.oracle_submissions import OracleSignature, require
from tests.stateful.outside_expert import Invitation, OutsideExpert
from tests.stateful.review_rules import has_open_submission

#: A code that was sent for it, one that nobody sent, and one that was used.
codes = st.sampled_from(["sent", "sent", "sent", "guessed", "used"])


def has_invitation(machine: Any) -> bool:
    """Return whether an expert was invited."""
    return bool(machine.invitations)


class ExpertRules(BaseMachine):
    """One recorded expert, whom two people confirmed; anybody tries to invite them."""

    def __init__(self) -> None:
        super().__init__()
        account = self.initial_site.expert
        client = self.initial_site.site.client(account.username)
        self.expert = OutsideExpert(account.pk, account.username, client, self.oracle)
        self.invitations: list[Invitation] = []

    @machine_rule(who=people, text=which, when=has_open_submission)
    def invite_an_expert(self, who: str, text: int) -> str:
        """Invite the expert to sign a text in review."""
        self._invite(who, self.open_submissions()[text % len(self.open_submissions())])
        return who

    @machine_rule(who=people, invitation=which, when=has_invitation)
    def end_an_invitation(self, who: str, invitation: int) -> str:
        """End an invitation."""
        self._end(who, self.invitations[invitation % len(self.invitations)])
        return who

    @machine_rule(
        invitation=which, code=codes, prepared=st.sampled_from([True, True, False]), when=has_invitation
    )
    def sign_from_outside(self, invitation: int, code: str, prepared: bool) -> None:
        """Sign by an invitation, whatever has become of it."""
        self._sign_by_code(self.invitations[-1 - invitation % len(self.invitations)], code, prepared=prepared)

    @machine_rule(
        writer=writers,
        editor=st.sampled_from(["emil", "alma"]),
        page=which,
        code=codes,
        ended=st.sampled_from([False, False, True]),
    )
    def ask_an_expert(self, writer: str, editor: str, page: int, code: str, ended: bool) -> None:
        """Submit a page, invite the expert, and let them sign, also after the invitation was ended."""
        target = self.nth_page(page)
        if self.is_in_review(target):
            return
        target = self.write(writer, target, text=f"<p>It is {self.oracle.word(writer)}.</p>")
        went = self.actor(writer).submit(target, "full_review")
        self.record_submission(target, went)
        if not went:
            return
        sent = admin_client.submissions()[-1]
        self.settle_notes(sent)
        made = self._invite(editor, sent)
        if made is None:
            return
        self.expert.prepare(made)
        if ended:
            self._end("emil", made)
        self._sign_by_code(made, code, prepared=not ended)

    def _invite(self, who: str, sent: Mapping[str, Any]) -> Invitation | None:
        address = f"review/{sent['id']}/outside/"
        answer = self.actor(who).post(address, invite="1", expert=self.expert.pk, days=7)
        if (answer.status, answer.location) != (302, f"/admin/{address}"):
            return None
        require(EDITORS in self.organisation.members[who] or who == "alma", f"{who} invited an expert")
        vouchers = {*self.initial_site.vouchers, who}
        wrote = vouchers & self.oracle.excluded(self.oracle.sent[sent["uuid"]])
        require(not wrote, f"{who} invited an expert for whom {sorted(wrote)} vouch, who wrote the text")
        made = Invitation(
            sent, who, self.expert.address_sent(), admin_client.last_outside_link(), frozenset(vouchers)
        )
        self.invitations.append(made)
        return made

    def _end(self, who: str, invitation: Invitation) -> None:
        self.actor(who).post(f"review/{invitation.sent['id']}/outside/", revoke=invitation.link)
        if admin_client.is_revoked(invitation.link):
            require(
                invitation.ended or EDITORS in self.organisation.members[who] or who == "alma",
                f"{who} ended an invitation",
            )
            invitation.ended = True

    def _sign_by_code(self, invitation: Invitation, kind: str, *, prepared: bool) -> None:
        """Ask for a code and sign; record the signature if it was accepted."""
        sent = invitation.sent
        if prepared:
            self.expert.prepare(invitation)
        before = len(admin_client.signatures(sent["uuid"]))
        seen = self.expert.sign(invitation, kind)
        given = admin_client.signatures(sent["uuid"])
        if len(given) == before:
            return
        who, step, sha256 = given[-1]
        right = kind == "sent" and not invitation.ended and invitation.maker not in self.organisation.inactive
        named = admin_client.signed_as(sent["uuid"], who)
        right = right and named == self.organisation.signers.known[who].named
        require(who == self.expert.name, f"{who} signed by the expert's invitation")
        self.record_signature(
            sent, OracleSignature(who, step, sha256, seen, right, named, invitation.vouchers)
        )
