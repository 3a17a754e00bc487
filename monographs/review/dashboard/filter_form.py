"""The filters and the order of the review dashboard."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from monographs.core.users import display_name
from monographs.models import DrugClassPage
from monographs.review.dashboard import dashboard_sql
from monographs.review.dashboard.page_stage import PageStage
from monographs.review.dashboard.rows import DEFAULT_ORDER, DashboardFilter, page_type_labels

_DUE_WITHIN = [("", "Any time"), ("0", "By today"), ("7", "Within 7 days"), ("30", "Within 30 days")]
_DUE_WITHIN += [("90", "Within 90 days"), ("365", "Within a year")]
_SET_ASIDE = [("", "With one or without"), ("yes", "With one")]
_ORDERS = [
    ("stage", "Stage"),
    ("due", "Due first"),
    ("age", "Longest at its stage first"),
    ("title", "Name"),
    ("edition", "Fewest editions first"),
]


class DashboardFilterForm(forms.Form):
    """Filters and order, read from the query string so that a filtered dashboard can be bookmarked.

    Invalid parameters are ignored rather than refused: an old bookmark still shows a dashboard.
    """

    words = forms.CharField(label="Name or brand contains", required=False, max_length=100)
    #: Set by the tabs above the filters; hidden here so that filtering keeps the tab.
    stage = forms.ChoiceField(
        required=False,
        choices=[("", "Every stage"), *((stage.value, stage.label) for stage in PageStage)],
        widget=forms.HiddenInput,
    )
    person = forms.ChoiceField(required=False)
    kind = forms.ChoiceField(required=False)
    drug_class = forms.ChoiceField(label="Drug class", required=False)
    due_within = forms.ChoiceField(label="Due", required=False, choices=_DUE_WITHIN)
    set_aside = forms.ChoiceField(label="Draft set aside", required=False, choices=_SET_ASIDE)
    order = forms.ChoiceField(label="Sorted by", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(user.pk, display_name(user)) for user in _page_workers()]
        self._set_choices("person", [("", "Anybody"), *people])
        self._set_choices("kind", [("", "Every kind"), *page_type_labels().items()])
        classes = DrugClassPage.objects.order_by("draft_title").values_list("pk", "draft_title")
        self._set_choices("drug_class", [("", "Every class"), *classes])
        # An order that only a column heading offers is a choice while it is in use
        chosen = self.data.get("order", "")
        in_use = [(chosen, chosen)] if chosen in dashboard_sql.ORDERS.keys() - dict(_ORDERS) else []
        self._set_choices("order", _ORDERS + in_use)

    def _set_choices(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
        field.choices = [(str(value), label) for value, label in choices]

    def chosen_filter(self) -> DashboardFilter:
        """Return the valid filters."""
        chosen = self._valid_data()
        return DashboardFilter(
            stage=chosen.get("stage", ""),
            person=int(chosen.get("person") or 0),
            kind=int(chosen.get("kind") or 0),
            drug_class=int(chosen.get("drug_class") or 0),
            due_within=int(chosen["due_within"]) if chosen.get("due_within") else None,
            words=chosen.get("words", ""),
            set_aside=bool(chosen.get("set_aside")),
        )

    def chosen_order(self) -> str:
        """Return the order, one of ``dashboard_sql.ORDERS``."""
        return self._valid_data().get("order") or DEFAULT_ORDER

    def _valid_data(self) -> dict[str, str]:
        self.is_valid()
        return self.cleaned_data


def _page_workers() -> QuerySet[User]:
    """Return the active accounts that may work on pages: members of a group, and superusers."""
    users = User.objects.filter(Q(groups__isnull=False) | Q(is_superuser=True), is_active=True)
    return users.distinct().order_by("first_name", "last_name", "pk")
