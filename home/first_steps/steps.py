"""All first steps in order, and whether people still want to see them."""

from home.first_steps.site_facts import SiteFacts, site_facts
from home.first_steps.site_steps import SITE_STEPS
from home.first_steps.step import Step
from home.first_steps.text_steps import TEXT_STEPS
from home.set_up_items import is_done, once

DISMISSED = "first steps dismissed"


def first_steps(facts: SiteFacts | None = None) -> list[Step]:
    """Return every step as it is now."""
    known = facts or site_facts()
    return [rule.step(known) for rule in (*SITE_STEPS, *TEXT_STEPS)]


def are_dismissed() -> bool:
    """Whether somebody took the panel off the home page of the admin."""
    return is_done(DISMISSED)


def dismiss() -> None:
    """Take the panel off the home page of the admin; the page stays in the help menu."""
    once(DISMISSED, lambda: None)
