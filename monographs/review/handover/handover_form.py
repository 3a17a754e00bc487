"""The form by which the work of somebody who leaves is given to others."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
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
#: So many items of a kind have a field of their own at first; others get one when they are looked for.
MOST_LISTED = 100
AS_ABOVE = ("", "As chosen for all")
CHOOSE = ("", "Choose")


class HandoverForm(ConfirmForm):
    """Who takes over everything of a kind, and for each item somebody else, if anybody.

    Of thousands of items only some are listed: those for which somebody was chosen in ``given``, which is
    what the browser sent, those in ``first``, by name, and those whose title has the words to ``find``.
    """

    find = forms.CharField(
        label="Look for pages and texts",
        required=False,
        max_length=100,
        help_text="Not all are listed below. Type words of a name; what you have chosen so far stays chosen.",
    )

    def __init__(
        self,
        *args: Any,
        items: list[WorkItem],
        people: list[User],
        user: User,
        given: Mapping[str, str],
        first: Collection[str] = (),
        **kwargs: Any,
    ):
        super().__init__(*args, user=user, initial=given, **kwargs)
        self.fields["password"].help_text = "In case you left a signed-in computer unattended."
        self.items = items
        self.listed = _Listed(given, first, given.get("find", "").casefold().split()).of(items)
        names = [(str(person.pk), display_name(person)) for person in people]
        nobody = [(str(NOBODY), "Nobody in particular")]
        for kind in self.kinds():
            _, label = KINDS[kind]
            more = nobody if kind in MAY_BE_NOBODYS else []
            self.fields[f"all-{kind}"] = forms.ChoiceField(
                label=label, required=False, choices=[CHOOSE, *more, *names]
            )
        for item in self.listed:
            more = nobody if item.kind in MAY_BE_NOBODYS else []
            self.fields[item.name] = forms.ChoiceField(
                label=f"Who takes over {item.title} ({item.what})?",
                required=False,
                choices=[AS_ABOVE, *more, *names],
            )

    @property
    def is_long(self) -> bool:
        """Whether some items have no field of their own."""
        return len(self.listed) < len(self.items)

    def kinds(self) -> list[WorkKind]:
        """Return the kinds of work that there is something of."""
        return [kind for kind in KINDS if any(item.kind == kind for item in self.items)]

    def groups(self) -> Iterator[dict[str, Any]]:
        """Yield each kind with its heading, the field for all of it, and its items with theirs."""
        for kind in self.kinds():
            rows = [self[item.name] for item in self.listed if item.kind == kind]
            count = sum(item.kind == kind for item in self.items)
            yield {
                "heading": KINDS[kind][0],
                "field": self[f"all-{kind}"],
                "count": count,
                "rows": rows,
                "unlisted": count - len(rows),
            }

    def choices(self) -> dict[str, int]:
        """Return who was chosen for single items, by their names."""
        given = {item.name: self.cleaned_data.get(item.name) for item in self.listed}
        return {name: int(pk) for name, pk in given.items() if pk}

    def defaults(self) -> dict[WorkKind, int]:
        """Return who was chosen for all of a kind."""
        given = {kind: self.cleaned_data.get(f"all-{kind}") for kind in self.kinds()}
        return {kind: int(pk) for kind, pk in given.items() if pk}

    def add_reasons(self, reasons: dict[str, str]) -> None:
        """Show why the people chosen for items cannot take them over, at each item that is listed."""
        for name, reason in reasons.items():
            if name in self.fields:
                self.add_error(name, reason)
        if missing := sum(name not in self.fields for name in reasons):
            self.add_error(
                None, f"{missing} more cannot be taken over: choose somebody else for all of them."
            )


@dataclass(frozen=True, slots=True)
class _Listed:
    """Which items have a field of their own: see ``HandoverForm``."""

    given: Mapping[str, str]
    first: Collection[str]
    words: list[str]

    def of(self, items: list[WorkItem]) -> list[WorkItem]:
        """Return, in their order, all of ``items`` that were chosen and ``MOST_LISTED`` of each kind."""
        names = {item.name for item in items if self.given.get(item.name)}
        for kind in KINDS:
            others = [item for item in items if item.kind == kind and self._may_be_listed(item)]
            others.sort(key=lambda item: item.name not in self.first)
            names |= {item.name for item in others[:MOST_LISTED]}
        return [item for item in items if item.name in names]

    def _may_be_listed(self, item: WorkItem) -> bool:
        title = item.title.casefold()
        return item.name in self.first or all(word in title for word in self.words)
