"""Which label a label task is about, in words for people: product, maker, set id, versions and date.

A page may follow several labels, of a generic and of its brand, and so have several tasks.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils.text import Truncator

from monographs.presentation.moments import long_day_text

#: Digits of a set id that are shown beside the product's name.
_DIGITS = 8
#: Characters of a product's name in the subject of an email.
_SUBJECT_LENGTH = 30


def label_facts(set_id: Any, version: Any) -> QuerySet[Any]:
    """Return a query for what a stored version of a label says about itself, as one JSON object."""
    versions = apps.get_model("label_watch", "LabelVersion").objects.filter(set_id=set_id, version=version)
    facts = JSONObject(names="names", title="title", maker="maker", effective="effective", version="version")
    return versions.order_by("id").values_list(facts, flat=True)[:1]


def product_name(names: Sequence[str], title: str) -> str:
    """Return the product names of a label, or its title if it gives none."""
    return ", ".join(names) or title


def label_in_subject(set_id: str, names: Sequence[str], title: str) -> str:
    """E.g. “Exemplar 5ef3a1c2…”: what tells two labels of a page apart in the subject of an email."""
    product = Truncator(product_name(names[:1], title)).chars(_SUBJECT_LENGTH) or "set id"
    return f"{product} {set_id[:_DIGITS]}…"


class LabelTaskOutcome(models.TextChoices):
    """How a label task ended."""

    EDITION = "edition", "An edition names the new version"
    ANSWERED = "answered", "A reviewer signed that no change is needed"
    QUIET = "quiet", "Nothing changed that the page rests on"
    NOT_FOLLOWED = "not_followed", "The page no longer follows the label"


class LabelTaskManager(models.Manager[Any]):
    """Label tasks, each with what its label says about itself: no query more for a list of them."""

    def get_queryset(self) -> QuerySet[Any]:
        """Return all tasks."""
        found = label_facts(OuterRef("set_id"), OuterRef("to_version"))
        facts = Coalesce(Subquery(found), JSONObject(version=F("to_version")))
        return super().get_queryset().annotate(read_label_facts=facts)


class LabelledTask(models.Model):
    """A task that names its label; abstract."""

    set_id: Any
    from_version: Any
    to_version: Any

    class Meta:
        abstract = True

    @property
    def label_name(self) -> str:
        """E.g. “Exemplar (Example Makers), set id 5ef3a1c2…”; the set id alone if no version is stored."""
        facts = self._label_facts
        product = product_name(facts.get("names", []), facts.get("title", ""))
        if not product:
            return f"set id {self.set_id}"
        maker = f" ({facts['maker']})" if facts["maker"] else ""
        return f"{product}{maker}, set id {self.set_id[:_DIGITS]}…"

    @property
    def label_in_subject(self) -> str:
        """What tells the label from another one of the page in the subject of an email."""
        facts = self._label_facts
        return label_in_subject(self.set_id, facts.get("names", []), facts.get("title", ""))

    @property
    def label_step(self) -> str:
        """E.g. “version 3 → 4, in effect since March 1, 2026”, of the newer one."""
        effective = self._label_facts.get("effective")
        since = f", in effect since {long_day_text(date.fromisoformat(effective))}" if effective else ""
        return f"version {self.from_version} → {self.to_version}{since}"

    @property
    def label_words(self) -> str:
        """The label and its step, for lists without columns."""
        return f"{self.label_name}, {self.label_step}"

    @property
    def _label_facts(self) -> dict[str, Any]:
        """What the newer version says: as it was read with the task, or one query if that is older."""
        read: dict[str, Any] = getattr(self, "read_label_facts", {})
        if read.get("version") != self.to_version:
            stored = label_facts(self.set_id, self.to_version).first()
            self.read_label_facts = read = stored or {"version": self.to_version}
        return read
