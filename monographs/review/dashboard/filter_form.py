"""What the board can be asked."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q

from monographs.models import DrugClassPage
from monographs.review.dashboard import dashboard_sql
from monographs.review.dashboard.page_status import PageStatus
from monographs.review.dashboard.rows import DEFAULT_ORDER, DashboardFilter, kinds_by_type

_DUE = [("", "Any time"), ("0", "By today"), ("7", "Within 7 days"), ("30", "Within 30 days")]
_DUE += [("90", "Within 90 days"), ("365", "Within a year")]
_ORDERS = [
    ("stage", "Stage"),
    ("due", "Due first"),
    ("age", "Longest at its stage first"),
    ("title", "Name"),
    ("edition", "Fewest editions first"),
]


class DashboardFilterForm(forms.Form):
    """Filters and order, in the address so that a board can be kept as a bookmark.

    Something unknown in an address is left out rather than refused: an old bookmark still shows a board.
    """

    words = forms.CharField(label="Name or brand contains", required=False, max_length=100)
    #: Chosen by the tabs above the filters, which keep it.
    stage = forms.ChoiceField(
        required=False,
        choices=[("", "Every stage"), *((stage.value, stage.label) for stage in PageStatus)],
        widget=forms.HiddenInput,
    )
    person = forms.ChoiceField(required=False)
    kind = forms.ChoiceField(required=False)
    drug_class = forms.ChoiceField(label="Drug class", required=False)
    due_within = forms.ChoiceField(label="Due", required=False, choices=_DUE)
    order = forms.ChoiceField(label="Sorted by", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("person", "Anybody", [(user.pk, _name(user)) for user in _people()])
        self._offer("kind", "Every kind", list(kinds_by_type().items()))
        classes = DrugClassPage.objects.order_by("draft_title").values_list("pk", "draft_title")
        self._offer("drug_class", "Every class", list(classes))
        offered = {name for name, _ in _ORDERS}
        turned = [(name, name) for name in dashboard_sql.ORDERS if name not in offered]
        chosen = self.data.get("order", "")
        self._set("order", _ORDERS + [pair for pair in turned if pair[0] == chosen])

    def _offer(self, name: str, everything: str, choices: list[tuple[Any, str]]) -> None:
        self._set(name, [("", everything), *((str(value), label) for value, label in choices)])

    def _set(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
        field.choices = choices

    def wanted(self) -> DashboardFilter:
        """What was asked for."""
        asked = self._said()
        return DashboardFilter(
            stage=asked.get("stage", ""),
            person=int(asked.get("person") or 0),
            kind=int(asked.get("kind") or 0),
            drug_class=int(asked.get("drug_class") or 0),
            due_within=int(asked["due_within"]) if asked.get("due_within") else None,
            words=asked.get("words", ""),
        )

    def sorting(self) -> str:
        """How it is to be sorted; one of ``dashboard_sql.ORDERS``."""
        return self._said().get("order") or DEFAULT_ORDER

    def _said(self) -> dict[str, str]:
        self.is_valid()
        return self.cleaned_data


def _people() -> Any:
    """Who works on pages: those in a group, and superusers."""
    users = get_user_model().objects.filter(Q(groups__isnull=False) | Q(is_superuser=True), is_active=True)
    return users.distinct().order_by("first_name", "last_name", "pk")


def _name(user: Any) -> str:
    return str(user.get_full_name() or user.get_username())
