"""Confirming, as the second person, what patients read about a signer."""

from django.contrib.auth.models import User
from django.http import HttpRequest

from monographs.document.canonical import canonical_json, sha256_hex
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.actions.base import Action
from monographs.review.actions.reauthentication import ReauthCredentials
from monographs.review.models import NeedsSecondPerson
from monographs.review.policies import confirmation_policy


def proposal_hash(row: NeedsSecondPerson) -> str:
    """The hash of the values of ``row``, which the form sends back: another hash means other values."""
    return sha256_hex(canonical_json(row.proposal()))


class Confirm(Action[NeedsSecondPerson]):
    """Confirm the values of ``row`` that somebody else proposed, after authenticating again.

    ``seen_sha256`` is ``proposal_hash`` of what was on the screen.
    """

    name = "confirm"

    def __init__(
        self,
        user: User,
        row: NeedsSecondPerson,
        *,
        password: str,
        seen_sha256: str,
        code: str = "",
        request: HttpRequest | None = None,
    ) -> None:
        super().__init__(user)
        self.row = row
        self.credentials = ReauthCredentials(user, password, code, request)
        self.seen_sha256 = seen_sha256

    def subject(self) -> str:
        return f"{self.row._meta.model_name}:{self.row.pk}"

    def prepare(self) -> None:
        self._check(type(self.row)._default_manager.get(pk=self.row.pk))
        self.credentials.confirm()

    def perform(self) -> NeedsSecondPerson:
        rows = type(self.row)._default_manager.select_for_update(of=("self",))
        row: NeedsSecondPerson = rows.get(pk=self.row.pk)
        self._check(row)
        self.credentials.check_account(self.user)
        row.confirm(self.actor)
        return row

    def _check(self, row: NeedsSecondPerson) -> None:
        """Raise ``PolicyError`` unless the user may confirm ``row`` and has seen its values."""
        confirmation_policy.user_can_confirm(self.user, row).enforce()
        if self.seen_sha256 != proposal_hash(row):
            raise PolicyError(
                Rule.STALE, "This was changed since you opened the page. Reload it, read it, then confirm."
            )
