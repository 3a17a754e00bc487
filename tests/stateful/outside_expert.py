"""An outside expert with a mailbox and a browser, and the links that editors send them."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import mail

from tests.stateful.actors import STATEMENT
from tests.stateful.oracle import Oracle
from tests.stateful.oracle_submissions import OracleText, words
from tests.stateful.running_site import HttpClient, StepResponse

_LINK = re.compile(r"/admin/outside-review/\?\S+")
_CODE = re.compile(r"\b(\d{8})\b")
_MARK = re.compile(
    r'name="section" value="(\w+)">\s*<input type="hidden" name="digest" value="(\w+)">\s*'
    r'<button name="value" value="read"'
)
_SIGNER = re.compile(r'name="signer" value="(\w+)"')


@dataclass
class Invitation:
    """An invitation to sign one text; ``link`` is its primary key, ``address`` what was sent."""

    sent: Mapping[str, Any]
    maker: str
    address: str
    link: int
    vouchers: frozenset[str]
    ended: bool = False

    @property
    def decision(self) -> str:
        """The address to which acts are posted."""
        return self.address.replace("outside-review/?", "outside-review/decision/?")


@dataclass
class OutsideExpert:
    """The recorded expert."""

    pk: int
    name: str
    client: HttpClient
    oracle: Oracle
    used_code: str = "00000000"

    def address_sent(self) -> str:
        """Return the link in the newest email that has one."""
        found = (_LINK.search(str(each.body)) for each in reversed(mail.outbox))
        return next(link[0] for link in found if link)

    def act(self, invitation: Invitation, act: str, **form: Any) -> StepResponse:
        """Post an act."""
        return self.client.post(invitation.decision, {"act": act, **form})

    def prepare(self, invitation: Invitation) -> None:
        """Mark changed sections as read, and tick the checklist."""
        screen, uuid = self.client.get(invitation.address).text, invitation.sent["uuid"]
        for part, digest in _MARK.findall(screen):
            answer = self.act(invitation, "mark", section=part, digest=digest, value="read")
            if answer.is_accepted:
                self.oracle.section_marked(uuid, self.name, part)
        statements = [html.unescape(statement) for statement in STATEMENT.findall(screen)]
        if statements and self.act(invitation, "tick", statement=statements).is_accepted:
            self.oracle.sent[uuid].ticked[self.name] = frozenset(statements)

    def sign(self, invitation: Invitation, kind: str) -> frozenset[str]:
        """Ask for a code and sign with it, a guess, or a used one; return the test words on the screen."""
        before = len(mail.outbox)
        self.act(invitation, "code")
        codes = [found for each in mail.outbox[before:] if (found := _CODE.search(str(each.body)))]
        sent = codes[-1][1] if codes else "00000000"
        code = {"sent": sent, "guessed": f"{(int(sent) + 1) % 10**8:08}", "used": self.used_code}[kind]
        screen = self.client.get(invitation.address).text
        signer = _SIGNER.search(screen)
        form = {"sha256": invitation.sent["sha256"], "signer": signer[1] if signer else "0" * 64}
        self.act(invitation, "sign", code=code, **form)
        self.used_code = sent
        return self._seen(invitation, words(screen))

    def _seen(self, invitation: Invitation, said: frozenset[str]) -> frozenset[str]:
        """Return exactly the text's own words if the screen also has only those of the edition before."""
        text = OracleText.of(invitation.sent["canonical"])
        editions = self.oracle.page(text.key).editions
        before = editions[-1].allowed if editions else frozenset[str]()
        return text.shown if text.shown <= said <= text.allowed | before else said
