"""What readers said, for editors to read. None of it is public, and all they can change is to erase words."""

from typing import Any

import django_filters
from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import urlencode
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.generic import DeleteView
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy

from monographs.feedback.models import Feedback, Helpfulness
from monographs.feedback.retention import erase_words
from monographs.presentation.spreadsheet_cells import plain, printable

policy = ModelPermissionPolicy(Feedback)


class _SentAtColumn(WagtailFilterSet):
    at = django_filters.DateFromToRangeFilter(label="Sent", widget=DateRangePickerWidget)
    title = django_filters.CharFilter(label="Medicine", lookup_expr="icontains")


class _AnswerFilterSet(_SentAtColumn):
    answer = django_filters.ChoiceFilter(label="Answer", choices=Helpfulness.choices)
    words = django_filters.BooleanFilter(label="With words", method="with_words")
    slug = django_filters.CharFilter(label="Page (end of its address)")
    number = django_filters.NumberFilter(label="Edition")

    class Meta:
        model = Feedback
        fields: list[str] = []

    def with_words(self, answers: QuerySet[Feedback], name: str, wanted: bool) -> QuerySet[Feedback]:
        """Only answers with words, or only those without."""
        return answers.exclude(words="") if wanted else answers.filter(words="")


class _CountFilterSet(_SentAtColumn):
    class Meta:
        model = Feedback
        fields: list[str] = []


class _Report(ReportView):
    model = Feedback
    permission_policy = policy
    any_permission_required = ["view"]
    header_icon = "comment"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # Readers' words come from anybody
        self.custom_value_preprocess = {
            **ReportView.custom_value_preprocess,
            str: {self.FORMAT_CSV: plain, self.FORMAT_XLSX: printable},
        }

    def get_filename(self) -> str:
        return f"feedback-{timezone.now():%Y-%m-%d}"


def _answers_about(row: dict[str, Any]) -> str:
    return f"{reverse('feedback:answers')}?{urlencode({'slug': row['slug']})}"


class CountsView(_Report):
    """Each page that readers answered about, the least helpful first."""

    page_title = "Feedback"
    verbose_name, verbose_name_plural = "page", "pages"
    index_url_name = "feedback:counts"
    index_results_url_name = "feedback:counts_results"
    filterset_class = _CountFilterSet
    is_searchable = False
    columns = [
        TitleColumn("title", label="Medicine", get_url=_answers_about, width="35%"),
        NumberColumn("no", label="No"),
        NumberColumn("unsure", label="Not sure"),
        NumberColumn("yes", label="Yes"),
        NumberColumn("with_words", label="With words"),
        DateColumn("newest", label="Newest"),
    ]
    list_export = ["title", "slug", "no", "unsure", "yes", "with_words", "newest"]
    export_headings = {
        "no": "No",
        "unsure": "Not sure",
        "yes": "Yes",
        "with_words": "With words",
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
                title=Max("title"),
                slug=Max("slug"),
                with_words=Count("pk", filter=~Q(words="")),
                newest=Max("at"),
                **answered,
            )
            .order_by("-no", "-unsure", "title", "key")
        )

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        every = Button("All answers", url=reverse("feedback:answers"), icon_name="list-ul", priority=10)
        return [every, *super().header_more_buttons]


def _edition_address(answer: Feedback) -> str:
    return reverse("public:edition", args=[answer.slug, answer.number])


class _ReaderTextColumn(Column):
    """A reader's words, and the way to be rid of them."""

    cell_template_name = "feedback/words_cell.html"


class AnswersView(_Report):
    """Every answer, newest first, with the edition it was about."""

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
        TitleColumn("title", label="Medicine", get_url=_edition_address, width="25%"),
        Column("number", label="Edition"),
        Column("get_answer_display", label="Helpful?"),
        _ReaderTextColumn("words", label="What they were looking for"),
        DateColumn("at", label="Sent"),
    ]
    list_export = ["title", "slug", "number", "sha256", "get_answer_display", "words", "at"]
    export_headings = {"get_answer_display": "Helpful?"}

    def get_base_queryset(self) -> QuerySet[Feedback]:
        """All of them."""
        return Feedback.objects.all()


class EraseView(DeleteView):
    """Asks whether the words of one answer shall go. Whether the page helped stays counted."""

    model = Feedback
    permission_policy = policy
    permission_required = "view"
    template_name = "feedback/erase.html"
    page_title = "Erase words"
    header_icon = "comment"
    index_url_name = "feedback:answers"
    delete_url_name = "feedback:erase"
    success_message = "The words are erased."

    def get_queryset(self) -> QuerySet[Feedback]:
        """Answers that have words."""
        return Feedback.objects.exclude(words="")

    def delete_action(self) -> None:
        """Erase them, and leave a line that says who did."""
        erase_words(self.object, self.request.user.get_username())
