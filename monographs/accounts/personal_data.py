"""Which tables hold data about people, how a person's rows are found, and what an erasure does with them.

``docs/privacy.md`` says the same for people, with the reasons; a test compares both with the columns of the
database.
"""

from enum import StrEnum
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import Model, Q, QuerySet


class Fate(StrEnum):
    """What an erasure does with the rows of a table."""

    KEPT = "kept"  # the record, or working data that names the account by its number
    DELETED = "deleted"
    PSEUDONYM = "pseudonym"  # the account itself
    NOBODYS = "nobody's"  # of readers or addresses, not found by an account


class PersonalTable(NamedTuple):
    """The columns with data about people, and those by which an account's rows are found."""

    columns: tuple[str, ...]
    fate: Fate
    by_account: tuple[str, ...] = ()
    by_name: tuple[str, ...] = ()


def _table(columns: str, fate: Fate, by_account: str | None = None, by_name: str = "") -> PersonalTable:
    """A table; its rows are found by ``by_account``, by default by all of ``columns``."""
    names = tuple(columns.split())
    return PersonalTable(
        names, fate, names if by_account is None else tuple(by_account.split()), tuple(by_name.split())
    )


_OWNED_AND_LOCKED = _table("owner locked_by", Fate.KEPT)

PERSONAL_TABLES: dict[str, PersonalTable] = {
    # The account, and what is only for signing in
    "auth.User": _table("username first_name last_name email", Fate.PSEUDONYM, "pk"),
    "auth.User_groups": _table("user", Fate.DELETED),
    "auth.User_user_permissions": _table("user", Fate.DELETED),
    "otp_totp.TOTPDevice": _table("user", Fate.DELETED),
    "otp_static.StaticDevice": _table("user", Fate.DELETED),
    "accounts.DeviceFailure": _table("user", Fate.DELETED),
    "accounts.SigningHold": _table(
        "user actor_id actor_name confirmer_id confirmer_name", Fate.KEPT, "user actor_id confirmer_id"
    ),
    "accounts.PasswordLinkRequest": _table("key", Fate.NOBODYS, ""),
    "axes.AccessAttempt": _table("username ip_address user_agent", Fate.DELETED, "", "username"),
    "axes.AccessLog": _table("username ip_address user_agent", Fate.DELETED, "", "username"),
    "axes.AccessFailureLog": _table("username ip_address user_agent", Fate.DELETED, "", "username"),
    "sessions.Session": _table("session_data", Fate.DELETED, ""),
    # What the admin keeps for its own comfort
    "wagtailusers.UserProfile": _table("user", Fate.DELETED),
    "wagtailadmin.EditingSession": _table("user", Fate.DELETED),
    "wagtailadmin.FormState": _table("user", Fate.DELETED),
    "wagtailcore.PageSubscription": _table("user", Fate.DELETED),
    "wagtailcore.UploadedFile": _table("uploaded_by_user", Fate.DELETED),
    "review.Notice": _table("user", Fate.DELETED),
    "review.NoticePreference": _table("user", Fate.DELETED),
    # The record: what patients rely on, and who answered for it
    "editions.Edition": _table("contributors reviewers", Fate.KEPT, ""),
    "editions.Signature": _table("user_id username name credentials", Fate.KEPT, "user_id", "username"),
    "editions.Contribution": _table("user_id username name", Fate.KEPT, "user_id", "username"),
    "editions.Retraction": _table("user_id username", Fate.KEPT, "user_id", "username"),
    "editions.LedgerEntry": _table("body", Fate.KEPT, ""),
    # Who drafted, reviewed and decided
    "review.DraftAuthorship": _table("savers people", Fate.KEPT, ""),
    "review.Submission": _table(
        "submitted_by submitter reviewers closer", Fate.KEPT, "submitted_by reviewers"
    ),
    "review.Submission_reviewers": _table("user", Fate.KEPT),
    "review.Note": _table("author author_record closer", Fate.KEPT, "author"),
    "review.NoteReply": _table("author author_record", Fate.KEPT, "author"),
    "review.ReviewerProfile": _table("user credentials confirmations", Fate.DELETED, "user"),
    "review.Credential": _table("confirmations", Fate.KEPT, ""),
    "review.SectionRead": _table("user", Fate.KEPT),
    "review.Tick": _table("user", Fate.KEPT),
    "review.SubmissionView": _table("user", Fate.KEPT),
    "review.RetirementProposal": _table("proposed_by proposer closer", Fate.KEPT, "proposed_by"),
    "review.WorkflowChange": _table("proposed_by proposer decider", Fate.KEPT, "proposed_by"),
    "rules.Overrule": _table("by person withdrawn_by", Fate.KEPT, "by"),
    "imports.ImportedText": _table("user by dismissed_by", Fate.KEPT, "user"),
    "wagtailcore.Revision": _table("user", Fate.KEPT),
    "wagtailcore.PageLogEntry": _table("user", Fate.KEPT),
    "wagtailcore.ModelLogEntry": _table("user", Fate.KEPT),
    "wagtailcore.WorkflowState": _table("requested_by", Fate.KEPT),
    "wagtailcore.TaskState": _table("finished_by", Fate.KEPT),
    "wagtailcore.Comment": _table("user resolved_by", Fate.KEPT),
    "wagtailcore.CommentReply": _table("user", Fate.KEPT),
    "wagtailcore.Page": _OWNED_AND_LOCKED,
    "wagtailimages.Image": _table("uploaded_by_user", Fate.KEPT),
    "wagtaildocs.Document": _table("uploaded_by_user", Fate.KEPT),
    # Of readers
    "feedback.Feedback": _table("words", Fate.NOBODYS, ""),
}


def rows_of(user: User, label: str) -> QuerySet[Model]:
    """The rows of a table that are about an account."""
    table = PERSONAL_TABLES[label]
    model: Any = apps.get_model(label)
    about = Q(pk__in=[])
    for column in table.by_account:
        about |= Q(**{column: user.pk})
    for column in table.by_name:
        about |= Q(**{column: user.get_username()})
    rows: QuerySet[Model] = model._default_manager.filter(about).order_by("pk").distinct()
    return rows


def tables_with(*fates: Fate) -> list[str]:
    """The tables with one of ``fates``."""
    return [label for label, table in PERSONAL_TABLES.items() if table.fate in fates]
