"""Admin reports on feedback, for editors. The only change they allow is erasing a comment."""

from typing import Any

import django_filters
from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.http import urlencode
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.generic import DeleteView
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy

from monographs.core.db_clock import database_today
from monographs.core.empty_report import EmptyReportMixin
from monographs.feedback.models import Feedback, Helpfulness, newest_value
from monographs.feedback.retention import erase_comment

policy = ModelPermissionPolicy(Feedback)


class _FeedbackFilterSet(WagtailFilterSet):
    at = django_filters.DateFromToRangeFilter(label="Sent", widget=DateRangePickerWidget)
    title = django_filters.CharFilter(label="Medicine", lookup_expr="icontains")


class _AnswerFilterSet(_FeedbackFilterSet):
    answer = django_filters.ChoiceFilter(label="Answer", choices=Helpfulness.choices)
    words = django_filters.BooleanFilter(label="With a comment", method="filter_with_words")
    slug = django_filters.CharFilter(label="Page (end of its address)")
    number = django_filters.NumberFilter(label="Edition")

    class Meta:
        model = Feedback
        fields: list[str] = []

    def filter_with_words(self, answers: QuerySet[Feedback], name: str, wanted: bool) -> QuerySet[Feedback]:
        """Filter for answers with a comment, or without."""
        return answers.exclude(words="") if wanted else answers.filter(words="")


class _CountFilterSet(_FeedbackFilterSet):
    class Meta:
        model = Feedback
        fields: list[str] = []


class _Report(EmptyReportMixin, ReportView):
    model = Feedback
    permission_policy = policy
    any_permission_required = ["view"]
    header_icon = "comment"
    nothing_listed = "No reader has sent feedback that is still kept."

    def get_filename(self) -> str:
        return f"feedback-{database_today():%Y-%m-%d}"


def _answers_url(row: dict[str, Any]) -> str:
    return f"{reverse('feedback:answers')}?{urlencode({'slug': row['slug']})}"


class CountsView(_Report):
    """The pages with feedback and their counts, the least helpful first."""

    page_title = "Feedback"
    verbose_name, verbose_name_plural = "page", "pages"
    index_url_name = "feedback:counts"
    index_results_url_name = "feedback:counts_results"
    filterset_class = _CountFilterSet
    is_searchable = False
    columns = [
        TitleColumn("title", label="Medicine", get_url=_answers_url, width="35%"),
        NumberColumn("no", label="No"),
        NumberColumn("unsure", label="Not sure"),
        NumberColumn("yes", label="Yes"),
        NumberColumn("with_words", label="With a comment"),
        DateColumn("newest", label="Newest"),
    ]
    list_export = ["title", "slug", "no", "unsure", "yes", "with_words", "newest"]
    export_headings = {
        "no": "No",
        "unsure": "Not sure",
        "yes": "Yes",
        "with_words": "With a comment",
        "newest": "Newest",
    }

    def get_filtered_queryset(self) -> Any:
        answered = {each.value: Count("pk", filter=Q(answer=each.value)) for each in Helpfulness}
        return (
            super()
            .get_filtered_queryset()
            .order_by()
            .values("key")
            .annotate(
                title=newest_value("title"),
                slug=newest_value("slug"),
                with_words=Count("pk", filter=~Q(words="")),
                newest=Max("at"),
                **answered,
            )
            .order_by("-no", "-unsure", "title", "key")
        )

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        all_answers = Button("All answers", url=reverse("feedback:answers"), icon_name="list-ul", priority=10)
        return [all_answers, *super().header_more_buttons]


def _edition_url(answer: Feedback) -> str:
    return reverse("public:edition", args=[answer.slug, answer.number])


class _CommentColumn(Column):
    """A reader's comment with a button to erase it."""

    cell_template_name = "feedback/comment_cell.html"


class AnswersView(_Report):
    """All answers, newest first, with the edition each is about."""

    page_title = "Answers"
    verbose_name, verbose_name_plural = "answer", "answers"
    index_url_name = "feedback:answers"
    index_results_url_name = "feedback:answers_results"
    filterset_class = _AnswerFilterSet
    is_searchable = False
    breadcrumbs_items = [
        {"url": reverse_lazy("wagtailadmin_home"), "label": "Home"},
        {"url": reverse_lazy("feedback:counts"), "label": "Feedback"},
    ]
    columns = [
        TitleColumn("title", label="Medicine", get_url=_edition_url, width="25%"),
        Column("number", label="Edition"),
        Column("get_answer_display", label="Helpful?"),
        _CommentColumn("words", label="What they were looking for"),
        DateColumn("at", label="Sent"),
    ]
    list_export = ["title", "slug", "number", "sha256", "get_answer_display", "words", "at"]
    export_headings = {"get_answer_display": "Helpful?"}

    def get_base_queryset(self) -> QuerySet[Feedback]:
        """Return all answers."""
        return Feedback.objects.all()


class EraseView(DeleteView):
    """The confirmation page for erasing the comment of an answer. The answer itself is kept."""

    model = Feedback
    permission_policy = policy
    permission_required = "view"
    template_name = "feedback/erase_comment.html"
    page_title = "Erase comment"
    header_icon = "comment"
    index_url_name = "feedback:answers"
    delete_url_name = "feedback:erase"
    success_message = "The comment was erased."

    def get_queryset(self) -> QuerySet[Feedback]:
        """Return the answers that have a comment."""
        return Feedback.objects.exclude(words="")

    def delete_action(self) -> None:
        """Erase the comment, and log who did it."""
        erase_comment(self.object, self.request.user.get_username())
