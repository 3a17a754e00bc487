"""The page of the admin that says whether everything around the service works: for superusers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.checks import CheckMessage
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from monographs.core.db_clock import database_now
from monographs.core.users import authenticated_user
from monographs.editions.ledger import head
from monographs.label_watch.label_knowledge import LabelKnowledge, failing_labels, label_knowledge
from monographs.presentation.relative_dates import elapsed_text
from monographs.scheduler.job import all_jobs
from monographs.site_checks import service_statistics
from monographs.site_checks.all_checks import LONGEST_CHECK, Result, quick_results, server_results
from monographs.site_checks.site_check import SiteCheck, status_of

#: Labels that fail, of which the page says why.
_MOST_LABELS = 10


@dataclass(frozen=True, slots=True)
class StatusFinding:
    """A check that found something, as the page shows it."""

    check: SiteCheck
    status: str
    messages: list[CheckMessage]


class StatusView(WagtailAdminTemplateMixin, TemplateView):
    """All quick checks, the periodic jobs, and what waits; with ``?servers`` also the other servers."""

    template_name = "site_checks/status.html"
    page_title = "Site status"
    header_icon = "desktop"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse others than superusers, who operate the site: messages name folders and servers."""
        if not authenticated_user(request).is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = database_now()
        found = self._results()
        wrong = [
            StatusFinding(check, status_of(messages), messages)
            for check, messages in found
            if status_of(messages) != "ok"
        ]
        return super().get_context_data(**kwargs) | {
            "now": now,
            "wrong": sorted(wrong, key=lambda finding: finding.status),  # errors before warnings
            "right": [check for check, messages in found if status_of(messages) == "ok"],
            "jobs": service_statistics.job_statistics(),
            "off": [job for job in all_jobs().values() if job.why_off],
            "facts": _facts(now),
            "asked_servers": "servers" in self.request.GET,
            "longest_check": LONGEST_CHECK,
        }

    def _results(self) -> list[Result]:
        """Run the checks. Other servers are asked only on request: one may take seconds to answer."""
        return quick_results() + (server_results() if "servers" in self.request.GET else [])


def _facts(now: datetime) -> list[tuple[str, str]]:
    """Return the statistics that the checks judge, in words."""
    emails, reviews = service_statistics.emails_waiting(now), service_statistics.review_statistics(now)
    sequence, digest = head()
    return [
        ("Head of the ledger", f"entry {sequence}, {digest[:16]}…"),
        ("Emails that wait", str(emails.count)),
        ("Texts in review", f"{reviews.in_review.count}, of which {reviews.overdue_submissions} overdue"),
        ("Pages to review again", f"{reviews.overdue_pages} overdue"),
        ("Changes of labels to answer", f"{reviews.overdue_labels} overdue"),
        ("Sources to look at again", f"{reviews.overdue_sources} overdue"),
        ("Labels followed", _labels_text(label_knowledge())),
        *((f"Label {label.set_id} fails", label.error) for label in failing_labels(_MOST_LABELS)),
        *(
            (
                f"Cache {node.node}",
                f"{node.sent} purges accepted in seven days, {node.waiting.count} wait, "
                f"{node.never_accepted} never accepted",
            )
            for node in service_statistics.purge_statistics()
        ),
        *(
            (f"Room in {name}", f"{service_statistics.free_bytes(folder) / (1 << 30):.1f} GB")
            for name, folder in service_statistics.written_folders()
        ),
    ]


def _labels_text(known: LabelKnowledge) -> str:
    """Return how old the knowledge of the labels is."""
    parts = [str(known.followed)]
    if known.newest and known.oldest:
        parts += [
            f"last complete answer {elapsed_text(known.newest)} ago",
            f"the oldest {elapsed_text(known.oldest)} ago",
        ]
    if known.failing_since:
        parts.append(f"{known.failing} failing, the first for {elapsed_text(known.failing_since)}")
    if known.never:
        parts.append(f"{known.never} never answered")
    if known.gone:
        parts.append(f"{known.gone} no longer published")
    return ", ".join(parts)
