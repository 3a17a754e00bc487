"""Settings of groups, signatures that wait after a change of sign-in facts, and counted sign-in attempts."""

from django.contrib.auth.models import Group, User
from django.db import models
from django.db.models.functions import Now

from monographs.accounts.hold_triggers import HOLD_CONFIRMED, HOLD_REMAINS, HOLD_STAYS


class GroupSecondFactor(models.Model):
    """Whether members of a group must have a second factor. Without a row they need none."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="second_factor")
    required = models.BooleanField(default=False)

    class Meta:
        verbose_name = "second factor of a group"
        verbose_name_plural = "second factors of groups"

    def __str__(self) -> str:
        return f"{self.group}: second factor {'required' if self.required else 'optional'}"


class HoldReason(models.TextChoices):
    """Why an account must not sign for a while; the values are stored."""

    EMAIL = "email", "The email address was changed."
    PASSWORD = "password", "The password was set by somebody else."
    LINK = "link", "The password was chosen by a link that was sent by email."
    SECOND_FACTOR = "second_factor", "The second factor was removed by somebody else."


class SigningHold(models.Model):
    """A change of an account's sign-in facts after which the account must not sign for a while.

    ``since`` and ``until`` are the database's time; without ``until`` only a second person's confirmation
    ends it. Who made the change and who confirmed it are stored by value.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="signing_holds")
    reason = models.CharField(max_length=20, choices=HoldReason.choices)
    since = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(null=True)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=300)
    #: When the owner replaced a password that somebody else had set, by a link sent to their address.
    replaced_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmer_id = models.BigIntegerField(null=True)
    confirmer_name = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["user"], name="unconfirmed_hold", condition=models.Q(confirmed_at=None))
        ]
        triggers = [HOLD_STAYS, HOLD_CONFIRMED, HOLD_REMAINS]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_reason_display()}"

    @property
    def needs_own_password(self) -> bool:
        """Whether the owner must first choose a password of their own."""
        return self.reason == HoldReason.PASSWORD and self.replaced_at is None


class PasswordLinkRequest(models.Model):
    """A request for a link to choose a password, counted for its limits and deleted after a day.

    ``key`` is a network, or a keyed hash of the email address that was entered, whether or not an account
    has it.
    """

    key = models.CharField(max_length=80)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="link_request_key")]

    def __str__(self) -> str:
        return f"{self.key} {self.at}"


class DeviceFailure(models.Model):
    """A failed attempt from a known device, which is counted by itself."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    device = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["device", "at"], name="device_failure")]

    def __str__(self) -> str:
        return f"{self.device} {self.at}"


class CalendarFeed(models.Model):
    """The secret address at which a person's calendar program reads their dates; one to a person.

    Only the hash of the key in it is stored. ``reads`` counts those since ``counted_from``, for the limit.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_feed")
    key_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)
    counted_from = models.DateTimeField(db_default=Now())
    reads = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"calendar feed of {self.user}"
