"""Overruling a rule at one place, with a reason that the reviewer sees; and taking that back."""

import logging
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from monographs.editions.person import Person
from monographs.models import ReviewedPage
from monographs.pages.refusals import PolicyError, Rule
from monographs.rules.finding import Finding
from monographs.rules.models import Overrule

logger = logging.getLogger(__name__)

#: A reason shorter than this explains nothing; a longer one than the other belongs in a note.
SHORTEST_REASON, LONGEST_REASON = 10, 500


def overrule(user: Any, key: Any, finding: Finding, reason: str) -> Overrule:
    """Let ``finding`` stand in the page ``key``, for ``reason``; until the text of its place changes.

    Whoever may edit the page may do so while it is not in review: what a reviewer has been shown stays as
    it is. Raises ``PolicyError``. Said again, the newer reason takes the place of the older.
    """
    _check_person(user, key)
    if not finding.overrulable:
        raise _refused(user, key, "This rule cannot be overruled. Mend the text instead: " + finding.message)
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise _refused(user, key, "Say in a sentence why the rule is wrong here; the reviewer reads it.")
    if len(reason) > LONGEST_REASON:
        raise _refused(user, key, f"Say it in {LONGEST_REASON} characters or fewer; this has {len(reason)}.")
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


def restore_rule(user: Any, key: Any, finding: Finding) -> bool:
    """Let the rule hold again at the place of ``finding``; whether it was overruled there.

    Raises ``PolicyError`` like ``overrule``.
    """
    _check_person(user, key)
    standing = Overrule.objects.filter(
        key=key,
        rule=finding.rule,
        anchor=finding.anchor,
        fingerprint=finding.fingerprint,
        withdrawn_at=None,
    )
    return bool(standing.update(withdrawn_at=timezone.now(), withdrawn_by=_person(user).as_record()))


def _check_person(user: Any, key: Any) -> None:
    page = Page.objects.filter(translation_key=key, alias_of=None).first()
    page = page.specific if page else None
    if not isinstance(page, ReviewedPage):
        raise _refused(user, key, "There is no such page any more.")
    if not user.is_active or not page.permissions_for_user(user).can_edit():
        raise _refused(user, key, "Only those who may edit this page may overrule a rule in it.")
    if page.is_frozen:
        raise _refused(
            user, key, "This page is in review, or signed and waiting for its day. Recall it to change it."
        )


def _refused(user: Any, key: Any, message: str) -> PolicyError:
    logger.warning("refused to overrule a rule in %s by %s: %s", key, user.get_username(), message)
    return PolicyError(Rule.NOT_ALLOWED_HERE, message)


def _person(user: Any) -> Person:
    """An account by value; credentials are a reviewer's matter."""
    username = user.get_username()
    return Person(id=user.pk, username=username, name=user.get_full_name() or username)
