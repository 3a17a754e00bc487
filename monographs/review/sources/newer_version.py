"""Adding the newer version of a source: the form begins with what both have in common."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import Truncator
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.snippets.views.snippets import CreateView

from monographs.core.posted_keys import posted_key
from monographs.core.users import authenticated_user
from monographs.label_watch.models import LabelVersion
from monographs.presentation.moments import long_day_text
from monographs.review.sources.adoption_view import ADD
from monographs.review.sources.source_form import SOURCE_PAGE
from monographs.rules.source_faults import SourceFaultKind, source_faults
from monographs.source_library.models import LibrarySource, with_version

#: Parameter of the form's address: the primary key of the source whose newer version is added.
NEWER_OF = "newer_of"
CHANGE = "source_library.change_librarysource"
_COPIED = ("kind", "title", "publisher", "address", "scheme", "identifier")


def newer_version_url(user: User, source: LibrarySource) -> str:
    """Return where ``user`` adds the newer version of ``source``; empty if there is one, or they may not."""
    if source.superseded_by_id or not user.has_perm(ADD):
        return ""
    return f"{reverse('source_library:add')}?{NEWER_OF}={source.pk}"


def newer_version(older: LibrarySource) -> LibrarySource:
    """Return a source to be stored that says what ``older`` says, with the version that its label has now."""
    newer = LibrarySource(**{name: getattr(older, name) for name in _COPIED})
    faults = {fault.kind: fault for fault in source_faults([older])[older.pk]}
    known = faults.get(SourceFaultKind.NEWER_LABEL)
    if known:
        newer.version = known.detail
        stored = LabelVersion.objects.filter(set_id=older.identifier, version=int(newer.version))
        newer.published_on = stored.values_list("effective", flat=True).first()
        newer.title = with_version(older.title, older.version, newer.version)
    if day := _day_in_title(older):
        newer.title = newer.title.replace(day, _day_in_title(newer))
    return newer


def _day_in_title(source: LibrarySource) -> str:
    """Return the date of a source as titles of labels end with it; empty for none."""
    return f", {long_day_text(source.published_on)}" if source.published_on else ""


class SourceAddView(CreateView):
    """Adding a source, also as the newer version of another one, which it then supersedes.

    Who may not change sources adds it only, and an editor says that it supersedes the other.
    """

    older: LibrarySource | None = None
    #: Whether the older one was superseded by what was stored.
    supersedes = False

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        named = request.GET.get(NEWER_OF, "")
        if named:
            self.older = LibrarySource.objects.filter(pk=posted_key(named)).first()
            if self.older is None:
                raise Http404("There is no such source.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the form."""
        return self._refused(request) or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Add it."""
        return self._refused(request) or super().post(request, *args, **kwargs)

    def _refused(self, request: HttpRequest) -> HttpResponseBase | None:
        """Refuse a second newer version of one source."""
        if self.older is None or not self.older.superseded_by_id:
            return None
        messages.error(request, f"“{self.older}” is superseded already: see below by what.")
        return redirect(SOURCE_PAGE, self.older.pk)

    def get_page_subtitle(self) -> str:
        return (
            f"Newer version of {Truncator(self.older.title).chars(60)}"
            if self.older
            else str(super().get_page_subtitle())
        )

    def get_add_url(self) -> str:
        url = str(super().get_add_url())
        return f"{url}?{NEWER_OF}={self.older.pk}" if self.older else url

    def get_initial_form_instance(self) -> Any:
        return newer_version(self.older) if self.older else super().get_initial_form_instance()

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(*args, **kwargs)
        form.newer_of = self.older
        return form

    def save_instance(self) -> LibrarySource:
        """Store it, and that the older one is superseded, in one transaction."""
        with transaction.atomic():
            source: LibrarySource = super().save_instance()
            if self.older and authenticated_user(self.request).has_perm(CHANGE):
                self.supersedes = _supersede(self.older, source)
        return source

    def get_success_message(self, instance: LibrarySource) -> str:
        if self.older is None:
            return str(super().get_success_message(instance))
        if self.supersedes:
            return (
                f"Added, and it supersedes “{self.older}”. Each page that patients read with that has a task."
            )
        return f"Added: “{instance}”. Choose it in the draft. An editor says what it supersedes."

    def get_success_url(self) -> str:
        return reverse(SOURCE_PAGE, args=[self.older.pk]) if self.older else str(super().get_success_url())


def _supersede(older: LibrarySource, newer: LibrarySource) -> bool:
    """Store that ``newer`` supersedes ``older``; return whether, because somebody may have been faster."""
    now = LibrarySource.objects.select_for_update().filter(pk=older.pk, superseded_by=None).first()
    if now is None:
        return False
    now.superseded_by = newer
    now.save()
    log(instance=now, action="wagtail.edit", content_changed=True)
    return True
