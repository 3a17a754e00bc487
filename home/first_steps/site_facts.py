"""What the first steps depend on, read by a fixed number of statements, however large the site is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.contrib.auth.models import User
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q
from django_otp.plugins.otp_totp.models import TOTPDevice

from home.first_steps.starter_texts import STARTER_TEXTS, starter_item
from home.models import HomePage, InformationPage, SetUpItem
from home.site_setup import group_item
from monographs.accounts.actors import users_with_admin_access
from monographs.accounts.signing_holds import ends_of_holds
from monographs.document.models import CollectionType
from monographs.editions.models import Publication, PublicationState
from monographs.models import ConditionPage, DrugClassPage, MonographIndexPage, MonographPage
from monographs.review.groups import EDITORS, REVIEWERS, WRITERS
from monographs.review.models import ReviewerProfile, Submission


@dataclass(frozen=True)
class Account:
    """An account with access to the admin."""

    user: User
    groups: frozenset[int]
    has_app: bool
    on_hold: bool
    #: When the hold ends by itself; None if somebody must confirm the change, or without a hold.
    hold_ends: datetime | None
    profile: ReviewerProfile | None

    @property
    def can_sign(self) -> bool:
        """Whether its credentials are confirmed and valid, and no hold is open."""
        ready = self.profile is not None and self.profile.is_confirmed and not self.profile.expired
        return ready and not self.on_hold

    def __str__(self) -> str:
        return self.user.get_full_name() or self.user.get_username()


@dataclass(frozen=True)
class SiteFacts:
    """The state of the site, as far as the first steps need it."""

    accounts: tuple[Account, ...]
    #: Primary keys of what set-up made, by its name.
    made: dict[str, int | None]
    home: HomePage | None
    lists: dict[str, int]
    information: dict[str, InformationPage]
    public: frozenset[UUID]
    has_class: bool
    has_condition: bool
    medicine: MonographPage | None
    submission: Submission | None
    has_public_medicine: bool

    def members(self, group: str) -> list[Account]:
        """Return the accounts in a group that set-up made, whatever it is called now."""
        pk = self.made.get(group_item(group))
        return [account for account in self.accounts if pk in account.groups]

    @cached_property
    def confirmers(self) -> list[Account]:
        """Those who may confirm names and credentials: editors and superusers."""
        editors = self.members(EDITORS)
        return [each for each in self.accounts if each.user.is_superuser or each in editors]

    @cached_property
    def writers(self) -> list[Account]:
        """Members of the writers' group."""
        return self.members(WRITERS)

    @cached_property
    def reviewers(self) -> list[Account]:
        """Members of the reviewers' group."""
        return self.members(REVIEWERS)

    def is_public(self, page: HomePage | InformationPage | None) -> bool:
        """Whether patients read an edition of the page."""
        return page is not None and page.translation_key in self.public


def site_facts() -> SiteFacts:
    """Return the state of the site now."""
    home = HomePage.objects.select_related("latest_revision").first()
    made = dict(SetUpItem.objects.values_list("name", "object_id"))
    information = _information(made)
    medicines = MonographPage.objects.order_by("pk")
    keys = [page.translation_key for page in (home, *information.values()) if page]
    current = Publication.objects.filter(state=PublicationState.CURRENT)
    return SiteFacts(
        accounts=tuple(_accounts()),
        made=made,
        home=home.get_latest_revision_as_object() if home and home.latest_revision else home,
        lists=dict(MonographIndexPage.objects.values_list("collection", "pk")),
        information=information,
        public=frozenset(current.filter(key__in=keys).values_list("key", flat=True)),
        has_class=DrugClassPage.objects.exists(),
        has_condition=ConditionPage.objects.exists(),
        medicine=medicines.first(),
        submission=Submission.objects.filter(key__in=medicines.values("translation_key"))
        .order_by("-pk")
        .first(),
        has_public_medicine=current.filter(
            path__startswith=CollectionType.MEDICINES.page("")[:-1], edition__isnull=False
        ).exists(),
    )


def _accounts() -> Iterable[Account]:
    has_app = Exists(TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True))
    # The ignore-free way to the same rows in one statement: groups as an array, the profile joined
    rows = list(
        User.objects.filter(pk__in=users_with_admin_access().values("pk"))
        .annotate(group_pks=ArrayAgg("groups", filter=Q(groups__isnull=False), default=[]), has_app=has_app)
        .order_by("pk")
    )
    ends = ends_of_holds(rows)
    profiles = {profile.user_id: profile for profile in ReviewerProfile.objects.select_related("user")}
    for user in rows:
        yield Account(
            user,
            frozenset(user.group_pks),
            user.has_app,
            user.pk in ends,
            ends.get(user.pk),
            profiles.get(user.pk),
        )


def _information(made: dict[str, int | None]) -> dict[str, InformationPage]:
    """The page of each starter text: the one that was made from it, or one that has its slug."""
    wanted = {made.get(starter_item(text.slug)): text.slug for text in STARTER_TEXTS}
    slugs = [text.slug for text in STARTER_TEXTS]
    pages = InformationPage.objects.filter(Q(pk__in=[pk for pk in wanted if pk]) | Q(slug__in=slugs))
    return {wanted.get(page.pk, page.slug): page for page in pages.order_by("-pk")}
