"""The first steps about the site: settings, people, the home page, the pages about the service."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse

from home.first_steps.site_facts import Account, SiteFacts
from home.first_steps.starter_texts import STARTER_TEXTS
from home.first_steps.step import StepPlace, StepRule
from monographs.review.models import ReviewerProfile

_ADD_CREDENTIALS = "wagtailsnippets_review_reviewerprofile:add"
#: Two people: who enters a name or credentials, and who confirms them (decision 23).
_CONFIRMERS = 2


def page_address(pk: int) -> str:
    """Return the address of a page's editor."""
    return reverse("wagtailadmin_pages:edit", args=[pk])


def _settings_missing(_facts: SiteFacts) -> Iterator[str]:
    known = {
        "EMERGENCY_NUMBER": f"The emergency number is {settings.EMERGENCY_NUMBER}, which nobody chose.",
        "POISON_LINE": f"The number for poisoning is {settings.POISON_LINE}, which nobody chose.",
        "SITE_LANGUAGE": f"The language is “{settings.LANGUAGE_CODE}”, which nobody chose.",
    }
    for name, words in known.items():
        if name not in settings.CHOSEN_SETTINGS:
            yield f"{words} Set {name} in the environment of the service, also if that is right."


def _settings_places(_facts: SiteFacts) -> Iterator[StepPlace]:
    yield StepPlace("Where the service's settings are (docs/operators/settings.md)")


def _brand_missing(_facts: SiteFacts) -> Iterator[str]:
    if "BRAND_FOLDER" not in settings.CHOSEN_SETTINGS:
        yield (
            "The site has the default name, colours and icon. Copy the sample brand, change it, and let "
            "BRAND_FOLDER name your copy."
        )


def _brand_places(_facts: SiteFacts) -> Iterator[StepPlace]:
    yield StepPlace("See the sample brand in the style guide", reverse("styleguide:page"))


def _people_missing(facts: SiteFacts) -> Iterator[str]:
    if not facts.writers:
        yield "No account is in the group of writers."
    if not facts.reviewers:
        yield "No account is in the group of reviewers."
    elif {each.user.pk for each in facts.writers} >= {each.user.pk for each in facts.reviewers}:
        yield "Every reviewer is a writer, too. Nobody can sign what they wrote: add another person."
    if len(facts.confirmers) < _CONFIRMERS:
        yield (
            "A signer’s name and credentials come from one person and are confirmed by another: a superuser "
            "and an editor, for example. There is only one account that may do either."
        )
    for each in facts.accounts:
        if not each.user.email:
            yield f"{each} has no email address, so no notice of a review reaches them."


def _people_places(_facts: SiteFacts) -> Iterator[StepPlace]:
    yield StepPlace("Add an account", reverse("wagtailusers_users:add"))
    yield StepPlace("All accounts", reverse("wagtailusers_users:index"))


def _credentials_missing(facts: SiteFacts) -> Iterator[str]:
    if any(each.can_sign for each in facts.reviewers):
        return
    if not facts.reviewers:
        yield "There is no reviewer yet."
    for each in facts.reviewers:
        if problem := _problem(each.profile):
            yield f"{each}: {problem}"
        if each.on_hold:
            yield f"{each}: {_end_of_hold(each)}"


def _end_of_hold(account: Account) -> str:
    told = "confirms that the password is theirs"
    who = "an editor or reviewer whose own password is older than a day"
    if account.hold_ends is None:
        return f"Sign-in facts changed. They can sign once {who} {told}."
    at = f"{account.hold_ends:%B} {account.hold_ends.day}, {account.hold_ends:%H:%M} UTC"
    return f"The password is new. They can sign on {at}, or as soon as {who} {told}."


def _problem(profile: ReviewerProfile | None) -> str:
    if profile is None:
        return "No credentials are entered."
    if problem := profile.problem():
        return problem
    if not profile.is_confirmed:
        names = ", ".join(profile.unconfirmed())
        return f"Somebody other than who entered it must confirm the {names}."
    return "The last day on which they may sign has passed." if profile.expired else ""


def _credentials_places(facts: SiteFacts) -> Iterator[StepPlace]:
    if any(each.profile is None for each in facts.reviewers):
        yield StepPlace("Enter credentials", reverse(_ADD_CREDENTIALS))
    yield StepPlace("Confirm names and credentials", reverse("review:signers"))
    if any(each.on_hold for each in facts.reviewers):
        yield StepPlace("Confirm changed sign-in facts", reverse("sign_in_changes:index"))


def _factor_missing(facts: SiteFacts) -> Iterator[str]:
    responsible = {each.user.pk for each in (*facts.confirmers, *facts.reviewers)}
    for each in facts.accounts:
        if each.user.pk in responsible and not each.has_app:
            yield f"{each} signs in with a password only."


def _factor_places(_facts: SiteFacts) -> Iterator[StepPlace]:
    yield StepPlace("Set up your own", reverse("accounts:second_factor"))
    yield StepPlace("Require it of a group", reverse("accounts:groups"))


def _home_missing(facts: SiteFacts) -> Iterator[str]:
    home = facts.home
    if home is None:
        yield "There is no home page. Run manage.py setup_site."
        return
    if not home.organisation.strip():
        yield "The home page does not name the organisation."
    if not home.if_nobody_answers.strip():
        yield "It does not say what to do if nobody answers a call; it ends each box that says to call."
    if not facts.is_public(home):
        yield "No text of it is signed yet."


def _home_places(facts: SiteFacts) -> Iterator[StepPlace]:
    if facts.home:
        yield StepPlace("Edit the home page", page_address(facts.home.pk))


def _information_missing(facts: SiteFacts) -> Iterator[str]:
    for text in STARTER_TEXTS:
        page = facts.information.get(text.slug)
        if page is None:
            yield f"There is no page “{text.title}”."
        elif not facts.is_public(page):
            yield f"“{page.get_admin_display_title()}” is not signed yet. Fill in what is in square brackets."


def _information_places(facts: SiteFacts) -> Iterator[StepPlace]:
    for text in STARTER_TEXTS:
        page = facts.information.get(text.slug)
        if page and not facts.is_public(page):
            yield StepPlace(f"Edit “{text.title}”", page_address(page.pk))


SITE_STEPS = (
    StepRule(
        "settings",
        "Numbers and language of your country",
        "Boxes and search answers show these numbers to people in danger. Signed texts keep the number they "
        "were signed with.",
        _settings_missing,
        _settings_places,
    ),
    StepRule(
        "brand",
        "Name, logo and colours",
        "Readers see at once whose pages these are.",
        _brand_missing,
        _brand_places,
        optional=True,
    ),
    StepRule(
        "people",
        "People",
        "A text needs two people: one who writes it and another one who signs it.",
        _people_missing,
        _people_places,
    ),
    StepRule(
        "credentials",
        "Credentials of those who sign",
        "Patients read the name and the credentials below each page, so two people stand behind them.",
        _credentials_missing,
        _credentials_places,
    ),
    StepRule(
        "second-factor",
        "Second factor",
        "A stolen password alone must not sign a text, nor name a signer.",
        _factor_missing,
        _factor_places,
    ),
    StepRule(
        "home",
        "Home page",
        "It names the organisation on every page, and says what to do if nobody answers a call.",
        _home_missing,
        _home_places,
    ),
    StepRule(
        "information",
        "Pages about the service",
        "Readers ask who writes this, what you keep about them, and how to tell you about a mistake.",
        _information_missing,
        _information_places,
    ),
)
