"""Overrule a rule at one place, with a reason that the reviewer sees; and withdraw that."""

import logging
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from wagtail.models import Page

from monographs.core.db_clock import database_now
from monographs.editions.person import Person
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.rules.finding import Finding
from monographs.rules.models import Overrule

logger = logging.getLogger(__name__)

#: Characters. A shorter reason explains nothing; a longer one belongs in a note.
SHORTEST_REASON, LONGEST_REASON = 10, 500


def overrule(user: User, key: UUID, finding: Finding, reason: str) -> Overrule:
    """Overrule ``finding`` in the page ``key``, with ``reason``, until the text of its place changes.

    Allowed for users who may edit the page, while it is not in review: what a reviewer sees must not change.
    A newer reason replaces the older one. Raises ``PolicyError``.
    """
    _check_permission(user, key)
    if not finding.overrulable:
        raise _refused(user, key, "This rule cannot be overruled. Fix the text instead: " + finding.message)
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise _refused(user, key, "Say in a sentence why the rule is wrong here; the reviewer reads it.")
    if len(reason) > LONGEST_REASON:
        raise _refused(user, key, f"Use {LONGEST_REASON} characters or fewer; this has {len(reason)}.")
    with transaction.atomic():
        restore_rule(user, key, finding)
        return Overrule.objects.create(
            key=key,
            rule=finding.rule,
            anchor=finding.anchor,
            fingerprint=finding.fingerprint,
            excerpt=finding.excerpt,
            reason=reason,
            by=user,
            person=_person(user).as_record(),
        )


def restore_rule(user: User, key: UUID, finding: Finding) -> bool:
    """Withdraw what overrules ``finding``; return whether there was anything to withdraw.

    Raises ``PolicyError`` like ``overrule``.
    """
    _check_permission(user, key)
    standing = Overrule.objects.filter(
        key=key,
        rule=finding.rule,
        anchor=finding.anchor,
        fingerprint=finding.fingerprint,
        withdrawn_at=None,
    )
    return bool(standing.update(withdrawn_at=database_now(), withdrawn_by=_person(user).as_record()))


def _check_permission(user: User, key: UUID) -> None:
    page = Page.objects.filter(translation_key=key, alias_of=None).first()
    page = page.specific if page else None
    if not isinstance(page, ReviewedPage):
        raise _refused(user, key, "There is no such page any more.")
    if not user.is_active or not page.permissions_for_user(user).can_edit():
        raise _refused(user, key, "Only those who may edit this page may overrule a rule in it.")
    if page.is_frozen:
        raise _refused(user, key, "This page is in review, or signed and scheduled. Recall it to change it.")


def _refused(user: User, key: UUID, message: str) -> PolicyError:
    logger.warning("refused to overrule a rule in %s by %s: %s", key, user.get_username(), message)
    return PolicyError(Rule.NOT_ALLOWED_HERE, message)


def _person(user: User) -> Person:
    """Return the user as stored with the decision; credentials are recorded for reviewers only."""
    username = user.get_username()
    return Person(id=user.pk, username=username, name=user.get_full_name() or username)
