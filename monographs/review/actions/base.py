"""The shape of an action."""

from typing import Any, Generic, TypeVar

from django.db import transaction

from monographs.editions.people import Person
from monographs.review.people import person_of
from monographs.review.refusals import Refused, log_refusal

Result = TypeVar("Result")


class Action(Generic[Result]):
    """One attempt by one user. ``execute`` does it whole or not at all; a refusal is logged."""

    name = ""

    def __init__(self, user: Any) -> None:
        self.user = user

    @property
    def actor(self) -> Person:
        """Who acts, by value."""
        return person_of(self.user)

    def subject(self) -> Any:
        """Key of the page it is about."""
        raise TypeError(f"{type(self).__name__} must name its subject")

    def perform(self) -> Result:
        """Check and change; raises ``Refused``."""
        raise TypeError(f"{type(self).__name__} must say what it does")

    def execute(self) -> Result:
        """Do it in one transaction. Raises ``Refused`` after logging the attempt."""
        try:
            with transaction.atomic():
                return self.perform()
        except Refused as refusal:
            log_refusal(refusal, self.actor, self.name, self.subject())
            raise
