"""A Word file that comes back from an outside expert: what it proposes and notes, taken over one by one."""

import zlib
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.admin import messages

from monographs.core.users import authenticated_user
from monographs.imports.errors import ImportRefused
from monographs.imports.read_files import sentence
from monographs.imports.signed_state import MAX_AGE, MAX_CHARACTERS
from monographs.imports.word.zip_package import Parts
from monographs.imports.word_return import ReturnedFile, ReturnedText, match, parts_of, read_returned
from monographs.pages.refusals import PolicyError
from monographs.presentation.word_file.word_content import PROPERTY_KEY, PROPERTY_SHA256
from monographs.review.forms import WordReturnForm
from monographs.review.models import Suggestion
from monographs.review.notes import notes_of
from monographs.review.outside_remarks import (
    OutsideRemark,
    remarks_of,
    take_over_note,
    take_over_suggestion,
    with_suggestions,
)
from monographs.review.policies import note_policy
from monographs.review.policy import Verdict
from monographs.review.publication.page_sync import page_of
from monographs.review.screens.compare import CompareBase
from monographs.review.screens.versions import NOTHING, UnreadableDraft, Version

#: Before the identifier of a remark that is taken over as a suggestion, not as a note.
_AS_SUGGESTION = "suggestion-"
_SALT = "monographs.review.word_return"
#: A person has to look at each of them.
MAX_REMARKS = 1_000
_TOO_MANY = f"this file differs from the page in more than {MAX_REMARKS:,} places; check which page it is of"
_DAMAGED = "this comparison is damaged or too old; choose the file again"


class WordReturnView(CompareBase):
    """Upload a marked-up Word file of a page; see what it proposes; take remarks over.

    A change of words becomes a suggestion or a note, anything else a note. Nothing else is stored: the file
    itself travels in a signed field of the form.
    """

    template_name = "review/word_return.html"
    header_icon = "upload"
    status = 200

    def get_page_title(self) -> str:
        return f"Word file from outside: {self.versions.title}"

    def own_breadcrumb(self) -> str:
        return str(self.versions.title)

    def get(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Show the form for a file."""
        self._verdict(authenticated_user(request)).enforce()
        return self._show(WordReturnForm())

    def post(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Read a file, or take over a remark of the one that was read."""
        user = authenticated_user(request)
        self._verdict(user).enforce()
        form = WordReturnForm(request.POST, request.FILES)
        try:
            if "take" in request.POST:
                name, parts = self._read_state(request.POST.get("state", ""), user)
            elif not form.is_valid():
                return self._show(form, status=400)
            else:
                upload = form.cleaned_data["file"]
                name, parts = upload.name, parts_of(upload.read())
            found = read_returned(parts)
            version = self._version_of(found)
            state = self._sign_state(name, parts, user)
            text = match(version.document, found)
            if len(text.changes) + len(text.comments) > MAX_REMARKS:
                raise ImportRefused(_TOO_MANY)
        except ImportRefused as refusal:
            refused = WordReturnForm(request.POST, request.FILES)
            refused.full_clean()
            refused.errors.pop("file", None)
            refused.add_error("file", sentence(str(refusal)))
            return self._show(refused, status=400)
        if "take" in request.POST:
            self._take(user, self._remarks(found, text), request.POST["take"])
        return self._show_result(form, name, state, version, found, text)

    def _verdict(self, user: User) -> Verdict:
        return note_policy.can_take_over_note(note_policy.note_facts(user, self.key))

    def _remarks(self, found: ReturnedFile, text: ReturnedText) -> list[OutsideRemark]:
        remarks = remarks_of(found, text, notes_of(self.key))
        return with_suggestions(remarks, page_of(self.key), Suggestion.objects.filter(key=self.key))

    def _take(self, user: User, remarks: list[OutsideRemark], wanted: str) -> None:
        suggests, identifier = wanted.startswith(_AS_SUGGESTION), wanted.removeprefix(_AS_SUGGESTION)
        remark = next((each for each in remarks if each.id == identifier), None)
        if remark is None:
            messages.error(self.request, "This remark is no longer in the comparison. Nothing was stored.")
            self.status = 400
            return
        try:
            if suggests:
                take_over_suggestion(user, self.key, remark)
            else:
                take_over_note(user, self.key, remark)
        except PolicyError as refusal:
            messages.error(self.request, refusal.message)
            self.status = 403
            return
        taken = "suggestion" if suggests else "note"
        messages.success(self.request, f"Taken over as a {taken}. The text itself did not change.")

    def _show(self, form: WordReturnForm, *, status: int = 200, **more: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, key=self.key, **more), status=status)

    def _show_result(
        self,
        form: WordReturnForm,
        name: str,
        state: str,
        version: Version,
        found: ReturnedFile,
        text: ReturnedText,
    ) -> HttpResponse:
        remarks = self._remarks(found, text)
        changes = [remark for remark in remarks if remark.line]
        return self._show(
            WordReturnForm(),
            status=self.status,
            file_name=name,
            state=state,
            version=version,
            is_known=found.properties.get(PROPERTY_SHA256) == version.sha256,
            changes=changes,
            comments=[remark for remark in remarks if not remark.line],
            labels=text.labels,
            objects=text.objects,
            by_words=text.by_words,
            links=self.links(version),
            figures=version.figures,
            review=reverse("review:compare", args=[self.key, NOTHING, version.name]),
        )

    def _version_of(self, found: ReturnedFile) -> Version:
        """Return the version that a file was made of; without a word about it in the file, the newest.

        Raises ``ImportRefused`` for the file of another page, and when there is no version to compare with.
        """
        key, sha256 = found.properties.get(PROPERTY_KEY, ""), found.properties.get(PROPERTY_SHA256, "")
        if key and key != str(self.key):
            raise ImportRefused(
                f"this file was made of another page than “{self.versions.title}”; choose its own file"
            )
        try:
            version = self.versions.with_hash(sha256) or self.versions.get(self.versions.default_pair()[1])
        except UnreadableDraft as error:
            raise ImportRefused(str(error)) from error
        if version is None:
            raise ImportRefused("there is no text of this page yet with which it could be compared")
        return version

    def _sign_state(self, name: str, parts: Parts, user: User) -> str:
        content = {part: data.decode("latin-1") for part, data in parts.items()}
        state = signing.dumps([user.pk, str(self.key), name, content], salt=_SALT, compress=True)
        if len(state) > MAX_CHARACTERS:
            raise ImportRefused(
                "the text of this file is too large to be compared; remove what is not the page"
            )
        return state

    def _read_state(self, state: str, user: User) -> tuple[str, Parts]:
        try:
            pk, key, name, content = signing.loads(state, salt=_SALT, max_age=MAX_AGE)
        except (signing.BadSignature, ValueError, zlib.error) as error:
            raise ImportRefused(_DAMAGED) from error
        if (pk, key) != (user.pk, str(self.key)):
            raise ImportRefused(_DAMAGED)
        return name, {part: data.encode("latin-1") for part, data in content.items()}
