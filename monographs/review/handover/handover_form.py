"""The form by which the work of somebody who leaves is given to others."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.auth.models import User

from monographs.core.users import display_name
from monographs.review.forms import ConfirmForm
from monographs.review.handover.hand_over import MAY_BE_NOBODYS, NOBODY
from monographs.review.handover.leavers_work import WorkItem, WorkKind

#: Questions about everything of a kind, and the heading of its list.
KINDS = {
    WorkKind.PAGE: ("Pages and drafts", "Who takes over pages and drafts?"),
    WorkKind.SUBMITTED: ("Texts they submitted", "To whom do submitted texts come back?"),
    WorkKind.REVIEW: ("Reviews they are asked for", "Who is asked to review instead?"),
    WorkKind.DUE: ("Due reviews they are asked for", "Who is asked for due reviews instead?"),
}
AS_ABOVE = ("", "As chosen for all")
CHOOSE = ("", "Choose")


class HandoverForm(ConfirmForm):
    """Who takes over everything of a kind, and for each item somebody else, if anybody."""

    def __init__(self, *args: Any, items: list[WorkItem], people: list[User], user: User, **kwargs: Any):
        super().__init__(*args, user=user, **kwargs)
        self.fields["password"].help_text = "In case you left a signed-in computer unattended."
        self.items = items
        names = [(str(person.pk), display_name(person)) for person in people]
        nobody = [(str(NOBODY), "Nobody in particular")]
        for kind in self.kinds():
            _, label = KINDS[kind]
            more = nobody if kind in MAY_BE_NOBODYS else []
            self.fields[f"all-{kind}"] = forms.ChoiceField(
                label=label, required=False, choices=[CHOOSE, *more, *names]
            )
        for item in items:
            more = nobody if item.kind in MAY_BE_NOBODYS else []
            self.fields[item.name] = forms.ChoiceField(
                label=f"Who takes over {item.title} ({item.what})?",
                required=False,
                choices=[AS_ABOVE, *more, *names],
            )

    def kinds(self) -> list[WorkKind]:
        """Return the kinds of work that there is something of."""
        return [kind for kind in KINDS if any(item.kind == kind for item in self.items)]

    def groups(self) -> Iterator[dict[str, Any]]:
        """Yield each kind with its heading, the field for all of it, and its items with theirs."""
        for kind in self.kinds():
            rows = [(item, self[item.name]) for item in self.items if item.kind == kind]
            yield {"heading": KINDS[kind][0], "field": self[f"all-{kind}"], "rows": rows}

    def choices(self) -> dict[str, int]:
        """Return who was chosen for single items, by their names."""
        given = {item.name: self.cleaned_data.get(item.name) for item in self.items}
        return {name: int(pk) for name, pk in given.items() if pk}

    def defaults(self) -> dict[WorkKind, int]:
        """Return who was chosen for all of a kind."""
        given = {kind: self.cleaned_data.get(f"all-{kind}") for kind in self.kinds()}
        return {kind: int(pk) for kind, pk in given.items() if pk}

    def add_reasons(self, reasons: dict[str, str]) -> None:
        """Show why the people chosen for items cannot take them over, at each item."""
        for name, reason in reasons.items():
            self.add_error(name if name in self.fields else None, reason)
