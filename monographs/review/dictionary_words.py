"""The site's own dictionary: words that editors added to the lists, and took out again."""

import logging
import re

from django.contrib.auth.models import User
from django.db.models import QuerySet

from monographs.accounts.actors import person_of
from monographs.core.users import AnyUser
from monographs.pages.refusals import PolicyError, Rule
from monographs.review.policy import ALLOWED, Verdict, is_editor_or_superuser
from monographs.rules.models import DictionaryWord
from monographs.rules.word_lookup import is_known

logger = logging.getLogger(__name__)

#: One word of letters, as texts are searched for unknown ones.
_WORD = re.compile(r"[a-z]{2,60}")


def user_can_keep_dictionary(user: AnyUser) -> Verdict:
    """Return whether ``user`` may add words to the site's dictionary: editors may."""
    if is_editor_or_superuser(user):
        return ALLOWED
    return Verdict(
        False, Rule.NOT_AN_EDITOR, "Only editors add words to the site's dictionary. Ask one of them."
    )


def own_words() -> QuerySet[DictionaryWord]:
    """Return the site's own words in alphabetical order."""
    return DictionaryWord.objects.order_by("word")


def add_word(user: User, word: str) -> DictionaryWord:
    """Add ``word`` in lower case; one that is there already stays as it is. Raises ``PolicyError``."""
    user_can_keep_dictionary(user).enforce()
    word = word.strip().lower()
    if not _WORD.fullmatch(word):
        raise PolicyError(Rule.NOT_ALLOWED_HERE, "Add one word, of 2 to 60 letters without accents or signs.")
    if is_known(word):
        raise PolicyError(Rule.NOT_ALLOWED_HERE, f"“{word}” is known already.")
    added, created = DictionaryWord.objects.get_or_create(
        word=word, defaults={"by": user, "person": person_of(user).as_record()}
    )
    if created:
        logger.info("%s added “%s” to the dictionary", user.get_username(), word)
    return added


def remove_word(user: User, word: str) -> bool:
    """Take ``word`` out again; return whether it was there. Raises ``PolicyError``."""
    user_can_keep_dictionary(user).enforce()
    removed, _ = DictionaryWord.objects.filter(word=word.strip().lower()).delete()
    if removed:
        logger.info("%s took “%s” out of the dictionary", user.get_username(), word)
    return bool(removed)
