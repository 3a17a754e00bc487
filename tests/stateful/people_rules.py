"""Rules of names, credentials and email addresses: who changes them, and who confirms them."""

import re
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone
from hypothesis import strategies as st
from wagtail.log_actions import LogContext

from monographs.review.models import ReviewerProfile
from tests.factories import PASSWORD
from tests.stateful import admin_client
from tests.stateful.actors import PEOPLE, WITHOUT_CREDENTIALS
from tests.stateful.base import BaseMachine, machine_rule, people
from tests.stateful.oracle_submissions import require

reviewers = st.sampled_from(sorted(set(PEOPLE) - set(WITHOUT_CREDENTIALS)))


class PeopleRules(BaseMachine):
    """Changes of reviewers' names and addresses during reviews."""

    @machine_rule(
        who=people, owner=reviewers, how=st.sampled_from(["account", "users", "profile", "code", "sql"])
    )
    def rename(self, who: str, owner: str, how: str) -> str:
        """Change how a reviewer is named: by themselves, by others, or without any screen."""
        account, name = self.account(owner), self.oracle.name()
        if how == "account":
            self._save_account(account, first_name=name)
            return owner
        if how == "users":
            self._save_user(who, account, name)
        elif how == "profile":
            self._save_profile(who, account, name)
        elif how == "code":
            with LogContext(user=self.account(who)):
                account.first_name = name
                account.save()
        else:
            admin_client.run("UPDATE auth_user SET first_name = %s WHERE id = %s", name, account.pk)
            return ""
        return who

    @machine_rule(who=people, owner=reviewers)
    def confirm_signer(self, who: str, owner: str) -> None:
        """Confirm a reviewer's name and credentials as the second person."""
        self._confirm_signer(who, owner)

    @machine_rule(owner=reviewers)
    def change_address(self, owner: str) -> str:
        """Change the own email address, after which signing waits."""
        account = self.account(owner)
        if self._save_account(account, email=f"{self.oracle.name().lower()}@example.org"):
            self.organisation.signers.known[owner].held = True
        return owner

    @machine_rule(who=people, owner=reviewers)
    def confirm_address(self, who: str, owner: str) -> None:
        """Confirm the changed address of a reviewer as the second person."""
        self._confirm_address(who, owner)

    def confirm_everybody(self) -> None:
        """Let an editor and a superuser confirm all that waits for it."""
        for owner, signer in self.organisation.signers.known.items():
            for who in ("emil", "alma") if not signer.is_named else ():
                self._confirm_signer(who, owner)
            if signer.held:
                self._confirm_address("emil", owner)

    def _save_account(self, account: User, **changed: str) -> bool:
        """Save the screen of the own account, with the password; return whether it was accepted."""
        facts = {name: getattr(account, name) for name in ("first_name", "last_name", "email")} | changed
        form = {f"name_email-{name}": value for name, value in facts.items()}
        form |= {"theme-theme": "system", "theme-contrast": "system", "theme-density": "default"}
        form["password-old_password"] = PASSWORD
        answer = self.actor(account.username).post("account/", **form)
        return (answer.status, answer.location) == (302, "/admin/account/")

    def _save_user(self, who: str, account: User, name: str) -> None:
        form: dict[str, Any] = {n: getattr(account, n) for n in ("username", "email", "last_name")}
        form |= {"first_name": name, "groups": [group.pk for group in account.groups.all()]}
        flags = {flag: "on" for flag in ("is_active", "is_superuser") if getattr(account, flag)}
        self.actor(who).post(f"users/edit/{account.pk}/", **form, **flags, your_password=PASSWORD)

    def _save_profile(self, who: str, account: User, name: str) -> None:
        profile = ReviewerProfile.objects.get(user=account)
        yesterday = timezone.now().date() - timedelta(days=1)
        ends = str(yesterday) if account.username in self.organisation.expired else ""
        form = {"user": account.pk, "credentials": ["PharmD"], "field": name, "expires_on": ends}
        self.actor(who).post(f"snippets/review/reviewerprofile/edit/{profile.pk}/", **form)

    def _confirm_signer(self, who: str, owner: str) -> None:
        profile = ReviewerProfile.objects.get(user__username=owner)
        actor, address = self.actor(who), f"/admin/review/signers/signer/{profile.pk}/"
        screen = actor.client.get("/admin/review/signers/").text
        shown = re.search(rf'{address}".*?name="sha256" value="(\w+)"', screen, re.DOTALL)
        sha256 = shown[1] if shown else "0" * 64
        answer = actor.client.post(address, {"sha256": sha256, "password": PASSWORD})
        if (answer.status, answer.location) != (302, "/admin/review/signers/"):
            return
        require(who != owner, f"{who} confirmed their own name")
        require(who in ("emil", "alma"), f"{who} confirmed a name")
        self.organisation.signers.known[owner].confirmed(who)

    def _confirm_address(self, who: str, owner: str) -> None:
        actor, address = self.actor(who), f"/admin/sign-in-changes/{self.account(owner).pk}/"
        shown = re.search(r'name="seen" value="([\d,]*)"', actor.client.get(address).text)
        form = {"seen": shown[1] if shown else "", "password": PASSWORD}
        answer = actor.client.post(address, form)
        if (answer.status, answer.location) != (302, "/admin/sign-in-changes/"):
            return
        signers = self.organisation.signers.known
        require(who != owner, f"{who} confirmed their own address")
        require(who not in signers or not signers[who].held, f"{who} confirmed an address while they wait")
        signers[owner].held = False
