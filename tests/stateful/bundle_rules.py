"""Rules of bundles: put together, take out, sign as one."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from monographs.review.models import ReviewBundle
from monographs.review.submission_state.bundle_progress import bundle_hash, members_of_bundle
from tests.factories import PASSWORD
from tests.stateful import admin_client
from tests.stateful.actors import EDITORS, PEOPLE
from tests.stateful.base import BaseMachine, machine_rule, people, which
from tests.stateful.oracle_submissions import require
from tests.stateful.review_rules import has_open_submission


def has_bundle(machine: Any) -> bool:
    """Return whether there is a bundle."""
    return bool(machine.together)


class BundleRules(BaseMachine):
    """Bundles, as anybody tries to make, change and sign them.

    ``together`` has the submissions of each by its primary key, as the accepted requests made it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.together: dict[int, list[str]] = {}

    @machine_rule(who=people, first=which, count=st.integers(1, 3), when=has_open_submission)
    def put_together(self, who: str, first: int, count: int) -> str:
        """Put texts in review into a bundle."""
        waiting = self.open_submissions()
        self._put_together(who, [waiting[(first + n) % len(waiting)] for n in range(count)])
        return who

    @machine_rule(who=people, bundle=which, text=which, when=has_bundle)
    def take_out(self, who: str, bundle: int, text: int) -> str:
        """Take a text out of a bundle."""
        pk, members = self._nth_bundle(bundle)
        if not members:
            return who
        sent = next(s for s in self.sent if s["uuid"] == members[text % len(members)])
        if self.actor(who).post(f"bundles/{pk}/take-out/", text=sent["id"], reason="Not yet.").is_accepted:
            require(EDITORS in self.organisation.members[who], f"{who} took a text out of a bundle")
            members.remove(sent["uuid"])
        return who

    @machine_rule(who=people, bundle=which, text=which, when=has_bundle)
    def put_in(self, who: str, bundle: int, text: int) -> str:
        """Put a further text in review into a bundle."""
        pk, members = self._nth_bundle(bundle)
        waiting = self.open_submissions()
        if not waiting:
            return who
        sent = waiting[text % len(waiting)]
        answer = self.actor(who).post(f"bundles/{pk}/add/", text=sent["id"])
        if (answer.status, answer.location) == (302, f"/admin/bundles/{pk}/"):
            require(EDITORS in self.organisation.members[who], f"{who} put a text into a bundle")
            self._require_in_no_other(pk, [sent["uuid"]])
            if sent["uuid"] not in members:
                members.append(sent["uuid"])
        return who

    @machine_rule(
        who=people,
        bundle=which,
        password=st.sampled_from([PASSWORD, PASSWORD, "guess"]),
        prepared=st.sampled_from([True, True, False]),
        when=has_bundle,
    )
    def sign_bundle(self, who: str, bundle: int, password: str, prepared: bool) -> str:
        """Sign a bundle as any user, read or unread."""
        pk, _ = self._nth_bundle(bundle)
        self._sign_bundle(who, pk, password=password, prepared=prepared)
        return who

    @machine_rule(who=people, page=which, other=which, first=which, prepared=st.booleans())
    def go_through_together(self, who: str, page: int, other: int, first: int, prepared: bool) -> str:
        """Edit two pages, submit them, put them together and sign them in one step."""
        sent = []
        for page_now in {page.id: page for page in (self.nth_page(page), self.nth_page(other))}.values():
            if self.is_in_review(page_now):
                continue
            target = self.write(who, page_now, text=f"<p>It is {self.oracle.word(who)}.</p>")
            went = self.actor(who).submit(target, "full_review")
            self.record_submission(target, went)
            if went:
                sent.append(admin_client.submissions()[-1])
        self.sent = admin_client.submissions()
        pk = self._put_together("emil", sent) if sent else None
        if pk is not None:
            names = sorted(PEOPLE)
            excluded = {
                name for each in sent for name in self.oracle.authors(self.oracle.sent[each["uuid"]].text)
            }
            fit = [
                name
                for name in (*names[first:], *names[:first])
                if name not in excluded and self.may_sign_now(name)
            ]
            if fit:
                self._sign_bundle(fit[0], pk, password=PASSWORD, prepared=prepared)
        return ""

    def _nth_bundle(self, n: int) -> tuple[int, list[str]]:
        return list(self.together.items())[-1 - n % len(self.together)]

    def _put_together(self, who: str, texts: Sequence[Mapping[str, Any]]) -> int | None:
        answer = self.actor(who).post("bundles/", title="Together", text=[sent["id"] for sent in texts])
        made = re.fullmatch(r"/admin/bundles/(\d+)/", answer.location)
        if made is None:
            return None
        require(EDITORS in self.organisation.members[who], f"{who} made a bundle")
        pk, members = int(made[1]), sorted({sent["uuid"] for sent in texts})
        self._require_in_no_other(pk, members)
        self.together[pk] = members
        return pk

    def _require_in_no_other(self, pk: int, texts: Sequence[str]) -> None:
        """Raise a finding if a text is in another bundle; in this one it stays, as after a double click."""
        others = {uuid for bundle, members in self.together.items() if bundle != pk for uuid in members}
        require(others.isdisjoint(texts), "a text was put into two bundles")

    def _sign_bundle(self, who: str, pk: int, *, password: str, prepared: bool) -> None:
        actor = self.actor(who)
        members = [sent for sent in self.sent if sent["uuid"] in self.together[pk]]
        if prepared:
            for sent in members:
                actor.prepare(sent)
        seen = {sent["uuid"]: actor.look(sent) for sent in members}
        form = {
            "sha256": bundle_hash(members_of_bundle(ReviewBundle.objects.get(pk=pk))),
            "password": password,
        }
        answer = actor.post(f"bundles/{pk}/sign/", **form)
        if (answer.status, answer.location) != (302, f"/admin/bundles/{pk}/"):
            return
        self.expected_bundle = {sent["uuid"] for sent in members}
        for sent in members:
            signature = actor.given(sent, seen[sent["uuid"]], sent["sha256"], password)
            require(signature is not None, f"a part of a bundle was signed: not {sent['uuid']}")
            self.oracle.signed(sent["uuid"], signature)

    def check(self) -> None:
        """Check also that the texts of a bundle became public together, or none did."""
        super().check()
        made = {
            str(row["submission"]) for row in admin_client.rows("SELECT submission FROM editions_edition")
        }
        for members in self.together.values():
            published = [uuid for uuid in members if uuid in made]
            require(
                len(published) in (0, len(members)),
                f"a part of a bundle was published: {len(published)} of {len(members)} texts",
            )
