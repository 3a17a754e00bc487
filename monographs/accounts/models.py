"""Settings of groups."""

from django.contrib.auth.models import Group
from django.db import models


class GroupSecondFactor(models.Model):
    """Whether members of a group must have a second factor. Without a row they need none."""

    group = models.OneToOneField(Group, on_delete=models.CASCADE, related_name="second_factor")
    required = models.BooleanField(default=False)

    class Meta:
        verbose_name = "second factor of a group"
        verbose_name_plural = "second factors of groups"

    def __str__(self) -> str:
        return f"{self.group}: second factor {'required' if self.required else 'optional'}"
