"""Links by which an outside expert reads one submission and leaves notes, and what was done with them.

A link with a ``signer`` is an invitation to sign as well.
"""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from monographs.editions.person import Person
from monographs.review.models.submission import Submission

#: What a note by an outside expert has in place of credentials: the text that marks it.
OUTSIDE_EXPERT = "outside expert"
#: How a refused access begins, as it is stored and as editors read it.
REFUSED = "refused: "


class VisitKind(models.TextChoices):
    """The kind of an access by a link; the label is shown to editors."""

    READ = "read", "read the text"
    FIGURE = "figure", "looked at a picture"
    NOTE = "note", "left a note"
    CODE_SENT = "code sent", "asked for a code"
    SIGNED = "signed", "signed the text"
    RETURNED = "returned", "returned the text"
    #: An act of an invited expert that a rule forbids; the ledger has the rule.
    REFUSED_ACT = "refused act", f"{REFUSED}what they tried is not allowed, or the code was not right"
    EXPIRED = "refused: expired", f"{REFUSED}its time is over"
    REVOKED = "refused: revoked", f"{REFUSED}an editor ended it"
    MAKER_LEFT = "refused: maker_left", f"{REFUSED}whoever made it has left"
    CLOSED = "refused: closed", f"{REFUSED}the review is over"
    TOO_MANY = "refused: too_many", f"{REFUSED}it was used too often within a minute"

    @property
    def why(self) -> str:
        """The reason of a refused access: the label without “refused”."""
        return str(self.label).removeprefix(REFUSED)


class OutsideLink(models.Model):
    """A link to one submission for an expert who does not sign in; only the hash of its key is stored.

    With a ``signer`` it invites them to sign at ``step``; ``vouchers`` are, by value, those who answer for
    who they are: who recorded them, who confirmed it, and who made the link. ``email_failed`` if the mail
    server did not take the invitation. It ends at ``expires_at``, when it is revoked, and with the review.
    ``reads`` counts requests since ``counted_from``, for the limit.
    """

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="outside_links")
    expert = models.CharField(max_length=200)
    key_sha256 = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    maker = models.JSONField()
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="invitations_to_sign"
    )
    step = models.CharField(max_length=255, default="", db_default="")
    vouchers = models.JSONField(null=True)
    email_failed = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    counted_from = models.DateTimeField(db_default=Now())
    reads = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.expert} reads {self.submission}"

    @property
    def person(self) -> Person:
        """The expert by value, marked as from outside; nobody's account, unless they may sign."""
        return Person(
            id=self.signer.pk if self.signer else None,
            username=self.signer.get_username() if self.signer else "",
            name=self.expert,
            field=OUTSIDE_EXPERT,
        )

    @property
    def maker_person(self) -> Person:
        """Who made the link, by value."""
        return Person(**self.maker)


class OutsideVisit(models.Model):
    """One access by a link."""

    link = models.ForeignKey(OutsideLink, on_delete=models.CASCADE, related_name="visits")
    at = models.DateTimeField(db_default=Now())
    #: A value of ``VisitKind``.
    what = models.CharField(max_length=40)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["link", "-id"], name="outside_visit_link")]

    def __str__(self) -> str:
        return f"{self.what}, {self.at}"

    @property
    def text(self) -> str:
        """The access in words, for editors."""
        return str(VisitKind(self.what).label)


class SigningCode(models.Model):
    """A code that was sent to the recorded address of the signer of a link; only its keyed hash is stored.

    It counts for the text with ``text_sha256``, in the session of ``session_sha256`` that asked for it, until
    ``expires_at``, and once. ``address`` is a keyed hash of where it was sent.
    """

    link = models.ForeignKey(OutsideLink, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)
    session_sha256 = models.CharField(max_length=64)
    text_sha256 = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    sent_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["address", "sent_at"], name="signing_code_address")]

    def __str__(self) -> str:
        return f"code for {self.link.expert}, {self.sent_at}"
