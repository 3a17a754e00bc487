"""Which tables hold data about people, how a person's rows are found, and what an erasure does with them.

``docs/privacy.md`` says the same for people, with the reasons; a test compares both with the columns of the
database.
"""

from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import BooleanField, Func, Model, Q, QuerySet, Value


class Erasure(StrEnum):
    """What an erasure does with the rows of a table."""

    KEPT = "kept"  # the record, or working data that names the account by its number
    DELETED = "deleted"
    PSEUDONYM = "pseudonym"  # the account itself
    NOBODYS = "nobody's"  # of readers or addresses, not found by an account


class PersonalTable(NamedTuple):
    """The columns with data about people, and those by which an account's rows are found."""

    columns: tuple[str, ...]
    erasure: Erasure
    by_account: tuple[str, ...] = ()
    by_name: tuple[str, ...] = ()
    #: JSON with people in it. An erasure deletes no row by it: such rows are about others as well.
    by_value: tuple[str, ...] = ()


def _table(
    columns: str, erasure: Erasure, by_account: str | None = None, by_name: str = "", by_value: str = ""
) -> PersonalTable:
    """A table; its rows are found by ``by_account``, by default by all of ``columns``."""
    names = tuple(columns.split())
    found = names if by_account is None else tuple(by_account.split())
    return PersonalTable(names, erasure, found, tuple(by_name.split()), tuple(by_value.split()))


_CITATION = _table("person removed_by", Erasure.KEPT, "", by_value="person removed_by")
_OWNED_AND_LOCKED = _table("owner locked_by", Erasure.KEPT)

