"""Users of each role and what they can do in the admin over HTTP."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image

from tests.factories import PASSWORD, make_user
from tests.stateful import admin_client
from tests.stateful.admin_client import AdminPage
from tests.stateful.forms import DraftForm
from tests.stateful.oracle import Oracle
from tests.stateful.oracle_submissions import FIGURE, OracleSignature, OracleText, words
from tests.stateful.running_site import HttpClient, RunningSite, StepResponse
from tests.stateful.signer_oracle import OracleSigners

WRITERS, REVIEWERS, EDITORS, SECOND = "Medical writers", "Medical reviewers", "Editors", "Second readers"
REVIEW, SECOND_READING = "Medical review", "Second reading"

#: Name → groups. Rosa is in both reviewer groups; Alma is a superuser who also reviews.
PEOPLE = {
    "wanda": (WRITERS,),
    "walter": (WRITERS,),
    "rita": (REVIEWERS,),
    "rolf": (REVIEWERS,),
    "rosa": (REVIEWERS, SECOND),
    "emil": (EDITORS,),
    "alma": (REVIEWERS, SECOND),
}
WITHOUT_CREDENTIALS = ("wanda", "walter", "emil")


def create_accounts(site: RunningSite) -> None:
    """Create every account and sign it in through the form."""
    for name, groups in PEOPLE.items():
        credentials = "" if name in WITHOUT_CREDENTIALS else "PharmD"
        make_user(name, *groups, credentials=credentials, superuser=name == "alma")
        client = site.client(name)
        client.get("/admin/login/")
        answer = client.post("/admin/login/", {"username": name, "password": PASSWORD, "next": "/admin/"})
        if answer.status != 302:
            raise RuntimeError(f"{name} cannot sign in: {answer.status}")


#: On the review screen: the forms that mark a section as read, and the checklist's statements.
MARK = re.compile(
    r'name="section" value="(\w+)">\s*<input type="hidden" name="digest" value="(\w+)">'
    r'.*?name="act" value="(\w+)"',
    re.DOTALL,
)
STATEMENT = re.compile(r'name="statement" value="([^"]*)"')


@dataclass
class ActorStep:
    """A workflow step as it is set up at present."""

    name: str
    group: str
    signatures: int = 1
    active: bool = True
    used: bool = True


@dataclass
class Organisation:
    """The present groups, accounts and workflow steps, tracked by the test itself."""

    members: dict[str, set[str]] = field(default_factory=lambda: {n: set(g) for n, g in PEOPLE.items()})
    inactive: set[str] = field(default_factory=set)
    expired: set[str] = field(default_factory=set)
    signers: OracleSigners = field(default_factory=OracleSigners)
    steps: list[ActorStep] = field(
        default_factory=lambda: [ActorStep(REVIEW, REVIEWERS), ActorStep(SECOND_READING, SECOND, used=False)]
    )

    def required_steps(self) -> tuple[tuple[str, int], ...]:
        """Return the steps and signatures that a text submitted now requires."""
        return tuple((s.name, s.signatures) for s in self.steps if s.active and s.used)

    def may_withdraw(self, who: str) -> bool:
        """Return whether ``who`` may sign at any step, and so may withdraw."""
        return any(step.active and self.is_entitled(who, step.name) for step in self.steps)

    def is_entitled(self, who: str, step: str) -> bool:
        """Return whether ``who`` is qualified at ``step``: active, in its group, with valid credentials.

        Two people must agree on name and credentials.
        """
        group = next(s.group for s in self.steps if s.name == step)
        fit = who not in self.inactive and who not in self.expired and who not in WITHOUT_CREDENTIALS
        return fit and group in self.members[who] and self.signers.is_named(who)

    def may_sign(self, who: str, step: str) -> bool:
        """Return whether ``who`` is qualified at ``step``, and their sign-in facts did not change lately."""
        return self.is_entitled(who, step) and self.signers.may_sign(who)


@dataclass
class Actor:
    """A user with an HTTP client."""

    name: str
    client: HttpClient
    oracle: Oracle
    organisation: Organisation

    def edit(
        self, page: AdminPage, draft: DraftForm, *, json: bool = False, at: str = "edit/", **more: Any
    ) -> StepResponse:
        """Post the editor's form."""
        return self.client.post(f"/admin/pages/{page.id}/{at}", draft.form(**more), json=json)

    def create(self, parent: int, draft: DraftForm, **more: Any) -> StepResponse:
        """Post the form of a new monograph."""
        return self.client.post(f"/admin/pages/add/monographs/monographpage/{parent}/", draft.form(**more))

    def post(self, path: str, **form: Any) -> StepResponse:
        """Post any other form of the admin."""
        return self.client.post(f"/admin/{path}", form)

    def call(self, page: int, action: str, **data: Any) -> StepResponse:
        """Call the admin API."""
        path = f"/admin/api/main/pages/{page}/action/{action}/"
        return self.client.post(path, json.dumps(data).encode(), kind="application/json")

    def submit(self, page: AdminPage, kind: str, **more: Any) -> bool:
        """Submit a draft; return whether it was accepted."""
        form = {"review_kind": kind, "reason": "The label changed.", **more}
        answer = self.client.post(f"/admin/review/submit/{page.id}/", form)
        return is_review_redirect(answer)

    def read(self, submission: Mapping[str, Any]) -> frozenset[str]:
        """Return the test words on the review screen."""
        return words(self.client.get(f"/admin/review/{submission['id']}/document/").text)

    def prepare(self, submission: Mapping[str, Any], most: int = 99) -> None:
        """Mark changed sections as read (at most ``most``), and tick the checklist."""
        screen = self.client.get(f"/admin/review/{submission['id']}/").text
        for part, digest, act in MARK.findall(screen)[:most]:
            if act == "read":
                form = {"section": part, "digest": digest, "act": act}
                answer = self.client.post(f"/admin/review/{submission['id']}/mark/", form)
                if answer.is_accepted:
                    self.oracle.section_marked(submission["uuid"], self.name, part)
        statements = [html.unescape(statement) for statement in STATEMENT.findall(screen)]
        if statements:
            form = {"statement": statements}
            answer = self.client.post(f"/admin/review/{submission['id']}/checklist/", form)
            if answer.is_accepted:
                self.oracle.sent[submission["uuid"]].ticked[self.name] = frozenset(statements)

    def unmark(self, submission: Mapping[str, Any]) -> None:
        """Mark the first read section as unread."""
        screen = self.client.get(f"/admin/review/{submission['id']}/").text
        for part, digest, act in MARK.findall(screen):
            if act == "unread":
                form = {"section": part, "digest": digest, "act": act}
                answer = self.client.post(f"/admin/review/{submission['id']}/mark/", form)
                if answer.is_accepted:
                    self.oracle.section_marked(submission["uuid"], self.name, part, read=False)
                return

    def leave_note(self, submission: Mapping[str, Any], words: str) -> None:
        """Add a note to the page fields."""
        form = {"section": "page", "body": words}
        answer = self.client.post(f"/admin/review/{submission['id']}/notes/", form)
        if found := re.fullmatch(r".*#note-(\d+)", answer.location):
            self.oracle.note_changed(submission["key"], int(found[1]))

    def settle(self, submission: Mapping[str, Any], note: int, act: str, words: str = "") -> bool:
        """Resolve, withdraw, reopen or answer a note; return whether that was allowed."""
        address = f"/admin/review/{submission['id']}/notes/{note}/"
        done = self.client.post(address, {"act": act, "body": words}).is_accepted
        if done and act != "answer":
            self.oracle.note_changed(submission["key"], note, settled=act != "reopen")
        return done

    def suggest(self, submission: Mapping[str, Any], old: str, new: str) -> int:
        """Suggest ``new`` instead of ``old`` in the page fields; return its number, 0 if it was refused."""
        form = {"section": "page", "quote": old, "words": new, "reason": "Plainer."}
        answer = self.client.post(f"/admin/review/{submission['id']}/suggest/", form)
        found = re.fullmatch(r".*#suggestion-(\d+)", answer.location)
        return int(found[1]) if found else 0

    def answer_suggestion(self, submission: Mapping[str, Any], suggestion: int, act: str) -> bool:
        """Accept, decline or withdraw a suggestion; return whether that was allowed."""
        address = f"/admin/review/{submission['id']}/suggestions/{suggestion}/"
        return self.client.post(address, {"act": act}).is_accepted

    def sign(
        self,
        submission: Mapping[str, Any],
        *,
        password: str = PASSWORD,
        sha256: str = "",
        prepared: bool = True,
    ) -> OracleSignature | None:
        """Read, mark, tick and sign; return what was on the screen if the signature was accepted."""
        if prepared:
            self.prepare(submission)
        seen = self.look(submission)
        form = {"sha256": sha256 or submission["sha256"], "password": password}
        answer = self.client.post(f"/admin/review/{submission['id']}/sign/", form)
        if (answer.status, answer.location) != (302, "/admin/review/"):
            return None
        return self.given(submission, seen, form["sha256"], password)

    def look(self, submission: Mapping[str, Any]) -> frozenset[str]:
        """Return the test words of a text on the screen; exactly its own if no other ones are."""
        text = OracleText.of(submission["canonical"])
        frame = self.client.get(f"/admin/review/{submission['id']}/document/").text
        seen = words(frame)
        as_sent = (
            text.shown <= seen <= text.allowed | self.oracle.listed()
            and frozenset(FIGURE.findall(frame)) <= text.figures
        )
        return text.shown if as_sent else seen

    def given(
        self, submission: Mapping[str, Any], seen: frozenset[str], sha256: str, password: str
    ) -> OracleSignature | None:
        """Return the signature that was just given, of what was ``seen``; None if there is none."""
        given = admin_client.signatures(submission["uuid"])
        step = next((s for who, s, _ in reversed(given) if who == self.name), None)
        if step is None:
            return None
        right = password == PASSWORD and self.organisation.may_sign(self.name, step)
        named = admin_client.signed_as(submission["uuid"], self.name)
        right = right and named == self.organisation.signers.known[self.name].named
        return OracleSignature(self.name, step, sha256, seen, right, named)

    def replace_picture(self, image: int, colour: tuple[int, int, int]) -> StepResponse:
        """Upload another file for an image."""
        name, value = "zqboundaryzq", {"title": "Pump", "collection": "1", "tags": ""}
        parts = [
            f'--{name}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in value.items()
        ]
        head = f'--{name}\r\nContent-Disposition: form-data; name="file"; filename="pump.png"\r\n'
        body = "".join(parts).encode() + head.encode() + b"Content-Type: image/png\r\n\r\n" + picture(colour)
        body += f"\r\n--{name}--\r\n".encode()
        return self.client.post(f"/admin/images/{image}/", body, kind=f"multipart/form-data; boundary={name}")


def is_review_redirect(answer: StepResponse) -> bool:
    """Return whether a response redirects to the review of a text that was submitted."""
    return answer.status == 302 and re.fullmatch(r"/admin/review/\d+/", answer.location) is not None


def picture(colour: tuple[int, int, int]) -> bytes:
    """A small PNG."""
    out = BytesIO()
    Image.new("RGB", (20, 10), colour).save(out, "PNG")
    return out.getvalue()
