"""The labels of one page: what is known about each, and which others it follows besides the one it names."""

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages

from monographs.core.users import authenticated_user
from monographs.editions.ledger import Event
from monographs.editions.models import Edition, LedgerEntry
from monographs.label_watch.followed_labels import followings
from monographs.label_watch.label_knowledge import recent_notices
from monographs.label_watch.models import FollowedLabel, LabelCheck, LabelNotice, LabelVersion
from monographs.models import MonographPage
from monographs.pages.refusals import PolicyError
from monographs.review.actions import FollowLabel, UnfollowLabel
from monographs.review.label_tasks.follow_forms import FollowLabelForm, UnfollowLabelForm
from monographs.review.labels_of_pages.open_label_tasks import open_label_tasks_by_page
from monographs.review.policies.label_answer_policy import user_can_choose_labels
from monographs.review.publication.page_sync import page_of
from monographs.review.screens.base import FormScreen

#: What was noticed about the labels of a page, of all of them together.
_MOST_NOTICES = 20


class PageLabelsView(FormScreen):
    """The labels that a page follows, and the forms by which an editor changes that."""

    template_name = "review/label_tasks/page_labels.html"
    header_icon = "history"
    breadcrumb_root = ("labels:tasks", "Label changes")
    follow_form: FollowLabelForm | None = None
    unfollow_form: UnfollowLabelForm | None = None
    #: The label that ``unfollow_form`` is about.
    unfollowed = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.key: UUID = kwargs["key"]
        self.page = page_of(self.key)
        newest = Edition.objects.of(self.key).defer("canonical").first()
        if newest is None and not isinstance(self.page, MonographPage):
            raise Http404("No medicine has this key.")
        self.title = self.page.title if self.page else newest.title if newest else ""

    def get_page_title(self) -> str:
        return f"Labels of {self.title}"

    def own_breadcrumb(self) -> str:
        return f"Labels of {self.title}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_choose = user_can_choose_labels(authenticated_user(self.request))
        return super().get_context_data(
            key=self.key,
            title=self.title,
            labels=self._labels(),
            tasks=open_label_tasks_by_page([self.key]).get(self.key, []),
            may_choose=may_choose,
            follow_form=self.follow_form or FollowLabelForm(auto_id="follow_%s"),
            unfollowed=self.unfollowed,
            **kwargs,
        )

    def _labels(self) -> list[dict[str, Any]]:
        """Return the label that the edition names, then the others, each with what is known about it."""
        others = list(FollowedLabel.objects.filter(key=self.key).order_by("pk"))
        named = next((each for each in followings([self.key]) if each.is_named), None)
        set_ids = [*([named.set_id] if named else []), *(other.set_id for other in others)]
        states = {state.set_id: state for state in LabelCheck.objects.filter(set_id__in=set_ids)}
        stored = LabelVersion.objects.filter(set_id__in=set_ids).defer("data")
        newest = {row.set_id: row for row in stored.order_by("set_id", "-version", "id").distinct("set_id")}
        reasons = _reasons(self.key)
        noticed: dict[str, list[LabelNotice]] = {}
        for each in recent_notices(_MOST_NOTICES, set_ids):
            noticed.setdefault(each.notice.set_id, []).append(each.notice)
        return [
            {
                "set_id": set_id,
                "named": named if named and set_id == named.set_id else None,
                "state": states.get(set_id),
                "newest": newest.get(set_id),
                "reason": reasons.get(set_id),
                "noticed": noticed.get(set_id, []),
                "form": self._unfollow_form(set_id),
            }
            for set_id in dict.fromkeys(set_ids)
        ]

    def _unfollow_form(self, set_id: str) -> UnfollowLabelForm:
        if self.unfollow_form and set_id == self.unfollowed:
            return self.unfollow_form
        return UnfollowLabelForm(auto_id=f"unfollow_{set_id}_%s")


class FollowView(PageLabelsView):
    """Add a label that the page follows."""

    def get(self, request: HttpRequest, key: UUID, **kwargs: Any) -> HttpResponse:
        """Redirect to the labels."""
        return redirect("labels:page", key)

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Follow the label, or show the labels again with the reason why not."""
        self.follow_form = form = FollowLabelForm(request.POST, auto_id="follow_%s")
        if not form.is_valid():
            return self.invalid()
        set_id, reason = form.cleaned_data["set_id"], form.cleaned_data["reason"]
        try:
            FollowLabel(authenticated_user(request), key, set_id, reason=reason).execute()
        except PolicyError as refusal:
            form.add_error("set_id", refusal.message)
            self.status = 403
            return self.show()
        messages.success(request, f"{self.title} follows this label; the next check asks for it.")
        return redirect("labels:page", key)


class UnfollowView(PageLabelsView):
    """Remove a label that the page follows."""

    def get(self, request: HttpRequest, key: UUID, **kwargs: Any) -> HttpResponse:
        """Redirect to the labels."""
        return redirect("labels:page", key)

    def post(self, request: HttpRequest, key: UUID, set_id: str) -> HttpResponse:
        """End it, or show the labels again with the reason why not."""
        self.unfollowed = set_id
        self.unfollow_form = form = UnfollowLabelForm(request.POST, auto_id=f"unfollow_{set_id}_%s")
        if not form.is_valid():
            return self.invalid()
        reason = form.cleaned_data["reason"]
        try:
            UnfollowLabel(authenticated_user(request), key, set_id, reason=reason).execute()
        except PolicyError as refusal:
            return self.refused(refusal)
        messages.success(request, f"{self.title} no longer follows this label.")
        return redirect("labels:page", key)


def _reasons(key: UUID) -> dict[str, dict[str, Any]]:
    """Return who let the page follow each label last, when and why, by set id."""
    entries = LedgerEntry.objects.filter(subject=str(key), event=Event.LABEL_FOLLOWED).order_by("seq")
    found = {}
    for entry in entries:
        body = json.loads(entry.body)
        actor = body["actor"]
        found[body["data"]["set_id"]] = {
            "reason": body["data"]["reason"],
            "by": actor["name"] or actor["username"],
            "at": entry.at,
        }
    return found