PERSONAL_TABLES: dict[str, PersonalTable] = {
    # The account, and what is only for signing in
    "auth.User": _table("username first_name last_name email", Erasure.PSEUDONYM, "pk"),
    "auth.User_groups": _table("user", Erasure.DELETED),
    "auth.User_user_permissions": _table("user", Erasure.DELETED),
    "otp_totp.TOTPDevice": _table("user", Erasure.DELETED),
    "otp_static.StaticDevice": _table("user", Erasure.DELETED),
    "accounts.DeviceFailure": _table("user", Erasure.DELETED),
    "accounts.SigningHold": _table(
        "user actor_id actor_name confirmer_id confirmer_name", Erasure.KEPT, "user actor_id confirmer_id"
    ),
    "accounts.CalendarFeed": _table("user", Erasure.DELETED),
    "accounts.PasswordLinkRequest": _table("key", Erasure.NOBODYS, ""),
    "axes.AccessAttempt": _table("username ip_address user_agent", Erasure.DELETED, "", "username"),
    "axes.AccessLog": _table("username ip_address user_agent", Erasure.DELETED, "", "username"),
    "axes.AccessFailureLog": _table("username ip_address user_agent", Erasure.DELETED, "", "username"),
    "sessions.Session": _table("session_data", Erasure.DELETED, ""),
    # What the admin keeps for its own comfort
    "wagtailusers.UserProfile": _table("user", Erasure.DELETED),
    "wagtailadmin.EditingSession": _table("user", Erasure.DELETED),
    "wagtailadmin.FormState": _table("user", Erasure.DELETED),
    "wagtailcore.PageSubscription": _table("user", Erasure.DELETED),
    "wagtailcore.UploadedFile": _table("uploaded_by_user", Erasure.DELETED),
    "review.Notice": _table("user", Erasure.DELETED),
    "review.NoticePreference": _table("user", Erasure.DELETED),
    "review.Absence": _table("user delegate", Erasure.DELETED),
    # The record: what patients rely on, and who answered for it
    "editions.Edition": _table("contributors reviewers", Erasure.KEPT, "", by_value="contributors"),
    "editions.Signature": _table(
        "user_id username sign_in_keys name credentials field statement", Erasure.KEPT, "user_id", "username"
    ),
    "editions.Contribution": _table(
        "user_id username sign_in_keys name", Erasure.KEPT, "user_id", "username"
    ),
    "editions.Retraction": _table("user_id username", Erasure.KEPT, "user_id", "username"),
    "editions.ConflictOfInterest": _table(
        "user_id username sign_in_keys name reason by_id by_username by_name",
        Erasure.KEPT,
        "user_id by_id",
        "username",
    ),
    "editions.ConflictEnd": _table("by_id by_username by_sign_in_keys by_name", Erasure.KEPT, "by_id"),
    "editions.LedgerEntry": _table("body", Erasure.KEPT, ""),
    # Who drafted, reviewed and decided
    "review.DraftAuthorship": _table("savers people", Erasure.KEPT, ""),
    "review.Submission": _table(
        "submitted_by submitter reviewers closer",
        Erasure.KEPT,
        "submitted_by reviewers",
        by_value="submitter closer",
    ),
    "review.Submission_reviewers": _table("user", Erasure.KEPT),
    "review.Note": _table("author author_record closer outsider", Erasure.KEPT, "author", by_value="closer"),
    "review.NoteReply": _table("author author_record", Erasure.KEPT, "author"),
    "review.SetAsideDraft": _table(
        "by setter closer contributors unfollowed",
        Erasure.KEPT,
        "by",
        by_value="closer contributors unfollowed",
    ),
    "review.Suggestion": _table(
        "author author_record answerer outsider", Erasure.KEPT, "author", by_value="answerer"
    ),
    "review.SuggestionExemption": _table("by", Erasure.KEPT, "", by_value="by"),
    "review.OutsideLink": _table(
        "expert made_by maker signer vouchers", Erasure.KEPT, "made_by signer", by_value="vouchers"
    ),
    "review.OutsideVisit": _table("link", Erasure.KEPT, "link__signer"),
    "review.SigningCode": _table("address", Erasure.NOBODYS, ""),
    "review.ReviewerProfile": _table(
        "user credentials field confirmations", Erasure.DELETED, "user", by_value="confirmations"
    ),
    "review.Credential": _table("confirmations", Erasure.KEPT, "", by_value="confirmations"),
    "review.SectionRead": _table("user", Erasure.KEPT),
    "review.Tick": _table("user", Erasure.KEPT),
    "review.SubmissionView": _table("user", Erasure.KEPT),
    "review.RetirementProposal": _table(
        "proposed_by proposer closer", Erasure.KEPT, "proposed_by", by_value="closer"
    ),
    "review.ReviewBundle": _table("created_by creator", Erasure.KEPT, "created_by"),
    "review.ReviewClaim": _table("user", Erasure.DELETED),
    "review.ReviewAssignment": _table("reviewer", Erasure.DELETED),
    "review.SentenceRequest": _table("asked_by asker", Erasure.KEPT, "asked_by"),
    "review.WorkflowChange": _table(
        "proposed_by proposer decider", Erasure.KEPT, "proposed_by", by_value="decider"
    ),
    "rules.DictionaryWord": _table("by person", Erasure.KEPT, "by"),
    "rules.Overrule": _table("by person withdrawn_by", Erasure.KEPT, "by", by_value="withdrawn_by"),
    "label_watch.Citation": _CITATION,
    "source_library.SourceCitation": _CITATION,
    "source_library.SourceChange": _table("person authors", Erasure.KEPT, "", by_value="person authors"),
    "source_library.SourceTask": _table("answerer", Erasure.KEPT, "", by_value="answerer"),
    "imports.ImportedText": _table("user by dismissed_by", Erasure.KEPT, "user"),
    "wagtailcore.Revision": _table("user", Erasure.KEPT),
    "wagtailcore.PageLogEntry": _table("user", Erasure.KEPT),
    "wagtailcore.ModelLogEntry": _table("user", Erasure.KEPT),
    "wagtailcore.WorkflowState": _table("requested_by", Erasure.KEPT),
    "wagtailcore.TaskState": _table("finished_by", Erasure.KEPT),
    "wagtailcore.Comment": _table("user resolved_by", Erasure.KEPT),
    "wagtailcore.CommentReply": _table("user", Erasure.KEPT),
    "wagtailcore.Page": _OWNED_AND_LOCKED,
    "wagtailimages.Image": _table("uploaded_by_user", Erasure.KEPT),
    "wagtaildocs.Document": _table("uploaded_by_user", Erasure.KEPT),
    # Of readers
    "feedback.Feedback": _table("words", Erasure.NOBODYS, ""),
}


class _Names(Func):
    """Whether JSON has what a path finds."""

    template = "jsonb_path_exists(%(expressions)s::jsonpath)"
    output_field = BooleanField()


def rows_of(user: User, label: str) -> QuerySet[Model]:
    """The rows of a table that are about an account, or name it by value."""
    named = (
        Q(_Names(name, Value(f"$.**.id ? (@ == {user.pk})"))) for name in PERSONAL_TABLES[label].by_value
    )
    return _rows(user, label, *named)


def own_rows_of(user: User, label: str) -> QuerySet[Model]:
    """The rows of a table that are about an account, which an erasure may delete."""
    return _rows(user, label)


def _rows(user: User, label: str, *named: Q) -> QuerySet[Model]:
    table = PERSONAL_TABLES[label]
    model: Any = apps.get_model(label)
    about = reduce(or_, named, Q(pk__in=[]))
    for column in table.by_account:
        about |= Q(**{column: user.pk})
    for column in table.by_name:
        about |= Q(**{column: user.get_username()})
    rows: QuerySet[Model] = model._default_manager.filter(about).order_by("pk").distinct()
    return rows


def tables_with(*outcomes: Erasure) -> list[str]:
    """The tables with one of ``outcomes``."""
    return [label for label, table in PERSONAL_TABLES.items() if table.erasure in outcomes]
