"""The forms of the review screens."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest

from monographs.accounts.actors import person_of
from monographs.accounts.forms import code_field
from monographs.accounts.identity import has_second_factor
from monographs.core.db_clock import database_now, database_today
from monographs.editions.models import ReviewKind
from monographs.editions.withdrawal_reasons import REASON_TEXTS, RETIREMENT_REASONS
from monographs.pages.refusals import PolicyError, Rule
from monographs.presentation.moment_field import MomentField
from monographs.presentation.moments import long_moment_text, site_zone_name
from monographs.review.actions.signed_action import Signing
from monographs.review.delegates import absences_today, away_text


class SubmitForm(forms.Form):
    """What reviewers need to know about a submission: the kind of review, the reason, reviewers and dates."""

    review_kind = forms.ChoiceField(
        label="What kind of review is this?",
        choices=[
            (ReviewKind.FULL_REVIEW, "Full review: the whole text is read and checked again"),
            (ReviewKind.CORRECTION, "Correction: only what changed is checked"),
        ],
        initial=ReviewKind.FULL_REVIEW,
        widget=forms.RadioSelect,
        help_text=(
            "A correction fixes typing errors, links and wording. It does not move the date of the last "
            "review that patients see."
        ),
    )
    change_note = forms.CharField(
        label="What changed?",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="For patients, in a sentence: what is different from the edition before.",
    )
    reason = forms.CharField(
        label="Why was the change made?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "data-mentions-here": ""}),
        help_text="Reviewers read this first. Name the source, e.g. the new version of the label.",
    )
    nothing_to_change = forms.BooleanField(
        label="Reviewed, nothing to change",
        required=False,
        help_text="The draft says exactly what patients read. Tick this to have it signed again as it is.",
    )

    reviewers = forms.MultipleChoiceField(
        label="Who should review it?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="They are asked by name. Other reviewers can still sign it.",
    )
    due_on = forms.DateField(
        label="Review by (UTC)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Optional. It can still be signed after that day.",
    )
    publish_at = MomentField(
        label="Publish on (UTC)",
        required=False,
        help_text="Leave it empty to publish as soon as it is signed. The page is locked until then.",
    )

    def __init__(
        self,
        *args: Any,
        candidates: Sequence[User] = (),
        unchanged: bool = False,
        first: bool = False,
        note_problem: Callable[[str], str] = lambda note: "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._note_problem = note_problem
        # A text that says what patients read has no note of its own
        del self.fields["change_note" if unchanged else "nothing_to_change"]
        if first:
            # A first edition needs a full review; who posts another kind is refused by the action
            self.fields["review_kind"].widget = forms.HiddenInput()
        self.candidates = {str(user.pk): user for user in candidates}
        away = absences_today() if candidates else {}
        self.fields["reviewers"].choices = [  # type: ignore[attr-defined]  # a choice field has them
            (
                pk,
                f"{person_of(user)} ({away_text(away[user.pk])})"
                if user.pk in away
                else str(person_of(user)),
            )
            for pk, user in self.candidates.items()
        ]
        if site_zone_name() != "UTC":
            self.fields["publish_at"].label = "Publish on"
        self.fields["due_on"].widget.attrs["min"] = database_today().isoformat()

    def clean_change_note(self) -> str | None:
        """Refuse a missing note, and that of the edition before; None if the field was not posted."""
        if self.add_prefix("change_note") not in self.data:
            return None
        note: str = self.cleaned_data["change_note"].strip()
        if problem := self._note_problem(note):
            raise forms.ValidationError(problem)
        return note

    def clean_reviewers(self) -> list[User]:
        """Return the accounts for the chosen primary keys."""
        return [self.candidates[pk] for pk in self.cleaned_data["reviewers"]]

    def clean_due_on(self) -> date | None:
        """Refuse a day in the past."""
        day: date | None = self.cleaned_data["due_on"]
        if day and day < database_today():
            raise forms.ValidationError(
                "This day has passed. Choose today or a later day, or leave it empty."
            )
        return day

    def clean_publish_at(self) -> datetime | None:
        """Refuse a moment in the past: it is most likely a typing error."""
        moment: datetime | None = self.cleaned_data["publish_at"]
        if moment and moment <= database_now():
            raise forms.ValidationError(
                f"This time has passed: it is {long_moment_text(database_now())} now. Choose a later one, or "
                "leave it empty."
            )
        return moment


class FocusedErrorForm(forms.Form):
    """A form that, shown again, has the cursor in its first field with an error: the page scrolls there."""

    def add_error(self, field: str | None, error: Any) -> None:
        super().add_error(field, error)
        visible = [name for name in self.errors if name in self.fields and not self[name].is_hidden]
        if visible and field == visible[0]:
            self.fields[field].widget.attrs["autofocus"] = True

    def add_refusal(self, refusal: PolicyError) -> bool:
        """Show a refused password or code at its field; return whether the refusal is about one."""
        field = "code" if refusal.rule in (Rule.WRONG_CODE, Rule.CODE_MISSING) else "password"
        if refusal.rule not in _PROOF_RULES or field not in self.fields:
            return False
        self.add_error(field, refusal.message)
        return True


_PROOF_RULES = (Rule.WRONG_PASSWORD, Rule.WRONG_CODE, Rule.CODE_MISSING, Rule.LOCKED)


class ConfirmForm(FocusedErrorForm):
    """The password of the user who signs, and a code if the account has a second factor."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="Entering it is your signature.",
    )
    code = code_field("Code from your authenticator app", "Or one of your recovery codes.", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_second_factor(user):
            del self.fields["code"]


class SignatureForm(ConfirmForm):
    """The password, and the hash of name and credentials that were on the screen (``signer_hash``).

    A program that signs without the screen can leave it out.
    """

    signer = forms.RegexField(r"^[0-9a-f]{64}$", required=False, widget=forms.HiddenInput)

    def signing(self, request: HttpRequest) -> Signing:
        """Return what the actions that are signed take of a valid form."""
        return {
            "password": self.cleaned_data["password"],
            "seen_signer": self.cleaned_data["signer"],
            "code": self.cleaned_data.get("code", ""),
            "request": request,
        }


class SignForm(SignatureForm):
    """The password, and the hash of the text that was on the screen."""

    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


class WithdrawForm(SignatureForm):
    """Why a page is withdrawn from patients."""

    cause = forms.ChoiceField(
        label="Why?",
        choices=[
            (cause.value, words.label)
            for cause, words in REASON_TEXTS.items()
            if cause not in RETIREMENT_REASONS
        ],
        widget=forms.RadioSelect,
        help_text="Patients read a prepared sentence for each, so that no unreviewed text reaches them.",
    )
    note = forms.CharField(
        label="What is wrong?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For writers and editors. Patients do not see it.",
    )
    field_order = ["cause", "note", "password", "code"]


class AnswerLabelForm(SignatureForm):
    """Why a page needs no change for the version of the label that was on the screen."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why does the page need no change?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For the record and for whoever looks at the next change. Patients do not see it.",
    )
    field_order = ["version", "reason", "password", "code"]


class SignSentenceForm(SignatureForm):
    """The signature of the prepared sentence, about the version of the label that was on the screen."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    field_order = ["version", "password", "code"]


class ProposeRetirementForm(FocusedErrorForm):
    """Why a page that had an edition is to be retired."""

    cause = forms.ChoiceField(
        label="Why?",
        choices=[(cause.value, REASON_TEXTS[cause].label) for cause in RETIREMENT_REASONS],
        widget=forms.RadioSelect,
        help_text="Patients read a prepared sentence for each, so that no unreviewed text reaches them.",
    )
    note = forms.CharField(
        label="What should the reviewer know?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For reviewers and editors. Patients do not see it.",
    )


class DeclineRetirementForm(FocusedErrorForm):
    """Why a page that was proposed to be retired is kept."""

    reason = forms.CharField(
        label="Why is the page kept?", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class ConfirmProposalForm(ConfirmForm):
    """The password, and the hash of the values that were on the screen."""

    sha256 = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = "In case you left a signed-in computer unattended."


class RestoreForm(FocusedErrorForm):
    """Which edition is restored, and why."""

    number = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why is it restored?", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class RecallForm(FocusedErrorForm):
    """Why a signed text is recalled before its publication date; a text in review needs no reason."""

    reason = forms.CharField(
        label="Why is it recalled?",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Those who signed it get it by email.",
    )


class ReturnForm(FocusedErrorForm):
    """Why a text is returned. ``notes`` is the number of open notes, which are sent along."""

    reason = forms.CharField(
        label="What must be fixed?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "data-mentions-here": ""}),
        help_text="Words of yours that a writer takes into the text count as yours: you cannot sign it then.",
    )

    def __init__(self, *args: Any, notes: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if notes:
            self.fields["reason"].help_text = (
                "The open notes are sent along, so this can be short. Words of yours that a writer takes "
                "into the text count as yours: you cannot sign it then."
            )
            self.fields["reason"].widget.attrs["rows"] = 2


class NoteForm(FocusedErrorForm):
    """A note on a section, or on the passage of it that is copied into ``quote``.

    ``prefix`` and ``suffix`` are the text around a selection; the browser fills them in.
    """

    section = forms.CharField(max_length=60, widget=forms.HiddenInput)
    body = forms.CharField(
        label="Your note",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Say what is wrong; @ and a sign-in name tells that person. "
        "Words of your note that a writer takes into the text count as yours, "
        "and you cannot sign it then.",
    )
    quote = forms.CharField(
        label="The passage it is about",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Select it in the text, or copy it here. Leave it empty for the whole section.",
    )
    # A form's own ``prefix`` is an attribute; Django takes the field out of the class first
    prefix = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)  # type: ignore[assignment]
    suffix = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    @classmethod
    def for_section(cls, anchor: str) -> "NoteForm":
        """Return an empty form for a section."""
        return cls(initial={"section": anchor}, auto_id=f"note-{anchor}-%s")


class WordReturnForm(FocusedErrorForm):
    """A Word file of the page that somebody outside marked up."""

    file = forms.FileField(
        label="Word file (.docx)",
        help_text="A file that was downloaded here. Changes may be tracked or not.",
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )


class NoteAnswerForm(forms.Form):
    """An action on a note, and the text of the answer that goes with it."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("answer", "resolve", "withdraw", "reopen")])
    body = forms.CharField(required=False)
